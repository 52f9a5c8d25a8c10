import { assertEquals, assertStringIncludes } from "@std/assert";
import { explainFailure } from "@/tasks/setup/explain_failure.ts";

const step = "Installing the Python packages";

const causes: [string, string, string][] = [
  [
    "pip without a network",
    "WARNING: Retrying (Retry(total=0)) after connection broken by " +
    "'NewConnectionError('Failed to establish a new connection: [Errno 111] " +
    "Connection refused')': /simple/deno/\nERROR: No matching distribution " +
    "found for deno==2.8.1",
    "the network cannot be reached; connect to it",
  ],
  [
    "deno without a network",
    "error: Failed caching npm package 'sharp@0.35.5'\n\nCaused by:\n    0: " +
    "error sending request for url (https://…): client error (Connect): dns " +
    "error: failed to lookup address",
    "the network cannot be reached; connect to it",
  ],
  [
    "a full disk",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No " +
    "space left on device",
    "the disk is full; free some space",
  ],
  [
    "an untrusted certificate",
    "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))",
    "certificate is not trusted",
  ],
  [
    "a file of another user",
    "ERROR: Could not install packages due to an OSError: [Errno 13] " +
    "Permission denied: 'x'",
    "a file may not be written; check its owner",
  ],
];
for (const [name, text, cause] of causes) {
  Deno.test(`explainFailure recognises ${name}`, () => {
    const { message } = explainFailure(step, text, ".venv/setup.log");
    assertStringIncludes(message, `${step} failed because`);
    assertStringIncludes(message, cause);
    assertStringIncludes(message, ".venv/setup.log");
    assertEquals(message.includes("\n"), false);
  });
}

Deno.test("explainFailure quotes the last error of anything else", () => {
  const text =
    "Collecting a\nERROR: First.\nERROR: No matching distribution.\nbye";
  assertEquals(
    explainFailure(step, text, "log").message,
    `${step} failed: No matching distribution (details in log).`,
  );
  assertEquals(
    explainFailure(step, "", "log").message,
    `${step} failed: no output (details in log).`,
  );
});

/**
 * Turns the output of a failed pip, npm or download into one sentence.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

const causes: readonly [RegExp, string][] = [
  [
    /No space left on device|Disk quota exceeded|ENOSPC/i,
    "the disk is full; free some space",
  ],
  [
    /certificate verify failed|SSLError|invalid peer certificate/i,
    "the network's certificate is not trusted; set the certificates of your network (PIP_CERT, DENO_CERT)",
  ],
  [
    /NewConnectionError|ConnectionError|Connection refused|error sending request|name resolution|Name or service not known|Network is unreachable|ConnectTimeout|Read timed out|ReadTimeoutError|ProxyError|dns error|tcp connect error|operation timed out/i,
    "the network cannot be reached; connect to it",
  ],
  [/Permission denied|EACCES/i, "a file may not be written; check its owner"],
];

function lastError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  const errors = lines.filter((line) => /^(error|npm error)\b/i.test(line));
  const line = errors.at(-1) ?? lines.at(-1) ?? "no output";
  return line.replace(/^(error:?|npm error:?)\s*/i, "").slice(0, 300)
    .replace(/[.\s]+$/, "");
}

/**
 * Makes the error of a step that failed.
 *
 * @param step The step, such as `"Installing the npm packages"`.
 * @param text The output of the command, or the message of the error.
 * @param log The name of the file that holds it, if there is one.
 * @returns The error, with the cause and what to do if the cause is known.
 */
export function explainFailure(
  step: string,
  text: string,
  log?: string,
): UserError {
  const details = log === undefined ? "" : ` (details in ${log})`;
  for (const [pattern, cause] of causes) {
    if (pattern.test(text)) {
      return new UserError(
        `${step} failed because ${cause}, then run "deno task setup" ` +
          `again${details}.`,
      );
    }
  }
  return new UserError(
    `${step} failed: ${lastError(text)}${details}.`,
  );
}

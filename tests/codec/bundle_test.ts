import { assert, assertEquals } from "@std/assert";
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";

/** Bundles the room for a browser, where a name that is not found fails. */
async function bundle(): Promise<esbuild.BuildResult<{ write: false }>> {
  try {
    return await esbuild.build({
      entryPoints: [
        fileURLToPath(new URL("../../lib/codec/mod.ts", import.meta.url)),
      ],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      metafile: true,
      logLevel: "silent",
    });
  } finally {
    await esbuild.stop();
  }
}

/** Codes 1000 numbers and puts them into a file; runs without any API. */
const ROUND_TRIP = `
  const tables = codec.gaussianTables();
  const indices = Uint16Array.from({ length: 1000 }, (_, i) => i % 64);
  const values = Int32Array.from(indices, (index, i) => i * i % (1 + index));
  const encoder = new codec.RansEncoder();
  encoder.push(tables, indices, values);
  const file = codec.writeContainer({
    model: new Uint8Array(8), width: 9, height: 9, quality: 9,
    layers: [encoder.finish()],
  });
  const decoded = new Int32Array(1000);
  const decoder = new codec.RansDecoder(codec.readContainer(file).first);
  decoder.decode(tables, indices, decoded);
  postMessage(decoder.atEnd && decoded.every((value, i) => value === values[i]));
`;

Deno.test("the room makes a bundle for a browser, and it works", async () => {
  const { outputFiles, metafile } = await bundle();
  const inputs = Object.values(metafile!.inputs);
  assert(inputs.length > 10);
  for (const { imports } of inputs) {
    assertEquals(imports.filter(({ external }) => external), []);
  }
  const text = outputFiles[0]!.text;
  assertEquals(text.match(/\bDeno\b|\bprocess\b|node:|require\(/g), null);
  const bundleUrl = URL.createObjectURL(
    new Blob([text], { type: "text/javascript" }),
  );
  const script = URL.createObjectURL(
    new Blob([
      // Without what a browser lacks.
      `delete globalThis.Deno; delete globalThis.process;
       const codec = await import("${bundleUrl}");`,
      ROUND_TRIP,
    ], { type: "text/javascript" }),
  );
  const worker = new Worker(script, { type: "module" });
  try {
    const answer = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    assertEquals(answer, true);
  } finally {
    worker.terminate();
    URL.revokeObjectURL(bundleUrl);
    URL.revokeObjectURL(script);
  }
});

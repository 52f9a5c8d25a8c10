import { decodePixels } from "@/images/mod.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));

/** What a page would take. */
const PAGE = `
  export * from "@/codec/mod.ts";
  export { setBackend } from "@tensorflow/tfjs";
`;

/** Bundles the room for a browser, where a name that is not found fails. */
async function bundle(
  options: esbuild.BuildOptions,
): Promise<esbuild.BuildResult<{ write: false; metafile: true }>> {
  try {
    return await esbuild.build({
      stdin: { contents: PAGE, resolveDir: path("../..") },
      alias: { "@": path("../../lib") },
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      metafile: true,
      logLevel: "silent",
      ...options,
    });
  } finally {
    await esbuild.stop();
  }
}

Deno.test("the room takes nothing but TensorFlow.js from outside", async () => {
  const external = "@tensorflow/tfjs";
  const { outputFiles, metafile } = await bundle({ external: [external] });
  const inputs = Object.values(metafile.inputs);
  assert(inputs.length > 25);
  const found = inputs.flatMap(({ imports }) => imports)
    .filter((one) => one.external);
  assertEquals(new Set(found.map(({ path }) => path)), new Set([external]));
  const { text } = outputFiles[0]!;
  assertEquals(text.match(/\bDeno\b|\bprocess\b|node:|require\(/g), null);
  assertLess(text.length, 140_000);
});

/** Decodes a file that it is sent; runs without Deno's APIs. */
const DECODE = `
  addEventListener("message", async ({ data: { weights, file } }) => {
    await codec.setBackend("cpu");
    const loaded = codec.loadModel(codec.readWeights(weights));
    postMessage(await codec.decodeImage(loaded, file, { size: "both" }));
  });
  postMessage("ready");
`;

Deno.test("the room makes a bundle for a browser, and it decodes", async () => {
  const { outputFiles, metafile } = await bundle({ minify: true });
  for (const { imports } of Object.values(metafile.inputs)) {
    assertEquals(imports.filter(({ external }) => external), []);
  }
  const { text } = outputFiles[0]!;
  assertLess(text.length, 1_125_000);
  const bundleUrl = URL.createObjectURL(
    new Blob([text], { type: "text/javascript" }),
  );
  const script = URL.createObjectURL(
    new Blob([
      // Without what a browser lacks.
      `delete globalThis.Deno; delete globalThis.process;
       const codec = await import("${bundleUrl}");`,
      DECODE,
    ], { type: "text/javascript" }),
  );
  const golden = (name: string) => path(`../expected/codec/${name}`);
  const message = {
    weights: await Deno.readFile(golden("tiny_model.safetensors")),
    file: await Deno.readFile(golden("two_tiles.onecode")),
  };
  const worker = new Worker(script, { type: "module" });
  try {
    const decoded = await new Promise<Record<string, { data: Uint8Array }>>(
      (resolve, reject) => {
        worker.onmessage = ({ data }) => {
          if (data === "ready") worker.postMessage(message);
          else resolve(data);
        };
        worker.onerror = ({ message }) => reject(new Error(message));
      },
    );
    for (const size of ["medium", "high"]) {
      const png = await Deno.readFile(golden(`two_tiles_${size}.png`));
      const expected = await decodePixels(png);
      const worst = decoded[size]!.data.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - expected.data[i]!)),
        0,
      );
      assert(worst <= 1, `${size}: ${worst}`);
    }
  } finally {
    worker.terminate();
    URL.revokeObjectURL(bundleUrl);
    URL.revokeObjectURL(script);
  }
});

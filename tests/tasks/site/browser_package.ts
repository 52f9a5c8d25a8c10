/**
 * The npm package in a page that esbuild bundles, in a real browser: files of
 * TensorFlow are decoded there, and the reverse; `deno task test:site` runs this.
 */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import * as esbuild from "esbuild";
import { join } from "node:path";
import { chromium } from "playwright-core";
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { serveFolder } from "@/edge/serve_folder.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import { WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import "@/tensorflow/mod.ts";
import { drawPicture } from "../../codec/_tiny_model.ts";
import { installPackage } from "../package/_install_package.ts";

/** A page's script; what it finds is read by the test. */
const SCRIPT = `
import { decode, decodeMedium, encode, mediumBytes, setWeights } from "onecode";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "onecode/element";

const folder = new URL("node_modules/onecode/element/", document.baseURI).href;
setWasmPaths(folder);
const read = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
async function work() {
  const file = await read("ours.onecode");
  setWeights("missing.safetensors");
  const { message } = await decode(file).catch((error) => error);
  setWeights(folder + WEIGHTS);
  const high = await decode(file);
  const medium = await decodeMedium(file.subarray(0, mediumBytes(file)));
  const canvas = new OffscreenCanvas(high.width, high.height);
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(high.width, high.height);
  for (let i = 0; i < pixels.data.length; i++) {
    pixels.data[i] = i % 4 === 3 ? 255 : high.data[3 * (i >> 2) + i % 4];
  }
  context.putImageData(pixels, 0, 0);
  const png = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  const [ofPng, ofCanvas] = [await encode(png), await encode(pixels)];
  return {
    message,
    ...{ high: [...high.data], medium: [...medium.data] },
    ...{ ofPng: [...ofPng], ofCanvas: [...ofCanvas] },
  };
}
globalThis.found = work().catch(({ stack }) => stack);
`;

interface Found {
  readonly message: string;
  readonly high: number[];
  readonly medium: number[];
  readonly ofPng: number[];
  readonly ofCanvas: number[];
}

function worst(a: Uint8Array, b: readonly number[]): number {
  assertEquals(a.length, b.length);
  return a.reduce((most, one, i) => Math.max(most, Math.abs(one - b[i]!)), 0);
}

Deno.test("the package decodes and encodes in a bundled page", async () => {
  using temporary = temporaryFolder("browser_package");
  const folder = temporary.path;
  const at = (name: string) => join(folder, name);
  const weights = await installPackage(folder);
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS_FILE)));
  const photo = drawPicture(130, 70, "packed");
  const file = await encodeImage(loaded, photo, { quality: 60 });
  const expected = await decodeImage(loaded, file, { size: "both" });
  await Deno.writeFile(at("ours.onecode"), file);
  await Deno.writeTextFile(at("page.js"), SCRIPT);
  await esbuild.build({
    entryPoints: [at("page.js")],
    outfile: at("bundle.js"),
    ...{ bundle: true, format: "esm", platform: "browser" },
    ...{ absWorkingDir: folder, logLevel: "silent" },
    define: { WEIGHTS: JSON.stringify(weights) },
  });
  await esbuild.stop();
  await Deno.writeTextFile(
    at("index.html"),
    '<!doctype html><title>Page</title><script type="module" src="bundle.js">' +
      "</script>",
  );
  const server = serveFolder(folder, { port: 0 });
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM")!,
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    const found = await page.evaluate("found") as Found;
    assertEquals(typeof found, "object", `${found}`);
    assertMatch(found.message, /^The server answers 404 for the weights/);
    // The latents are equal, or these would be noise.
    assertLess(worst(expected.high!.data, found.high), 2);
    assertLess(worst(expected.medium!.data, found.medium), 2);
    assertEquals(found.ofPng, found.ofCanvas);
    const theirs = await decodeImage(loaded, Uint8Array.from(found.ofPng));
    assertEquals([theirs.highIs, theirs.high?.width], ["complete", 130]);
    assertLess(worst(theirs.high!.data, found.high), 60);
  } finally {
    await browser.close();
    await server.close();
    loaded.dispose();
  }
});

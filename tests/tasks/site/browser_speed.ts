/** How long a browser decodes; `deno task test:site` runs this. */
import { encodeImage, loadModel, readWeights } from "@/codec/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  CLIP_WEIGHTS_FILE,
  WEIGHTS_FILE,
} from "@/tasks/codec_files/read_model.ts";
import {
  measureBrowser,
  measureClipInBrowser,
} from "@/tasks/measure/browser_speed.ts";
import { join } from "node:path";
import "@/tensorflow/mod.ts";
import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { drawPicture } from "../../codec/_tiny_model.ts";

Deno.test("decoding is timed in a browser, at both sizes", async () => {
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS_FILE)));
  const photo = drawPicture(256, 128, "browser");
  const found = await measureBrowser({
    root: PROJECT_ROOT,
    browser: Deno.env.get("CHROMIUM")!,
    weights: WEIGHTS_FILE,
    file: await encodeImage(loaded, photo, { quality: 40 }),
    rounds: 2,
  });
  loaded.dispose();
  assertMatch(found.browser, /^Chromium \d+\./);
  const wasm = found.rows.at(-1)!;
  assertEquals(wasm.backend, "wasm");
  assertGreater(wasm.decodeHighMs, 0);
  assertGreater(wasm.decodeMediumMs, 0);
  // Where no graphics card draws, a reader is told so.
  if (found.rows.length === 1) assertGreater(found.passedOver.length, 0);
});

Deno.test("a clip is timed in a browser, at both sizes", async () => {
  const clip = join(PROJECT_ROOT, "results/codec/demo/clip/clip.onecode");
  const found = await measureClipInBrowser({
    root: PROJECT_ROOT,
    browser: Deno.env.get("CHROMIUM")!,
    weights: WEIGHTS_FILE,
    file: await Deno.readFile(clip),
    rounds: 1,
  }, CLIP_WEIGHTS_FILE);
  assertMatch(found.browser, /^Chromium \d+\./);
  assertMatch(found.backend, /^(webgpu|webgl|wasm)$/);
  assertGreater(found.mediumFps, found.highFps);
  assertGreater(found.highFps, 0);
});

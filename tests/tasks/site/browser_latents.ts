/**
 * Latents in a real browser: those of a photo and of a clip are what Deno
 * decodes, on every backend that the browser has; `deno task test:site` runs
 * this.
 */
import { loadModel, readWeights } from "@/codec/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { bundleScripts } from "@/tasks/site/bundle_scripts.ts";
import type { DemoClip } from "@/web/clips/demo_clip.ts";
import { type DemoPhotos, weightsName } from "@/web/demo_photos.ts";
import { BACKENDS } from "@/web/messages.ts";
import "@/tensorflow/mod.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { site, withSite } from "./_browser.ts";
import { latentChecksums } from "./_latent_checksums.ts";

const read = (path: string) => Deno.readFile(join(site, "demo", path));
const json = async (path: string) =>
  JSON.parse(new TextDecoder().decode(await read(path)));
const photos: DemoPhotos = await json("photos.json");
const clip: DemoClip = await json("clip/clip.json");

const FILES = {
  "a photo": {
    path: photos.photos[0]!.qualities[0]!.ours.path,
    weights: [photos.model],
  },
  "a clip": {
    path: `clip/${clip.ours.path}`,
    weights: [clip.model, clip.clipModel],
  },
};

for (const [what, { path, weights }] of Object.entries(FILES)) {
  Deno.test(`latents of ${what} are equal on every backend`, async (t) => {
    const names = weights.map(weightsName);
    const [model, clipModel] = await Promise.all(
      names.map(async (name) => readWeights(await read(name))),
    );
    const loaded = loadModel(model!, clipModel);
    const expected = await latentChecksums(loaded, await read(path));
    loaded.dispose();
    const { scripts } = await bundleScripts(
      PROJECT_ROOT,
      ["tests/tasks/site/_latents_worker.ts"],
      "licences.txt",
      { format: "esm", outdir: join(PROJECT_ROOT, ".cache") },
    );
    const body = scripts[0]!.text;
    await withSite(async (visit) => {
      const { page } = await visit("photos.html", { width: 1440 });
      await page.route(
        "**/latents_worker.js",
        (route) => route.fulfill({ body, contentType: "text/javascript" }),
      );
      for (const backend of BACKENDS) {
        await t.step(backend, async () => {
          const found = await page.evaluate(`(async () => {
            const folder = new URL("demo/", document.baseURI).href;
            const worker = new Worker(
              folder + "latents_worker.js", { type: "module" },
            );
            const answer = new Promise((resolve) => {
              worker.onmessage = ({ data }) => resolve(data);
            });
            worker.postMessage({
              backend: "${backend}", folder, path: "${path}",
              weights: ${JSON.stringify(names)},
            });
            const checksums = await answer;
            worker.terminate();
            return checksums;
          })()`) as string | number[];
          // This browser may have no WebGPU; the others must be there.
          if (typeof found === "string" && backend === "webgpu") {
            assertMatch(found, /webgpu/);
            return;
          }
          assert(typeof found !== "string", `${found}`);
          assert(expected.length > 0);
          assertEquals(found, expected);
        });
      }
    });
  });
}

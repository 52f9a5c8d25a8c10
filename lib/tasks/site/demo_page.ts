/**
 * The page of the demo: what its script fills in, and what is shown without
 * scripts.
 *
 * @module
 */
import { join } from "node:path";
import { readSafetensors } from "@/models/safetensors.ts";
import { type DemoPhotos, weightsName } from "@/web/demo_photos.ts";
import type { DemoClip } from "@/web/clips/demo_clip.ts";
import { BACKENDS } from "@/web/messages.ts";
import { UserError } from "@/errors/user_error.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { bundleDecoder } from "./bundle_scripts.ts";
import { clipScript, demoFolder, type SiteFiles } from "./site_files.ts";
import { listFiles } from "./site_folder.ts";

/** The page's name, without its ending. */
export const demoPageName = "demo";

/**
 * Writes the page of the demo.
 *
 * @param root The checkout.
 * @param files The site's files; the demo's scripts and photos and the codec's
 * weights are added to them.
 * @returns MyST Markdown; `undefined` if there are no photos for the demo.
 * @throws {UserError} If the photos were encoded with other weights.
 */
export async function demoPage(
  root: string,
  files: SiteFiles,
): Promise<string | undefined> {
  const codec = join(root, "results", "codec");
  const folder = join(codec, "demo");
  const text = await readTextIfPresent(join(folder, "photos.json"));
  if (text === undefined) return undefined;
  const list = JSON.parse(text) as DemoPhotos;
  const weights = await Deno.readFile(join(codec, "weights.safetensors"));
  if (readSafetensors(weights).metadata["id"] !== list.model) {
    throw new UserError(
      "The demo's photos were encoded with other weights: " +
        "run `deno task measure views`.",
    );
  }
  files.set(`${demoFolder}/${weightsName(list.model)}`, weights);
  for (const { path } of listFiles(folder)) {
    files.set(`${demoFolder}/${path}`, await Deno.readFile(join(folder, path)));
  }
  const clip = await readClip(codec, list.model, files);
  const scripts = await bundleDecoder(root, [
    "lib/web/page.ts",
    "lib/web/gallery.ts",
    `lib/web/${clipScript.replace(/js$/, "ts")}`,
  ]);
  for (const [path, content] of scripts) {
    files.set(`${demoFolder}/${path}`, content);
  }
  return pageText(list, clip && clipPart(clip));
}

/** What the list of the clip says; adds the weights for clips to the files. */
async function readClip(
  codec: string,
  model: string,
  files: SiteFiles,
): Promise<DemoClip | undefined> {
  const text = await readTextIfPresent(join(codec, "demo/clip/clip.json"));
  if (text === undefined) return undefined;
  const clip = JSON.parse(text) as DemoClip;
  const weights = await Deno.readFile(join(codec, "clip_weights.safetensors"));
  const { id } = readSafetensors(weights).metadata;
  if (clip.model !== model || clip.clipModel !== id) {
    throw new UserError(
      "The demo's clip was encoded with other weights: " +
        "run `deno task measure views`.",
    );
  }
  files.set(`${demoFolder}/${weightsName(clip.clipModel)}`, weights);
  return clip;
}

/** The part of the page that plays a clip. */
function clipPart({ name, credit, poster, width, height }: DemoClip): string {
  return `## A clip

A clip is one file, too: of each second, first all medium frames, then what the
high ones add. Frames are coded given the frame before. The player fetches the
second that is shown, and those after it, by range requests, decodes their medium
frames first, and replaces them by high ones when there is time. So the first
round may be slower than the clip is.

<div id="clip" role="group" aria-label="Clip">
<div class="clip-stage">
<img data-part="poster" src="${demoFolder}/clip/${poster.path}" alt="${name}" width="${width}" height="${height}">
<canvas data-part="frame" role="img" aria-label="${name}" hidden></canvas>
</div>
<div data-part="controls" hidden>
<div class="clip-controls">
<button type="button" data-part="play">Play</button>
<input type="range" data-part="seek" min="0" value="0" aria-label="Frame">
</div>
<p class="demo-hint"><span data-part="place"></span><br><span data-part="received"></span></p>
</div>
<p role="status" data-part="status"></p>
<p class="demo-hint">${credit}</p>
</div>

`;
}

function pageText({ photos }: DemoPhotos, clip = ""): string {
  const [first] = photos;
  const side = (which: string, label: string) =>
    `<label>${label} <select data-part="${which}"></select></label>`;
  const backends = BACKENDS.map((name) =>
    `<option value="${name}">${name}</option>`
  ).join("");
  return `# Demo: one file, three stages

Here the codec's decoder runs in your browser. It loads the first few hundred
bytes of one stored file and shows a placeholder; the next bytes make the medium
image of it, at half the width and height; the rest makes the high image. Your
own photo is encoded first, also in your browser: nothing is sent anywhere.

<figure class="photos" id="demo-still">
<img src="${demoFolder}/${first!.original.path}" alt="${first!.name}" width="${
    first!.width
  }" height="${first!.height}">
<figcaption>${first!.credit}</figcaption>
</figure>
<noscript><p>The demo needs JavaScript, which is turned off.</p></noscript>

<div id="demo" hidden>
<div class="demo-controls">
${side("photo", "Photo")}
<label>or your own <input type="file" data-part="file" accept="image/*,.onecode"></label>
<span data-part="quality-choice">${side("quality", "Quality")}</span>
<label data-part="own-choice" hidden>Quality <input type="range" data-part="own-quality" min="1" max="100" value="50"> <output data-part="own-size"></output></label>
<label>Run on <select data-part="backend"><option value="">automatic</option>${backends}</select></label>
</div>
<p class="demo-hint">A photo or a <code>.onecode</code> file can also be dropped
or pasted here; larger photos are scaled down to 1024 pixels.</p>
<p role="status" data-part="status"></p>
<progress data-part="loading" aria-label="Loading the decoder" hidden></progress>
<ol data-part="log"></ol>
<div data-part="compare" hidden>
<div class="demo-controls">
${side("left", "Left")}
${side("right", "Right")}
<label>Zoom <select data-part="zoom"><option value="">fit</option><option value="1">100 %</option><option value="2">200 %</option><option value="4">400 %</option></select></label>
</div>
<div class="demo-window">
<div class="demo-stage">
<canvas role="img" aria-label="Left"></canvas>
<canvas role="img" aria-label="Right"></canvas>
<input type="range" min="0" max="100" value="50" aria-label="Where left ends and right begins, in percent">
</div>
</div>
<figure class="demo-medium">
<canvas role="img" aria-label="The medium image" data-part="medium"></canvas>
<figcaption>The medium image at its own size</figcaption>
</figure>
</div>
<p data-part="credit"></p>
<div class="scroll" role="region" aria-label="Table: sizes and qualities" tabindex="0">
<table data-part="table" hidden>
<caption>At about the same bytes</caption>
<thead><tr><td></td><th scope="col">Bytes</th><th scope="col">Bits per pixel</th><th scope="col">PSNR (dB)</th></tr></thead>
<tbody></tbody>
</table>
</div>
<p><a data-part="download" hidden href="${demoPageName}.html">Download the file</a></p>
<p class="demo-hint" data-part="backend-note"></p>
</div>

The photos are those test photos whose medium image takes the smallest part of
the file: pictures full of detail. In smooth ones, where the high image adds
little, the medium image is most of the file.

The JPEG, WebP and AVIF files of the photos above were made by slow encoders;
those of your own photo are written by your browser. Times are measured on your
machine, after a first pass that is not counted.

${clip}[Licences](${demoFolder}/licences.txt) of the code that runs here.
`;
}

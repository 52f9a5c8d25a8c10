/**
 * The page of the blind comparison: two enlargements of one photo side by side,
 * without names, and the reader picks. The tally stays in the browser.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readTextIfPresent } from "@/files/if_present.ts";
import {
  type GenerativeResult,
  generativeStrip,
  generativeTitle,
  type GenerativeWay,
} from "@/sections/generative/types.ts";
import type { BlindChoices } from "./blind_choices.ts";

/** The page's name, without its ending. */
export const blindPageName = "blind";

/** The page's script, a file of the site. */
export const blindScript = "blind/blind_script.js";

/** What is compared: one way for each kind. */
const COMPARED: readonly GenerativeWay[] = [
  "Lanczos",
  "least error",
  "adversarial",
  "drawn",
];

/** What makes up what it cannot know. */
const MADE_UP: ReadonlySet<GenerativeWay> = new Set(["adversarial", "drawn"]);

/**
 * Writes the page, and adds its pictures to the site's files.
 *
 * @param root The checkout.
 * @param files The site's files.
 * @returns MyST Markdown; `undefined` if nothing was enlarged.
 */
export async function blindPage(
  root: string,
  files: Map<string, Uint8Array<ArrayBuffer> | string>,
): Promise<string | undefined> {
  const folder = join(root, "results", "generative");
  const text = await readTextIfPresent(join(folder, "result.json"));
  const strips = [...COMPARED, "original"] as const;
  const paths = strips.map((way) => generativeStrip(way, "details"));
  if (
    text === undefined ||
    !paths.every((path) => existsSync(join(folder, path)))
  ) return undefined;
  const { metrics, settings } = JSON.parse(text) as GenerativeResult;
  for (const path of paths) {
    files.set(`blind/${path}`, await Deno.readFile(join(folder, path)));
  }
  const choices: BlindChoices = {
    side: settings.shown.side,
    photos: metrics.examples,
    original: `blind/${generativeStrip("original", "details")}`,
    ways: COMPARED.map((way) => ({
      name: generativeTitle(way),
      told: MADE_UP.has(way)
        ? `${generativeTitle(way)}, whose fine detail is made up`
        : generativeTitle(way),
      strip: `blind/${generativeStrip(way, "details")}`,
    })),
  };
  return pageText(choices);
}

function pageText(choices: BlindChoices): string {
  const data = JSON.stringify(choices).replaceAll("<", "\\u003c");
  const picture = (name: string, label: string) =>
    `<figure><canvas data-part="${name}" role="img" aria-label="${label}"></canvas>
<button type="button" data-pick="${name}">${label}</button></figure>`;
  return `# Which one looks better?

Two enlargements of one part of a photo, by two methods, in random order. Pick
the one that looks better to you; then the page tells what they are, and shows
the original. Measures of quality disagree about these methods: [notebook
9](9_super_resolution.html) has them. Your picks stay in this browser and are
sent nowhere.

<noscript><p>The comparison needs JavaScript, which is turned off.</p></noscript>
<div id="blind" hidden>
<script type="application/json" data-part="choices">${data}</script>
<div class="blind-pair">
${picture("left", "Left looks better")}
${picture("right", "Right looks better")}
<figure data-part="truth" hidden><canvas data-part="original" role="img" aria-label="The original"></canvas>
<figcaption>The original</figcaption></figure>
</div>
<p role="status" data-part="status"></p>
<p><button type="button" data-part="next">Another pair</button>
<button type="button" data-part="reset">Forget my picks</button></p>
<table>
<caption>Your picks</caption>
<thead><tr><th scope="col">Method</th><th scope="col">Picked</th><th scope="col">Shown</th></tr></thead>
<tbody data-part="tally"></tbody>
</table>
</div>

Detail that a network has made up can look better than the truth. It is not the
truth: letters, faces and number plates in such an image may be nobody's.
`;
}

/**
 * Charts and photos of pages as HTML.
 *
 * @module
 */
import {
  type Chart,
  chartTable,
  escapeHtml,
  hoverChart,
  tableHtml,
} from "@/charts/mod.ts";
import { decodePixels, encodePixels } from "@/images/mod.ts";
import { narrowPhotos } from "./narrow/narrow_photos.ts";
import { photoFolder, type SiteFiles } from "./site_files.ts";

/**
 * Makes a box that scrolls sideways, also by keyboard, if its content is too
 * wide for the screen.
 *
 * @param html The content.
 * @param label What the content is, for screen readers.
 * @returns HTML.
 */
export function scrollBox(html: string, label: string): string {
  return `<div class="scroll" role="group" tabindex="0" aria-label="${
    escapeHtml(label)
  }">\n${html}\n</div>`;
}

/**
 * Makes the figure of a chart: the picture, which needs no script, its numbers
 * as a table, and the specification from which a script draws it live.
 *
 * @param chart The specification.
 * @param svg Its picture.
 * @param id A word that no other chart of the page has.
 * @returns One `<figure>`.
 */
export function chartFigure(chart: Chart, svg: string, id: string): string {
  return [
    `<figure class="chart">`,
    `<div class="chart-picture">`,
    scrollBox(pagePicture(svg, id), "Chart"),
    `</div>`,
    `<details class="chart-numbers">`,
    `<summary>Numbers<span class="visually-hidden"> of the chart “${
      escapeHtml(chart.title.text)
    }”</span></summary>`,
    scrollBox(tableHtml(chartTable(chart)), `Table: ${chart.title.text}`),
    `</details>`,
    `<script type="application/json">${scriptJson(hoverChart(chart))}</script>`,
    `</figure>`,
  ].join("\n");
}

/**
 * The ids of several pictures in one page must differ, and a screen reader
 * reads the alt text, not the marks.
 */
function pagePicture(svg: string, id: string): string {
  return svg
    .replace("<g ", '<g aria-hidden="true" ')
    .replace(/ id="([^"]*)"/g, (_, name) => ` id="${id}-${name}"`)
    .replace(/url\(#([^)]*)\)/g, (_, name) => `url(#${id}-${name})`);
}

/** JSON that cannot end the script element around it. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** On narrow screens a picture scrolls, as its labels would be too small. */
const leastWidth = "36rem";

/** The quality of narrow figures, which are encoded anew. */
const narrowQuality = 90;

/**
 * Makes the figure of a photo, which links to the file at its full size. Rows
 * of photos have fewer columns on narrow screens.
 *
 * @param bytes A PNG or JPEG file.
 * @param alt A description for those who cannot see it.
 * @param name The file's name on the site, without its ending.
 * @param files The site's files; the photo is added to them.
 * @returns One `<figure>`.
 */
export async function photoFigure(
  bytes: Uint8Array<ArrayBuffer>,
  alt: string,
  name: string,
  files: SiteFiles,
): Promise<string> {
  const pixels = await decodePixels(bytes);
  const { width, height } = pixels;
  const [ending, format] = bytes[0] === 0xff
    ? ["jpg", "jpeg"] as const
    : ["png", "png"] as const;
  const path = `${photoFolder}/${name}.${ending}`;
  files.set(path, bytes);
  const narrow = await narrowPhotos(pixels);
  const style = narrow === undefined
    ? `style="min-width: min(${leastWidth}, ${width}px)" `
    : "";
  let picture = `<img src="${path}" alt="${escapeHtml(alt)}" ` +
    `width="${width}" height="${height}" ${style}` +
    `loading="lazy" decoding="async">`;
  if (narrow !== undefined) {
    const narrowPath = `${photoFolder}/${name}_narrow.${ending}`;
    const file = await encodePixels(narrow, format, { quality: narrowQuality });
    files.set(narrowPath, new Uint8Array(file));
    picture = `<picture><source media="(max-width: ${leastWidth})" ` +
      `srcset="${narrowPath}" width="${narrow.width}" ` +
      `height="${narrow.height}">${picture}</picture>`;
  }
  return [
    `<figure class="photos">`,
    scrollBox(`<a href="${path}" title="Full size">${picture}</a>`, "Photos"),
    `</figure>`,
  ].join("\n");
}

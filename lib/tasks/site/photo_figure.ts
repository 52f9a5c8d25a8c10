/**
 * A figure of photos on a page; it leads to the file at its full size.
 *
 * @module
 */
import { escapeHtml } from "@/charts/mod.ts";
import { decodeImage } from "@/images/mod.ts";
import { photoFolder } from "./page_names.ts";
import { scrollBox } from "./scroll_box.ts";
import type { SiteFiles } from "./site_files.ts";

/** On narrow screens a picture scrolls, as its labels would be too small. */
const leastWidth = "36rem";

/**
 * Write a picture as HTML and put its file beside the pages.
 *
 * @param bytes A PNG or JPEG file.
 * @param alt What a reader would see.
 * @param name The file's name on the site, without its ending.
 * @param files Takes the file.
 */
export async function photoFigure(
  bytes: Uint8Array<ArrayBuffer>,
  alt: string,
  name: string,
  files: SiteFiles,
): Promise<string> {
  const { width, height } = await decodeImage(bytes);
  const ending = bytes[0] === 0xff ? "jpg" : "png";
  const path = `${photoFolder}/${name}.${ending}`;
  files.set(path, bytes);
  const image = `<img src="${path}" alt="${escapeHtml(alt)}" ` +
    `width="${width}" height="${height}" ` +
    `style="min-width: min(${leastWidth}, ${width}px)" ` +
    `loading="lazy" decoding="async">`;
  return [
    `<figure class="photos">`,
    scrollBox(`<a href="${path}" title="Full size">${image}</a>`, "Photos"),
    `</figure>`,
  ].join("\n");
}

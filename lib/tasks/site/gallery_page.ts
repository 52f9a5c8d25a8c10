/**
 * The page of the gallery: photos by `<onecode-image>` at two widths, and a meter
 * of bytes.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { type GalleryPhotos, weightsName } from "@/web/demo_photos.ts";
import { demoFolder, type SiteFiles } from "./site_files.ts";
import { listFiles } from "./site_folder.ts";

/** The page's name, without its ending. */
export const galleryPageName = "gallery";

/**
 * Writes the page of the gallery.
 *
 * @param root The checkout.
 * @param files The site's files, with the demo's; the photos are added to them.
 * @returns MyST Markdown; `undefined` if there are no photos for the gallery.
 * @throws {UserError} If the photos were encoded with other weights than the
 * demo's.
 */
export async function galleryPage(
  root: string,
  files: SiteFiles,
): Promise<string | undefined> {
  const folder = join(root, "results", "codec", "gallery");
  const text = await readTextIfPresent(join(folder, "photos.json"));
  if (text === undefined) return undefined;
  const list = JSON.parse(text) as GalleryPhotos;
  const weights = `${demoFolder}/${weightsName(list.model)}`;
  if (!files.has(weights)) {
    throw new UserError(
      "The gallery's photos were encoded with other weights: " +
        "run `deno task measure views`.",
    );
  }
  for (const { path } of listFiles(folder)) {
    const bytes = await Deno.readFile(join(folder, path));
    files.set(`${demoFolder}/gallery/${path}`, bytes);
  }
  const needed = /\/(worker\.js|chunk-.*|.*wasm-simd\.wasm)$/;
  const decoder = [...files]
    .filter(([path]) => path === weights || needed.test(path))
    .reduce((sum, [, { length }]) => sum + length, 0);
  return pageText(list, Math.round(decoder / 1e6));
}

function pageText(
  { photos, quality }: GalleryPhotos,
  decoderMegabytes: number,
): string {
  const address = (path: string) => `${demoFolder}/gallery/${path}`;
  const figures = photos.map(({ name, credit, ...photo }) => {
    const size = `width="${photo.width}" height="${photo.height}"`;
    return `<figure>
<onecode-image src="${
      address(photo.ours.path)
    }" alt="${name}" ${size} prefixes="${
      photo.prefixes.join(" ")
    }" loading="lazy"><noscript><img src="${
      address(photo.avif.high.path)
    }" alt="${name}" ${size} loading="lazy"></noscript></onecode-image>
<figcaption>${credit}</figcaption>
</figure>`;
  });
  const meter = (name: string, title: string) =>
    `<tr><th scope="row">${title}</th><td data-part="${name}">0 bytes</td>` +
    `<td class="gallery-bar"><div data-part="${name}-bar"></div></td></tr>`;
  const choice = (value: string, title: string, checked = "") =>
    `<label><input type="radio" name="size" value="${value}"${checked}> ` +
    `${title}</label>`;
  return `# Gallery: what a layout needs

${photos.length} photos, each one stored file at quality ${quality}. Small photos
are drawn from the first bytes of each file; where the layout, or a screen with
more pixels, needs more, the rest of the file follows, and no byte is fetched
twice. A page whose photos are two AVIF files, at least as good at each size by
PSNR, fetches the second file when the first is too small.

<div id="gallery" data-size="small">
<fieldset class="demo-controls"><legend>Photos</legend>
${choice("small", "small", " checked")}
${choice("large", "large")}
</fieldset>
<table class="gallery-meter">
<caption>Fetched for the photos that you have seen</caption>
<tbody>
${meter("ours", "One file of ours")}
${meter("avif", "Two AVIF files")}
</tbody>
</table>
<p role="status" data-part="status"></p>
<div class="gallery-photos">
${figures.join("\n")}
</div>
</div>

The bytes of ours are those that came over the network, as your browser reports
them; those of AVIF are the sizes of the files that would have come instead. What
the browser had kept from an earlier visit counts for neither. Ours costs its decoder once, about
${decoderMegabytes} million bytes, which all photos of a site share; AVIF's is in the browser.
Photos are fetched when you scroll near them.
`;
}

/**
 * Photos by our codec and others, side by side; drawn without TensorFlow.
 *
 * @module
 */

import { photoGrid } from "@/charts/mod.ts";
import { type CodecViews, type ViewedFile, viewStrip } from "./results.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure } from "@/experiment/types.ts";

/**
 * The photos of all codecs at the same bytes, and both images of our files.
 *
 * @param folder Where the squares lie, such as `results/codec`.
 */
export async function viewFigures(
  { views }: CodecViews,
  folder: string,
): Promise<Figure[]> {
  const squares = (id: string) => readStrip(`${folder}/${viewStrip(id)}`);
  const names = views[0]!.files.map(({ name }) => name);
  const columns = views.map(({ name }) => name.replace(/\.\w+$/, ""));
  const originals = { label: "Original", photos: await squares("original") };
  const rows = await Promise.all(views[0]!.files.map(async (file, i) => ({
    label: file.name.replace(", ", ",\n"),
    photos: await squares(file.id),
    captions: views.map(({ files }) => sizeAndQuality(files[i]!)),
  })));
  return [
    {
      name: "same_bytes",
      alt: `Parts of test photos: the original, then ${names.join(", ")}, ` +
        "with about as many bytes",
      photos: await photoGrid({
        title: "Parts of test photos; bytes and PSNR of the whole ones",
        columns,
        rows: [originals, ...rows],
        format: "jpeg",
      }),
    },
    {
      name: "both_sizes",
      alt: "The medium image from the first bytes of our file, and the high " +
        "image from all of it",
      photos: await photoGrid({
        title: "One file, both sizes",
        columns,
        rows: [
          {
            label: "Medium, from the\nfirst layer",
            photos: await squares("medium"),
            captions: views.map((view) =>
              sizeAndQuality({
                bytes: view.mediumBytes,
                psnrDb: view.mediumDb,
              })
            ),
          },
          { ...rows[0]!, label: "High, from\nboth layers" },
        ],
        format: "jpeg",
      }),
    },
  ];
}

function sizeAndQuality(
  { bytes, psnrDb }: Pick<ViewedFile, "bytes" | "psnrDb">,
): string {
  return `${(bytes / 1000).toFixed(1)} kB, ${psnrDb.toFixed(1)} dB`;
}

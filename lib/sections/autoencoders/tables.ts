/**
 * The table of sections that train autoencoders: networks, principal
 * components and image codecs at one size.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import type { Quality } from "@/experiment/measure.ts";
import type { AutoencoderMetrics } from "./types.ts";

/**
 * Everything that was measured on the test photos, at the size of the code
 * with 8 bits per number. A code of floats has no file size.
 *
 * @param metrics From the section's result.
 */
export function qualityTable(
  { latent, models, floor, baselines }: AutoencoderMetrics,
): Table {
  const bytes = latent.storedBytes;
  type Row = Quality & { readonly name: string; readonly bytes?: number };
  const rows: Row[] = [
    ...models.flatMap(({ run, stored, ...quality }) => [
      { name: `${run}, code as floats`, ...quality },
      { name: `${run}, 8 bits per number`, bytes, ...stored },
    ]),
    { name: "principal components as floats", ...floor },
    ...baselines.map(({ codec, ...row }) => ({ name: codec, ...row })),
  ];
  return makeTable("Means over the test photos", rows, [
    ["", ({ name }) => name],
    ["Bytes per photo", ({ bytes }) => bytes, 0],
    ["PSNR (dB)", ({ psnrDb }) => psnrDb, 2],
    ["MS-SSIM", ({ msssim }) => msssim, 4],
  ]);
}

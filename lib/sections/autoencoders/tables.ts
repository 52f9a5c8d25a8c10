/**
 * The table of sections that train autoencoders: networks, principal
 * components and image codecs at one size.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
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
  return {
    caption: "Means over the test photos",
    columns: [
      { title: "" },
      { title: "Bytes per photo", digits: 0 },
      { title: "PSNR (dB)", digits: 2 },
      { title: "MS-SSIM", digits: 4 },
    ],
    rows: [
      ...models.flatMap(({ run, psnrDb, msssim, stored }) => [
        [`${run}, code as floats`, null, psnrDb, msssim],
        [
          `${run}, 8 bits per number`,
          latent.storedBytes,
          stored.psnrDb,
          stored.msssim,
        ],
      ]),
      ["principal components as floats", null, floor.psnrDb, floor.msssim],
      ...baselines.map(({ codec, bytes, psnrDb, msssim }) => [
        codec,
        bytes,
        psnrDb,
        msssim,
      ]),
    ],
  };
}

/**
 * The tables of *super-resolution*; needs no TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import {
  enlargingTitle,
  type SuperResolutionMetrics,
  wayInput,
} from "./types.ts";

/**
 * How good each way is, and what it starts from.
 *
 * @param metrics From the section's result.
 */
export function enlargedTable({ ways }: SuperResolutionMetrics): Table {
  return {
    caption: "The high image, means over the test photos",
    columns: [
      { title: "" },
      { title: "Input" },
      { title: "Bytes per photo", digits: 0 },
      { title: "PSNR (dB)", digits: 2 },
      { title: "MS-SSIM", digits: 4 },
      { title: "HaarPSI", digits: 4 },
      { title: "Sharpness", digits: 3 },
    ],
    rows: ways.map((row) => [
      enlargingTitle(row.way),
      wayInput(row.way),
      row.storedBytes,
      row.psnrDb,
      row.msssim,
      row.haarPsi,
      row.sharpness,
    ]),
  };
}

/**
 * What the networks cost.
 *
 * @param metrics From the section's result.
 */
export function enlargingCostTable({ ways }: SuperResolutionMetrics): Table {
  return {
    caption: "The cost of making the high image",
    columns: [
      { title: "" },
      { title: "Weights", digits: 0 },
      { title: "Multiplications per pixel", digits: 0 },
    ],
    rows: ways.filter(({ multiplyAdds }) => multiplyAdds !== null)
      .map(({ way, parameters, multiplyAdds }) => [
        enlargingTitle(way),
        parameters,
        multiplyAdds,
      ]),
  };
}

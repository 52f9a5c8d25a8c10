/**
 * The tables of *super-resolution*; needs no TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import type { SuperResolutionMetrics } from "./mod.ts";
import { enlargingTitle, wayNeeds } from "./names.ts";

/**
 * How good each way is, and how much it has at hand for that.
 *
 * @param metrics From the section's result.
 */
export function enlargedTable({ ways }: SuperResolutionMetrics): Table {
  return {
    caption: "The high image: means over the test photos",
    columns: [
      { title: "" },
      { title: "Has at hand" },
      { title: "Bytes a photo", digits: 0 },
      { title: "PSNR (dB)", digits: 2 },
      { title: "MS-SSIM", digits: 4 },
      { title: "HaarPSI", digits: 4 },
      { title: "Sharpness", digits: 3 },
    ],
    rows: ways.map(({ way, storedBytes, psnrDb, msssim, ...row }) => [
      ...[enlargingTitle(way), wayNeeds(way), storedBytes, psnrDb, msssim],
      ...[row.haarPsi, row.sharpness],
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
    caption: "What it costs to make the high image",
    columns: [
      { title: "" },
      { title: "Weights", digits: 0 },
      { title: "Multiplications a pixel", digits: 0 },
    ],
    rows: ways.flatMap(({ way, parameters, multiplyAdds }) =>
      multiplyAdds === null
        ? []
        : [[enlargingTitle(way), parameters, multiplyAdds]]
    ),
  };
}

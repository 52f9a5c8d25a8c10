/**
 * The tables of *super-resolution*; needs no TensorFlow.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
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
  return makeTable("The high image, means over the test photos", ways, [
    ["", ({ way }) => enlargingTitle(way)],
    ["Input", ({ way }) => wayInput(way)],
    ["Bytes per photo", (row) => row.storedBytes, 0],
    ["PSNR (dB)", (row) => row.psnrDb, 2],
    ["MS-SSIM", (row) => row.msssim, 4],
    ["HaarPSI", (row) => row.haarPsi, 4],
    ["Sharpness", (row) => row.sharpness, 3],
  ]);
}

/**
 * What the networks cost.
 *
 * @param metrics From the section's result.
 */
export function enlargingCostTable({ ways }: SuperResolutionMetrics): Table {
  const networks = ways.filter(({ multiplyAdds }) => multiplyAdds !== null);
  return makeTable("The cost of making the high image", networks, [
    ["", ({ way }) => enlargingTitle(way)],
    ["Weights", ({ parameters }) => parameters, 0],
    ["Multiplications per pixel", ({ multiplyAdds }) => multiplyAdds, 0],
  ]);
}

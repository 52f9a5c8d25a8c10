/**
 * The tables of *vae*; needs no TensorFlow.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { betaTitle, type VaeMetrics } from "./types.ts";

/**
 * How good the networks are on their own images, and what their codes cost.
 *
 * @param metrics From the section's result.
 */
export function vaeQualityTable({ rows }: VaeMetrics): Table {
  const networks = (["medium", "high"] as const).flatMap((size) =>
    rows.map(({ beta, [size]: network }) => ({
      name: `${size}, ${betaTitle(beta)}`,
      ...network,
    }))
  );
  const caption = "Each network on its own images, means over the test photos";
  return makeTable(caption, networks, [
    ["", ({ name }) => name],
    ["PSNR (dB), from means", ({ psnrDb }) => psnrDb, 2],
    ["PSNR (dB), from samples", ({ rate }) => rate?.sampledDb, 2],
    ["MS-SSIM, from means", ({ msssim }) => msssim, 4],
    ["KL (bits per pixel)", ({ rate }) => rate?.klBitsPerPixel, 3],
    ["Active channels (%)", ({ rate }) => rate && 100 * rate.activeShare, 0],
  ]);
}

/**
 * The medium image from the high code.
 *
 * @param metrics From the section's result.
 */
export function vaeCaptureTable({ rows }: VaeMetrics): Table {
  const caption = "The medium image, mean PSNR in dB over the test photos";
  return makeTable(caption, rows, [
    ["", ({ beta }) => betaTitle(beta)],
    ["(a) Own code", ({ medium }) => medium.psnrDb, 2],
    ["(b) High, scaled down", ({ capture }) => capture.highScaledDownDb, 2],
    ["High code, unchanged", ({ capture }) => capture.asIsDb, 2],
    ["Channels matched", ({ capture }) => capture.afterMatchingDb, 2],
    ["After a linear map", ({ capture }) => capture.afterLinearMapDb, 2],
    ["Explained variance", ({ capture }) => capture.explained, 4],
    ["CKA", ({ capture }) => capture.cka, 4],
  ]);
}

/**
 * The tables of *vae*; needs no TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { betaTitle, type VaeMetrics } from "./types.ts";

/**
 * How good the networks are on their own images, and what their codes cost.
 *
 * @param metrics From the section's result.
 */
export function vaeQualityTable({ rows }: VaeMetrics): Table {
  return {
    caption: "Each network on its own images, means over the test photos",
    columns: [
      { title: "" },
      { title: "PSNR (dB), from means", digits: 2 },
      { title: "PSNR (dB), from samples", digits: 2 },
      { title: "MS-SSIM, from means", digits: 4 },
      { title: "KL (bits per pixel)", digits: 3 },
      { title: "Active channels (%)", digits: 0 },
    ],
    rows: (["medium", "high"] as const).flatMap((size) =>
      rows.map(({ beta, [size]: { psnrDb, msssim, rate } }) => [
        `${size}, ${betaTitle(beta)}`,
        psnrDb,
        rate?.sampledDb ?? null,
        msssim,
        rate?.klBitsPerPixel ?? null,
        rate === null ? null : 100 * rate.activeShare,
      ])
    ),
  };
}

/**
 * The medium image from the high code.
 *
 * @param metrics From the section's result.
 */
export function vaeCaptureTable({ rows }: VaeMetrics): Table {
  return {
    caption: "The medium image, mean PSNR in dB over the test photos",
    columns: [
      { title: "" },
      { title: "(a) Own code", digits: 2 },
      { title: "(b) High, scaled down", digits: 2 },
      { title: "High code, unchanged", digits: 2 },
      { title: "Channels matched", digits: 2 },
      { title: "After a linear map", digits: 2 },
      { title: "Explained variance", digits: 4 },
      { title: "CKA", digits: 4 },
    ],
    rows: rows.map(({ beta, medium, capture }) => [
      betaTitle(beta),
      medium.psnrDb,
      capture.highScaledDownDb,
      capture.asIsDb,
      capture.afterMatchingDb,
      capture.afterLinearMapDb,
      capture.explained,
      capture.cka,
    ]),
  };
}

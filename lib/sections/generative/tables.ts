/**
 * The tables of *generative*; needs no TensorFlow.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import {
  type GenerativeMetrics,
  generativeTitle,
  storedTitle,
} from "./types.ts";

/**
 * How good each way is, as single photos and as a set, and what it costs.
 *
 * @param metrics From the section's result.
 */
export function generativeTable({ ways }: GenerativeMetrics): Table {
  return makeTable("The high image, means over the test photos", ways, [
    ["", ({ way }) => generativeTitle(way)],
    ["PSNR (dB)", (row) => row.psnrDb, 2],
    ["MS-SSIM", (row) => row.msssim, 4],
    ["HaarPSI", (row) => row.haarPsi, 4],
    ["Patch distance", (row) => row.patches.distance, 4],
    ["Sharpness", (row) => row.sharpness, 3],
    ["Scaled down (dB)", (row) => row.scaledDownDb, 1],
    ["Weights", (row) => row.parameters, 0],
    ["Multiplications per pixel", (row) => row.multiplyAdds, 0],
  ]);
}

/**
 * The adversarial network with each seed, and without what keeps it stable.
 *
 * @param metrics From the section's result.
 */
export function adversarialTable(
  { adversarial, unstable }: GenerativeMetrics,
): Table {
  const rows = [
    ...adversarial.map((row) => ({ name: `seed ${row.seed}`, ...row })),
    ...unstable.quality === null
      ? []
      : [{ name: "unstable", ...unstable.quality }],
  ];
  return makeTable("The adversarial network", rows, [
    ["", ({ name }) => name],
    ["PSNR (dB)", (row) => row.psnrDb, 2],
    ["HaarPSI", (row) => row.haarPsi, 4],
    ["Sharpness", (row) => row.sharpness, 3],
    ["Patch distance", (row) => row.patches.distance, 4],
    ["Told apart", (row) => row.toldApart, 3],
  ]);
}

/**
 * The mean of more and more draws.
 *
 * @param metrics From the section's result.
 */
export function drawsTable(
  { draws, ways }: GenerativeMetrics,
): Table {
  const base = ways.find(({ way }) => way === "least error")!;
  return makeTable("The mean of several draws", draws.meanDb, [
    ["Draws", (row) => row.draws, 0],
    ["PSNR (dB)", (row) => row.psnrDb, 2],
    [
      "Against the least squared error (dB)",
      (row) => row.psnrDb - base.psnrDb,
      2,
    ],
  ]);
}

/**
 * Where draws differ, and how wrong their mean is there.
 *
 * @param metrics From the section's result.
 */
export function deviationTable(
  { draws }: GenerativeMetrics,
): Table {
  const rows = draws.bins.map((bin, i) => ({ ...bin, tenth: i + 1 }));
  return makeTable("Pixels by how much draws differ, in levels of 255", rows, [
    ["Tenth", ({ tenth }) => tenth, 0],
    ["Deviation of draws", ({ deviation }) => 255 * deviation, 2],
    ["Error of their mean", ({ error }) => 255 * error, 2],
  ]);
}

/**
 * Files whose second layer is made up, beside others of as many bytes.
 *
 * @param metrics From the section's result.
 */
export function storedTable(
  { stored }: GenerativeMetrics,
): Table {
  const rows = stored.rows.toSorted((a, b) => a.quality - b.quality);
  return makeTable("The high image from a stored file", rows, [
    ["", ({ way }) => storedTitle(way)],
    ["Bits per pixel", (row) => row.bitsPerPixel, 3],
    ["PSNR (dB)", (row) => row.psnrDb, 2],
    ["MS-SSIM", (row) => row.msssim, 4],
    ["HaarPSI", (row) => row.haarPsi, 4],
    ["Patch distance", (row) => row.distance, 4],
  ]);
}

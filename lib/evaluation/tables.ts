/**
 * The codec's measured results as tables and in short lines; they need no
 * TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { LOSSLESS_DB } from "@/metrics/psnr.ts";
import { storageTitle } from "./figures.ts";
import type { CodecRates, CodecSpeed, CodecStorage } from "./results.ts";

/**
 * How many more bits ours takes than each other codec at equal quality.
 *
 * @param sets Rates by the name of their photo set; at least one.
 * @returns One row per codec, two columns per set.
 */
export function deltaRateTable(
  sets: Readonly<Record<string, CodecRates>>,
): Table {
  const names = Object.keys(sets);
  const first = sets[names[0]!]!;
  const rates = (
    { bdRate, bdRateMsssim }: CodecRates,
    id: string,
  ) => [bdRate[id] ?? null, bdRateMsssim[id] ?? null];
  return {
    caption: `Bits of ${first.codecs[0]!.name.toLowerCase()} against each ` +
      "codec at equal quality, in percent (Bjøntegaard's delta rate, " +
      `${first.bdRange.join(" to ")} bits per pixel)`,
    columns: [
      { title: "" },
      ...names.flatMap((name) => [
        { title: `${name}, PSNR`, digits: 1 },
        { title: `${name}, MS-SSIM`, digits: 1 },
      ]),
    ],
    rows: first.codecs
      .filter(({ id }) => id in first.bdRate)
      .map(({ id, name }) => [
        name,
        ...names.flatMap((set) => rates(sets[set]!, id)),
      ]),
  };
}

/**
 * Bytes that are stored and sent, and processor times of server and client.
 *
 * @param storage The result.
 * @returns One row per way of storing photos.
 */
export function storageTable({ rows, sharedPairs }: CodecStorage): Table {
  return {
    caption: `Means over ${sharedPairs} pairs of photo and target, ` +
      "at equal PSNR",
    columns: [
      { title: "" },
      { title: "Stored (bytes)", digits: 0 },
      { title: "Sent, medium (bytes)", digits: 0 },
      { title: "Sent, high (bytes)", digits: 0 },
      { title: "Layered against this (%)", digits: 1 },
      { title: "Server, medium (ms)", digits: 0 },
      { title: "Client, medium (ms)", digits: 0 },
      { title: "Client, high (ms)", digits: 0 },
    ],
    rows: rows.map((row) => [
      storageTitle(row),
      row.storedBytes,
      row.mediumBytes,
      row.highBytes,
      row.way === "layered" ? null : row.layeredPercent,
      row.serverCpuMs?.medium ?? null,
      row.clientCpuMs?.medium ?? null,
      row.clientCpuMs?.high ?? null,
    ]),
  };
}

/**
 * Median times of each codec, and decoding as a multiple of ours.
 *
 * @param speed The result.
 * @returns One row per codec.
 */
export function speedTable(
  { rows, timesOurs, width, height, threads }: CodecSpeed,
): Table {
  return {
    caption:
      `Median times for ${width} × ${height} pixels on ${threads} threads`,
    columns: [
      { title: "" },
      { title: "Encode (ms)", digits: 0 },
      { title: "Decode, high (ms)", digits: 0 },
      { title: "Decode, medium (ms)", digits: 0 },
      { title: "Decode, high (ours = 1)", digits: 2 },
    ],
    rows: rows.map(({ id, name, ...row }) => [
      name,
      row.encodeMs,
      row.decodeHighMs,
      row.decodeMediumMs ?? null,
      timesOurs[id]?.decodeHigh ?? null,
    ]),
  };
}

/**
 * Sums up rates.
 *
 * @param rates The result.
 * @returns A line for each other codec, and for each point with a photo whose
 * PSNR is infinite or so high that it is limited.
 */
export function summarizeRates(
  { bdRate, bdRateNoEffort, codecs, dataset }: CodecRates,
): string[] {
  const capped = codecs.flatMap(({ name, points }) =>
    points.flatMap(({ quality, capped }) =>
      capped === undefined
        ? []
        : [`${name}, quality ${quality}: ` + cappedLine(capped, dataset.photos)]
    )
  );
  const deltas = Object.entries(bdRate).map(([id, percent]) => {
    const plain = bdRateNoEffort?.[id];
    const beside = plain === undefined
      ? ""
      : `, without effort ${signed(plain)}`;
    return `bits against ${id} at equal PSNR: ${signed(percent)}${beside}`;
  });
  return [...deltas, ...capped];
}

function cappedLine(capped: number, photos: number): string {
  return `${capped} of ${photos} photos lost nothing or next to nothing and ` +
    `count as ${LOSSLESS_DB} dB`;
}

/**
 * Sums up storage.
 *
 * @param storage The result.
 * @returns A line for each way that the layered file is compared with, and for
 * each target with a photo whose PSNR is infinite or so high that it is limited.
 */
export function summarizeStorage(
  { rows, targets, dataset }: CodecStorage,
): string[] {
  const capped = targets.flatMap(({ quality, capped }) =>
    capped === undefined
      ? []
      : [`target of quality ${quality}: ` + cappedLine(capped, dataset.photos)]
  );
  const compared = rows.slice(1).map((row) =>
    `against ${storageTitle(row)}: ${signed(row.layeredPercent)}`
  );
  return [...compared, ...capped];
}

/**
 * Sums up times.
 *
 * @param speed The result.
 * @returns A line for each codec.
 */
export function summarizeSpeed({ rows }: CodecSpeed): string[] {
  return rows.map(({ name, encodeMs, decodeHighMs }) =>
    `encode ${encodeMs.toFixed(0)} ms, decode ${decodeHighMs.toFixed(0)} ms: ` +
    name
  );
}

function signed(percent: number | null): string {
  if (percent === null) return "unknown";
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

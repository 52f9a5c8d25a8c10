/**
 * The tables of the codec; needs no TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { storageTitle } from "./figures.ts";
import type { CodecRates, CodecSpeed, CodecStorage } from "./results.ts";

/**
 * Bits that ours takes more than each other codec at equal quality.
 *
 * @param sets Photo sets by what a reader calls them.
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
    caption: `Bits of ${first.codecs[0]!.name.toLowerCase()} against each, ` +
      "in percent (Bjøntegaard's delta " +
      `rate, ${first.bdRange.join(" to ")} bits a pixel)`,
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

/** Bytes that are kept and sent, and what the server and the client work. */
export function storageTable({ rows, sharedPairs }: CodecStorage): Table {
  return {
    caption: `Means over ${sharedPairs} photos and targets that all reach`,
    columns: [
      { title: "" },
      { title: "Stored (bytes)", digits: 0 },
      { title: "Sent, medium", digits: 0 },
      { title: "Sent, high", digits: 0 },
      { title: "Layered against it (%)", digits: 1 },
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

/** Median times, and how many times as long as ours each takes. */
export function speedTable(
  { rows, timesOurs, width, height, threads }: CodecSpeed,
): Table {
  return {
    caption: `${width} × ${height} pixels on ${threads} threads, medians`,
    columns: [
      { title: "" },
      { title: "Encode (ms)", digits: 0 },
      { title: "Decode, high (ms)", digits: 0 },
      { title: "Decode, medium (ms)", digits: 0 },
      { title: "Decode, high: times ours", digits: 2 },
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

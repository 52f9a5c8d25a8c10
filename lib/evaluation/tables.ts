/**
 * The codec's measured results as tables and in short lines; they need no
 * TensorFlow.
 *
 * @module
 */

import { makeTable, type Table, type ValueColumn } from "@/charts/table.ts";
import { LOSSLESS_DB } from "@/metrics/psnr.ts";
import { storageTitle } from "./figures.ts";
import type { StorageRow } from "./types.ts";
import type { CodecRates, CodecSpeed, CodecStorage } from "./results.ts";

/**
 * How many more bits ours takes than each other codec at equal quality.
 *
 * @param sets Rates by the name of their photo set; at least one.
 * @returns One row per codec, a column per set and measure.
 */
export function deltaRateTable(
  sets: Readonly<Record<string, CodecRates>>,
): Table {
  const names = Object.keys(sets);
  const first = sets[names[0]!]!;
  return makeTable(
    `Bits of ${first.codecs[0]!.name.toLowerCase()} against each ` +
      "codec at equal quality, in percent (Bjøntegaard's delta rate, " +
      `${first.bdRange.join(" to ")} bits per pixel)`,
    first.codecs.filter(({ id }) => id in first.bdRate),
    [
      ["", ({ name }) => name],
      ...names.flatMap((name) => {
        const { bdRate, bdRateWithEffort, ...seen } = sets[name]!;
        return [
          ...rateColumn(`${name}, PSNR`, bdRate),
          ...rateColumn(`${name}, PSNR, with effort`, bdRateWithEffort),
          ...rateColumn(`${name}, MS-SSIM`, seen.bdRateMsssim),
          ...rateColumn(`${name}, SSIMULACRA 2`, seen.bdRateSsimulacra2),
        ];
      }),
    ],
  );
}

/** A column of delta rates; none if they were not measured. */
function rateColumn(
  title: string,
  rates: CodecRates["bdRate"] | undefined,
): ValueColumn<{ id: string }>[] {
  return rates === undefined ? [] : [[title, ({ id }) => rates[id], 1]];
}

/**
 * Bytes that are stored and sent, and processor times of server and client.
 *
 * @param storage The result.
 * @returns One row per way of storing photos.
 */
export function storageTable({ rows, sharedPairs }: CodecStorage): Table {
  const caption = `Means over ${sharedPairs} pairs of photo and target, ` +
    "at equal PSNR; the percentages compare these means";
  const [layered] = rows;
  return makeTable(caption, rows, [
    ["", storageTitle],
    ["Stored (bytes)", (row) => row.storedBytes, 0],
    ["Sent, medium (bytes)", (row) => row.mediumBytes, 0],
    ["Sent, high (bytes)", (row) => row.highBytes, 0],
    [
      "Layered against this (%)",
      (row) => row === layered ? null : storedPercent(layered!, row),
      1,
    ],
    ["Server, medium (ms)", (row) => row.serverCpuMs?.medium, 0],
    ["Client, medium (ms)", (row) => row.clientCpuMs?.medium, 0],
    ["Client, high (ms)", (row) => row.clientCpuMs?.high, 0],
  ]);
}

/**
 * Compares what two ways of storing photos store: the one definition of such
 * percentages in tables and texts, which follows from the columns beside them.
 *
 * @param way A way.
 * @param other The way to compare it with.
 * @returns By how many percent the mean bytes of the first are more; `null` if
 * one of them has none.
 */
export function storedPercent(
  way: Pick<StorageRow, "storedBytes">,
  other: Pick<StorageRow, "storedBytes">,
): number | null {
  return percentMore(way.storedBytes, other.storedBytes);
}

/**
 * Compares what two ways of storing photos send for the medium image, as
 * {@linkcode storedPercent} does for what is stored.
 *
 * @param way A way.
 * @param other The way to compare it with.
 * @returns By how many percent the mean bytes of the first are more; `null` if
 * one of them has none.
 */
export function sentPercent(
  way: Pick<StorageRow, "mediumBytes">,
  other: Pick<StorageRow, "mediumBytes">,
): number | null {
  return percentMore(way.mediumBytes, other.mediumBytes);
}

function percentMore(bytes: number | null, others: number | null) {
  return bytes === null || others === null ? null : 100 * (bytes / others - 1);
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
  const caption =
    `Median times for ${width} × ${height} pixels on ${threads} threads`;
  return makeTable(caption, rows, [
    ["", ({ name }) => name],
    ["Encode (ms)", (row) => row.encodeMs, 0],
    ["Decode, high (ms)", (row) => row.decodeHighMs, 0],
    ["Decode, medium (ms)", (row) => row.decodeMediumMs, 0],
    ["Decode, high (ours = 1)", ({ id }) => timesOurs[id]?.decodeHigh, 2],
  ]);
}

/**
 * Sums up rates.
 *
 * @param rates The result.
 * @returns A line for each other codec, and for each point with a photo whose
 * PSNR is infinite or so high that it is limited.
 */
export function summarizeRates(
  { kept = [], bdRateSsimulacra2 = {}, ...rates }: CodecRates,
): string[] {
  const { bdRate, bdRateWithEffort, codecs, dataset } = rates;
  const names = codecs.flatMap(({ id, name }) =>
    kept.includes(id) ? [name] : []
  );
  const notice = names.length === 0
    ? []
    : [`kept from the earlier measurement: ${names.join(", ")}`];
  const capped = codecs.flatMap(({ name, points }) =>
    points.flatMap(({ quality, capped }) =>
      capped === undefined
        ? []
        : [`${name}, quality ${quality}: ` + cappedLine(capped, dataset.photos)]
    )
  );
  const deltas = Object.entries(bdRate).map(([id, percent]) => {
    const refined = bdRateWithEffort?.[id];
    const beside = refined === undefined
      ? ""
      : `, with effort ${signed(refined)}`;
    return `bits against ${id} at equal PSNR: ${signed(percent)}${beside}`;
  });
  const seen = Object.entries(bdRateSsimulacra2).map(([id, percent]) =>
    `bits against ${id} at equal SSIMULACRA 2: ${signed(percent)}`
  );
  return [...notice, ...deltas, ...seen, ...capped];
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
    `against ${storageTitle(row)}: ${signed(storedPercent(rows[0]!, row))}`
  );
  const avif = rows.find(({ codec }) => codec === "layeredAvif");
  const prefix = avif === undefined ? [] : [
    "medium image against a layered AVIF's: " +
    signed(sentPercent(rows[0]!, avif)),
  ];
  return [...compared, ...prefix, ...capped];
}

/**
 * Sums up times.
 *
 * @param speed The result.
 * @returns A line for each codec.
 */
export function summarizeSpeed({ rows, large }: CodecSpeed): string[] {
  const line = (encodeMs: number, decodeHighMs: number, name: string) =>
    `encode ${encodeMs.toFixed(0)} ms, decode ${decodeHighMs.toFixed(0)} ms: ` +
    name;
  const ofLarge = large && line(
    large.encodeMs,
    large.decodeHighMs,
    `ours, ${large.width} x ${large.height} pixels, at most ` +
      `${large.encodeMiB} and ${large.decodeHighMiB} MiB`,
  );
  return [
    ...rows.map(({ name, encodeMs, decodeHighMs }) =>
      line(encodeMs, decodeHighMs, name)
    ),
    ...ofLarge === undefined ? [] : [ofLarge],
  ];
}

function signed(percent: number | null): string {
  if (percent === null) return "unknown";
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

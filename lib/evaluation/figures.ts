/**
 * The figures of what was measured of the codec, drawn without TensorFlow.
 *
 * @module
 */

import {
  barChart,
  type Chart,
  rateChart,
  type RateChartPoint,
} from "@/charts/mod.ts";
import {
  type CodecCurve,
  type CodecPoint,
  type CodecRates,
  type CodecSpeed,
  type CodecStorage,
  readRates,
  readSpeed,
  readStorage,
  readViews,
  type StorageRow,
} from "./results.ts";
import { viewFigures } from "./view_figures.ts";
import type { Figure } from "@/experiment/types.ts";

/** Rates that charts show, in bits a pixel: those that photos are kept at. */
const SHOWN = [0.05, 2] as const;

/**
 * Rate and quality of the photo, and of the image of half its size.
 *
 * @param rates From `readRates`.
 * @param file What names of figures begin with, such as `kodak`.
 */
export function ratesFigures(rates: CodecRates, file: string): Figure[] {
  return [
    { name: `${file}_psnr`, chart: fullChart(rates, "psnrDb") },
    { name: `${file}_msssim`, chart: fullChart(rates, "msssim") },
    { name: `${file}_half_psnr`, chart: halfChart(rates) },
  ];
}

function fullChart(
  rates: CodecRates,
  quality: "psnrDb" | "msssim",
): Chart {
  return rateChart({
    title: "Rate and quality of whole photos",
    subtitle: photosOf(rates),
    quality,
    ours: oursOf(rates),
    points: pointsOf(rates.codecs, ({ bpp, psnrDb, msssim }) => ({
      bpp,
      psnrDb,
      msssim,
    })),
  });
}

function halfChart(rates: CodecRates): Chart {
  return rateChart({
    title: "Rate and quality at half the size",
    subtitle: `${photosOf(rates)}; bits sent for it, a pixel of the photo`,
    ours: oursOf(rates),
    points: pointsOf(
      rates.codecs,
      ({ bpp, halfBpp = bpp, halfPsnrDb }) =>
        halfPsnrDb === undefined
          ? undefined
          : { bpp: halfBpp, psnrDb: halfPsnrDb },
    ),
  });
}

function oursOf({ codecs }: CodecRates): string[] {
  return codecs.filter(({ id }) => id.startsWith("ours"))
    .map(({ name }) => name);
}

function photosOf({ dataset: { name, photos } }: CodecRates): string {
  return `Means over ${photos} ${photos === 1 ? "photo" : "photos"}, ${name}`;
}

function pointsOf(
  codecs: readonly CodecCurve[],
  read: (point: CodecPoint) => Omit<RateChartPoint, "codec"> | undefined,
): RateChartPoint[] {
  return codecs.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const shown = read(point);
      return shown !== undefined && isShown(shown.bpp)
        ? [{ codec: name, ...shown }]
        : [];
    })
  );
}

function isShown(bpp: number): boolean {
  return bpp >= SHOWN[0] && bpp <= SHOWN[1];
}

/** Bytes that are kept and sent, at equal PSNR at both sizes. */
export function storageFigures(storage: CodecStorage): Figure[] {
  return [
    {
      name: "storage_stored",
      chart: storageChart(storage, "stored", ({ storedBytes }) => storedBytes),
    },
    {
      name: "storage_medium",
      chart: storageChart(
        storage,
        "sent for the medium image",
        ({ mediumBytes }) => mediumBytes,
      ),
    },
    {
      name: "storage_high",
      chart: storageChart(
        storage,
        "sent for the photo",
        ({ highBytes }) => highBytes,
      ),
    },
  ];
}

function storageChart(
  { rows }: CodecStorage,
  what: string,
  read: (row: StorageRow) => number | null,
): Chart {
  return barChart({
    title: `Bytes ${what}, at equal PSNR at both sizes`,
    label: "kB a photo, mean over photos and targets",
    digits: 1,
    bars: rows.flatMap((row) => {
      const bytes = read(row);
      return bytes === null
        ? []
        : [{ name: storageTitle(row), values: [bytes / 1000] }];
    }),
  });
}

/** A way and its codec, such as `WebP: two files`. */
export function storageTitle(
  { way, name }: Pick<StorageRow, "way" | "name">,
): string {
  return `${name.split(",")[0]}: ${way}`;
}

/** Time to encode and to decode. */
export function speedFigures({ rows, width, height }: CodecSpeed): Figure[] {
  const bars = (
    title: string,
    read: (row: CodecSpeed["rows"][number]) => number | undefined,
  ) =>
    barChart({
      title: `${title}, ${width} × ${height} pixels`,
      label: "Milliseconds, median",
      digits: 0,
      bars: rows.flatMap((row) => {
        const ms = read(row);
        return ms === undefined ? [] : [{ name: row.name, values: [ms] }];
      }),
    });
  return [
    { name: "encode_time", chart: bars("Encoding", (row) => row.encodeMs) },
    {
      name: "decode_time",
      chart: bars("Decoding the photo", (row) => row.decodeHighMs),
    },
    {
      name: "decode_medium_time",
      chart: bars("Decoding at half the size", (row) => row.decodeMediumMs),
    },
  ];
}

/** Names of files of rates, as `photosToMeasure` gives them. */
const RATES = /^(kodak|starter|div2k|folder_.*)$/;

/**
 * The figures of all results that there are.
 *
 * @param folder Such as `results/codec`; it need not exist.
 * @throws {ResultError} If a result is broken.
 */
export async function codecFigures(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const file of await resultFiles(folder)) {
    if (file === "storage") {
      figures.push(...storageFigures(await readStorage(folder)));
    } else if (file === "speed") {
      figures.push(...speedFigures(await readSpeed(folder)));
    } else if (file === "views") {
      figures.push(...await viewFigures(await readViews(folder), folder));
    } else if (RATES.test(file)) {
      figures.push(...ratesFigures(await readRates(folder, file), file));
    }
  }
  return figures;
}

async function resultFiles(folder: string): Promise<string[]> {
  try {
    const files = await Array.fromAsync(Deno.readDir(folder));
    return files.flatMap(({ name }) =>
      name.endsWith(".json") ? [name.slice(0, -".json".length)] : []
    ).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

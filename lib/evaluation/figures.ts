/**
 * The figures of the codec's measured results, drawn without TensorFlow.
 *
 * @module
 */

import {
  barChart,
  type Chart,
  photoGrid,
  rateChart,
  type RateChartPoint,
} from "@/charts/mod.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure } from "@/experiment/types.ts";
import {
  type CodecPoint,
  type CodecRates,
  type CodecSpeed,
  type CodecStorage,
  type CodecViews,
  readRates,
  readSpeed,
  readStorage,
  readViews,
  type StorageRow,
  type ViewedFile,
  viewStrip,
} from "./results.ts";

/** Names of rates' files, as `photosToMeasure` gives them. */
const RATES = /^(kodak|starter|div2k|folder_.*)$/;

/**
 * Draws the figures of all results in a folder.
 *
 * @param folder Such as `results/codec`; it need not exist.
 * @returns Charts and photos, in the order of the files' names.
 * @throws {ResultError} If a result is invalid.
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

/** Rate and quality of the photo, and of the image of half its size. */
function ratesFigures(rates: CodecRates, file: string): Figure[] {
  const { name, photos } = rates.dataset;
  const set = `Mean of ${photos} ${photos === 1 ? "photo" : "photos"}, ${name}`;
  const whole = (quality: "psnrDb" | "msssim") =>
    rateChart({
      title: "Rate and quality of whole photos",
      subtitle: set,
      quality,
      ours: ourNames(rates),
      points: chartPoints(rates, ({ bpp, psnrDb, msssim }) => ({
        bpp,
        psnrDb,
        msssim,
      })),
    });
  const half = rateChart({
    title: "Rate and quality at half the size",
    subtitle: `${set}; bits that are sent, per pixel of the photo`,
    ours: ourNames(rates),
    points: chartPoints(
      rates,
      ({ bpp, halfBpp = bpp, halfPsnrDb }) =>
        halfPsnrDb === undefined
          ? undefined
          : { bpp: halfBpp, psnrDb: halfPsnrDb },
    ),
  });
  return [
    { name: `${file}_psnr`, chart: whole("psnrDb") },
    { name: `${file}_msssim`, chart: whole("msssim") },
    { name: `${file}_half_psnr`, chart: half },
  ];
}

function ourNames({ codecs }: CodecRates): string[] {
  return codecs.filter(({ id }) => id.startsWith("ours"))
    .map(({ name }) => name);
}

/** Rates that charts show, in bits per pixel: those of photos on the web. */
const SHOWN = [0.05, 2] as const;

function chartPoints(
  { codecs }: CodecRates,
  read: (point: CodecPoint) => Omit<RateChartPoint, "codec"> | undefined,
): RateChartPoint[] {
  return codecs.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const shown = read(point);
      return shown && shown.bpp >= SHOWN[0] && shown.bpp <= SHOWN[1]
        ? [{ codec: name, ...shown }]
        : [];
    })
  );
}

/** Bytes that are stored and sent, at equal PSNR at both sizes. */
function storageFigures({ rows }: CodecStorage): Figure[] {
  const bars = (
    name: string,
    what: string,
    read: (row: StorageRow) => number | null,
  ) => ({
    name,
    chart: barChart({
      title: `Bytes ${what}, at equal PSNR at both sizes`,
      label: "kB per photo, mean over photos and targets",
      digits: 1,
      bars: rows.flatMap((row) => {
        const bytes = read(row);
        return bytes === null
          ? []
          : [{ name: storageTitle(row), values: [bytes / 1000] }];
      }),
    }),
  });
  return [
    bars("storage_stored", "stored", ({ storedBytes }) => storedBytes),
    bars(
      "storage_medium",
      "sent for the medium image",
      ({ mediumBytes }) => mediumBytes,
    ),
    bars("storage_high", "sent for the photo", ({ highBytes }) => highBytes),
  ];
}

/**
 * Names a way of storing photos with a codec.
 *
 * @param row A row of the table of storage.
 * @returns Such as `WebP: two files`.
 */
export function storageTitle(
  { way, name }: Pick<StorageRow, "way" | "name">,
): string {
  return `${name.split(",")[0]}: ${way}`;
}

/** Time to encode and to decode. */
function speedFigures({ rows, width, height }: CodecSpeed): Figure[] {
  const bars = (
    title: string,
    read: (row: CodecSpeed["rows"][number]) => number | undefined,
  ): Chart =>
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

/** Photos by all codecs at the same size, and both images of our files. */
async function viewFigures(
  { views }: CodecViews,
  folder: string,
): Promise<Figure[]> {
  const crops = (id: string) => readStrip(`${folder}/${viewStrip(id)}`);
  const names = views[0]!.files.map(({ name }) => name);
  const columns = views.map(({ name }) => name.replace(/\.\w+$/, ""));
  const originals = { label: "Original", photos: await crops("original") };
  const rows = await Promise.all(views[0]!.files.map(async (file, i) => ({
    label: file.name.replace(", ", ",\n"),
    photos: await crops(file.id),
    captions: views.map(({ files }) => sizeAndQuality(files[i]!)),
  })));
  const medium = {
    label: "Medium, from the\nfirst layer",
    photos: await crops("medium"),
    captions: views.map(({ mediumBytes, mediumDb }) =>
      sizeAndQuality({ bytes: mediumBytes, psnrDb: mediumDb })
    ),
  };
  return [
    {
      name: "same_bytes",
      alt: `Crops of test photos: the original, then ${names.join(", ")}, ` +
        "in files of about the same size",
      photos: await photoGrid({
        title: "Crops of test photos; bytes and PSNR of the whole photos",
        columns,
        rows: [originals, ...rows],
        format: "jpeg",
      }),
    },
    {
      name: "both_sizes",
      alt: "The medium image from the first bytes of our file, and the high " +
        "image from all of it",
      photos: await photoGrid({
        title: "One file, both sizes",
        columns,
        rows: [medium, { ...rows[0]!, label: "High, from\nboth layers" }],
        format: "jpeg",
      }),
    },
  ];
}

function sizeAndQuality(
  { bytes, psnrDb }: Pick<ViewedFile, "bytes" | "psnrDb">,
): string {
  return `${(bytes / 1000).toFixed(1)} kB, ${psnrDb.toFixed(1)} dB`;
}

/**
 * The figures of the codec's measured results, drawn without TensorFlow.
 *
 * @module
 */

import {
  barChart,
  photoGrid,
  type PhotoRow,
  rateChart,
  type RateChartPoint,
} from "@/charts/mod.ts";
import { LOSSLESS_DB } from "@/metrics/psnr.ts";
import type { QualityMetric } from "@/metrics/rate_point.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import { listIfPresent } from "@/files/if_present.ts";
import type { Drawing, Figures } from "@/experiment/types.ts";
import {
  type CodecPoint,
  type CodecRates,
  type CodecSpeed,
  type CodecStorage,
  type CodecViews,
  readPerception,
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
 * Reads all results in a folder. Their figures are drawn when they are called.
 *
 * @param folder Such as `results/codec`; it need not exist.
 * @returns The figures by name, in the order of the files' names.
 * @throws {ResultError} If a result is invalid.
 */
export async function codecFigures(folder: string): Promise<Figures> {
  const figures: Figures[] = [];
  for (const file of await resultFiles(folder)) {
    if (file === "storage") {
      figures.push(storageFigures(await readStorage(folder)));
    } else if (file === "speed") {
      figures.push(speedFigures(await readSpeed(folder)));
    } else if (file === "views") {
      figures.push(viewFigures(await readViews(folder), folder));
    } else if (file === "perception") {
      figures.push(perceptionFigures(await readPerception(folder)));
    } else if (RATES.test(file)) {
      figures.push(ratesFigures(await readRates(folder, file), file));
    }
  }
  return Object.assign({}, ...figures);
}

async function resultFiles(folder: string): Promise<string[]> {
  return (await listIfPresent(folder)).flatMap(({ name }) =>
    name.endsWith(".json") ? [name.slice(0, -".json".length)] : []
  ).sort();
}

/** Rate and quality of the photo, and of the image of half its size. */
function ratesFigures(rates: CodecRates, file: string): Figures {
  const half = () => ({
    chart: rateChart({
      title: "Rate and quality at half the size",
      subtitle: `${
        photosOf(rates)
      }; bits that are sent, per pixel of the photo`,
      ours: ourNames(rates),
      points: chartPoints(
        rates,
        ({ bpp, halfBpp = bpp, halfPsnrDb }) =>
          halfPsnrDb === undefined
            ? undefined
            : { bpp: halfBpp, psnrDb: halfPsnrDb },
      ),
    }),
  });
  return {
    [`${file}_psnr`]: wholePhotos(rates, "psnrDb"),
    [`${file}_msssim`]: wholePhotos(rates, "msssim"),
    [`${file}_half_psnr`]: half,
  };
}

/** Rate and quality of the photo as the eye sees it. */
function perceptionFigures(rates: CodecRates): Figures {
  return { perception: wholePhotos(rates, "ssimulacra2") };
}

function wholePhotos(rates: CodecRates, quality: QualityMetric) {
  return () => ({
    chart: rateChart({
      title: "Rate and quality of whole photos",
      subtitle: photosOf(rates),
      quality,
      ours: ourNames(rates),
      points: chartPoints(
        rates,
        (point) => point[quality] === undefined ? undefined : point,
      ),
    }),
  });
}

function photosOf({ dataset: { name, photos }, codecs }: CodecRates): string {
  const mean = `Mean of ${photos} ${
    photos === 1 ? "photo" : "photos"
  }, ${name}`;
  const isCapped = codecs.some(({ points }) =>
    points.some(({ bpp, capped }) => isShown(bpp) && capped !== undefined)
  );
  return isCapped
    ? `${mean}; PSNR above ${LOSSLESS_DB} dB counts as ${LOSSLESS_DB}`
    : mean;
}

function ourNames({ codecs }: CodecRates): string[] {
  return codecs.filter(({ id }) => id.startsWith("ours"))
    .map(({ name }) => name);
}

/** Rates that charts show, in bits per pixel: those of photos on the web. */
const SHOWN = [0.05, 2] as const;

function isShown(bpp: number): boolean {
  return bpp >= SHOWN[0] && bpp <= SHOWN[1];
}

function chartPoints(
  { codecs }: CodecRates,
  read: (point: CodecPoint) => Omit<RateChartPoint, "codec"> | undefined,
): RateChartPoint[] {
  return codecs.flatMap(({ name, points }) =>
    points.flatMap((point) => {
      const shown = read(point);
      return shown && isShown(shown.bpp) ? [{ codec: name, ...shown }] : [];
    })
  );
}

/** Bytes that are stored and sent, at equal PSNR at both sizes. */
function storageFigures({ rows }: CodecStorage): Figures {
  const bars = (
    what: string,
    read: (row: StorageRow) => number | null,
  ) =>
  () => ({
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
  return {
    storage_stored: bars("stored", ({ storedBytes }) => storedBytes),
    storage_medium: bars(
      "sent for the medium image",
      ({ mediumBytes }) => mediumBytes,
    ),
    storage_high: bars("sent for the photo", ({ highBytes }) => highBytes),
  };
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
function speedFigures({ rows, width, height }: CodecSpeed): Figures {
  const bars = (
    title: string,
    read: (row: CodecSpeed["rows"][number]) => number | undefined,
  ) =>
  () => ({
    chart: barChart({
      title: `${title}, ${width} × ${height} pixels`,
      label: "Milliseconds, median",
      digits: 0,
      bars: rows.flatMap((row) => {
        const ms = read(row);
        return ms === undefined ? [] : [{ name: row.name, values: [ms] }];
      }),
    }),
  });
  return {
    encode_time: bars("Encoding", (row) => row.encodeMs),
    decode_time: bars("Decoding the photo", (row) => row.decodeHighMs),
    decode_medium_time: bars(
      "Decoding at half the size",
      (row) => row.decodeMediumMs,
    ),
  };
}

/** Photos by all codecs at the same size, and both images of our files. */
function viewFigures({ views }: CodecViews, folder: string): Figures {
  const files = views[0]!.files;
  const columns = views.map(({ name }) => name.replace(/\.\w+$/, ""));
  const crops = (id: string) => readStrip(`${folder}/${viewStrip(id)}`);
  const codec = async (i: number, label: string): Promise<PhotoRow> => ({
    label,
    photos: await crops(files[i]!.id),
    captions: views.map(({ files }) => sizeAndQuality(files[i]!)),
  });
  const sameBytes = async (): Promise<Drawing> => ({
    alt: "Crops of test photos: the original, then " +
      `${files.map(({ name }) => name).join(", ")}, ` +
      "in files of about the same size",
    photos: await photoGrid({
      title: "Crops of test photos; bytes and PSNR of the whole photos",
      columns,
      rows: [
        { label: "Original", photos: await crops("original") },
        ...await Promise.all(
          files.map(({ name }, i) => codec(i, name.replace(", ", ",\n"))),
        ),
      ],
      format: "jpeg",
    }),
  });
  const bothSizes = async (): Promise<Drawing> => ({
    alt: "The medium image from the first bytes of our file, and the high " +
      "image from all of it",
    photos: await photoGrid({
      title: "One file, both sizes",
      columns,
      rows: [
        {
          label: "Medium, from the\nfirst layer",
          photos: await crops("medium"),
          captions: views.map(({ mediumBytes, mediumDb }) =>
            sizeAndQuality({ bytes: mediumBytes, psnrDb: mediumDb })
          ),
        },
        await codec(0, "High, from\nboth layers"),
      ],
      format: "jpeg",
    }),
  });
  return { same_bytes: sameBytes, both_sizes: bothSizes };
}

function sizeAndQuality(
  { bytes, psnrDb }: Pick<ViewedFile, "bytes" | "psnrDb">,
): string {
  const decibels = psnrDb < LOSSLESS_DB
    ? `${psnrDb.toFixed(1)} dB`
    : `at least ${LOSSLESS_DB} dB`;
  return `${(bytes / 1000).toFixed(1)} kB, ${decibels}`;
}

/**
 * The result on the front page, made from measurements: one photo from the
 * prefixes of one file, bytes stored as bars, what that saves, and where AVIF
 * is ahead.
 *
 * @module
 */
import { join } from "node:path";
import { barChart, chartSvg, escapeHtml } from "@/charts/mod.ts";
import { decodeImage, loadModel, parseHeader } from "@/codec/mod.ts";
import { readRates, readStorage } from "@/evaluation/results.ts";
import { sentPercent, storedPercent } from "@/evaluation/tables.ts";
import type {
  CodecRates,
  CodecStorage,
  StorageRow,
} from "@/evaluation/types.ts";
import {
  capitalized,
  count,
  moreOr,
  percent,
} from "@/experiment/number_words.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { encodePixels, type Pixels } from "@/images/mod.ts";
import { readModel } from "@/tasks/codec_files/read_model.ts";
import { startBackend } from "@/tasks/codec_files/start_backend.ts";
import type { DemoPhotos } from "@/web/demo_photos.ts";
import { chartFigure } from "./page_figures.ts";
import { photoFolder, previewFile, type SiteFiles } from "./site_files.ts";

/** What was measured of the codec; what is missing was not. */
export interface Measured {
  /** Bytes of each way to keep two sizes. */
  readonly storage?: CodecStorage;
  /** Rates on Kodak's photos. */
  readonly kodak?: CodecRates;
}

/**
 * Reads what was measured.
 *
 * @param root The checkout.
 * @returns The measurements that are there.
 * @throws {ResultError} If one of them is invalid.
 */
export async function readMeasured(root: string): Promise<Measured> {
  const folder = join(root, "results", "codec");
  const isThere = async (name: string) =>
    await readTextIfPresent(join(folder, `${name}.json`)) !== undefined;
  return {
    ...await isThere("storage") ? { storage: await readStorage(folder) } : {},
    ...await isThere("kodak")
      ? { kodak: await readRates(folder, "kodak") }
      : {},
  };
}

/** A way of keeping two sizes, and its name in a sentence. */
export interface NamedWay {
  /** Such as `two AVIF files`. */
  readonly name: string;
  /** What was measured. */
  readonly row: StorageRow;
}

/**
 * Picks the ways of keeping two sizes that a reader compares first.
 *
 * @param storage The measurement.
 * @returns Ours first, then those of the others that were measured.
 */
export function comparedWays({ rows }: CodecStorage): NamedWay[] {
  const find = (codec: string, way: string) =>
    rows.find((row) => row.codec === codec && row.way === way);
  const ways: [name: string, row: StorageRow | undefined][] = [
    ["one file of ours", rows[0]],
    ["two AVIF files", find("avif", "two files")],
    ["one AVIF file, scaled down at the edge", find("avif", "high only")],
    ["two WebP files", find("webp", "two files")],
  ];
  return ways.flatMap(([name, row]) => row ? [{ name, row }] : []);
}

/**
 * Says how two amounts differ.
 *
 * @param difference In percent.
 * @returns Such as `12 % more` or `4 % less`.
 */
export function moreOrLess(difference: number | null): string {
  if (difference === null) return "–";
  return moreOr(difference / 100, "less");
}

/**
 * Draws the bytes that each way stores, ours in colour.
 *
 * @param storage The measurement.
 * @returns HTML.
 */
export async function storedBars(storage: CodecStorage): Promise<string> {
  const bars = comparedWays(storage).flatMap(({ name, row }) =>
    row.storedBytes === null
      ? []
      : [{ name: capitalized(name), values: [row.storedBytes / 1000] }]
  );
  const chart = barChart({
    title: "Stored for both sizes of a photo",
    label: "kB, mean at equal PSNR at both sizes",
    digits: 1,
    bars,
    ...bars[0] === undefined ? {} : { marked: bars[0].name },
  });
  return chartFigure(chart, await chartSvg(chart), "front");
}

/**
 * Says in a sentence what one file saves, and beside it where AVIF is ahead.
 *
 * @param storage Bytes of each way.
 * @param kodak Rates on Kodak's photos.
 * @returns HTML.
 */
export function frontAnswer(storage: CodecStorage, kodak?: CodecRates): string {
  const [ours, ...others] = comparedWays(storage);
  const stored = (name: string) => {
    const other = others.find((way) => way.name === name);
    return other && storedPercent(ours!.row, other.row);
  };
  const against = ["two AVIF files", "two WebP files"].flatMap((name) => {
    const difference = stored(name);
    return difference == null ? [] : `${moreOrLess(difference)} than ${name}`;
  });
  const wins = avifWins(ours!, others, kodak);
  const list = wins.length === 0
    ? "In none of these measurements."
    : `<ul>${wins.map((win) => `<li>${win}</li>`).join("")}</ul>`;
  return `<div class="front-answer">
<div><strong>The result.</strong> For both sizes of a photo at equal PSNR, one
file of ours stores ${against.join(" and ")}, and the server only sends bytes,
whichever size is asked for.</div>
<div><strong>Where AVIF wins.</strong> ${list}</div>
</div>`;
}

/** Where ours takes more than AVIF, each in words. */
function avifWins(
  ours: NamedWay,
  others: readonly NamedWay[],
  kodak: CodecRates | undefined,
): string[] {
  const avif = others.filter(({ row }) => row.codec === "avif");
  const two = avif.find(({ row }) => row.way === "two files")?.row;
  const one = avif.find(({ row }) => row.way === "high only")?.row;
  const more = (
    difference: number | null | undefined,
    words: (more: string) => string,
  ) => difference && difference > 0 ? [words(moreOrLess(difference))] : [];
  const medium = two && sentPercent(ours.row, two);
  const work = one?.serverCpuMs?.medium;
  return [
    ...more(
      kodak?.bdRate["avif"],
      (more) =>
        `Where one size is enough: on Kodak’s photos our file takes ${more} ` +
        "bits at equal PSNR.",
    ),
    ...more(
      medium,
      (more) => `In the medium image alone: ours sends ${more} bytes.`,
    ),
    ...more(
      one && storedPercent(ours.row, one),
      (more) =>
        `In one file that the edge scales down: ours stores ${more}, where ` +
        `AVIF costs ${
          work === undefined ? "work" : `${count(work)} ms of work`
        } for each medium image.`,
    ),
  ];
}

/**
 * Decodes the demo's first photo from the prefixes of its file, and keeps the
 * high image for previews of the site as well.
 *
 * @param root The checkout.
 * @param files The site's files; the images are added to them.
 * @returns HTML; `undefined` if there is no demo.
 */
export async function photoStages(
  root: string,
  files: SiteFiles,
): Promise<string | undefined> {
  const folder = join(root, "results", "codec");
  const text = await readTextIfPresent(join(folder, "demo", "photos.json"));
  if (text === undefined) return undefined;
  const [photo] = (JSON.parse(text) as DemoPhotos).photos;
  const { qualities, name, credit } = photo!;
  const { ours, quality } = qualities[qualities.length >> 1]!;
  const file = await Deno.readFile(join(folder, "demo", ours.path));
  const { thumbnailBytes, mediumBytes } = parseHeader(file);
  const { thumbnail, medium, high } = await decodeAll(folder, file);
  const stage = async (id: string, what: string, image: Pixels, end: number) =>
    await stageFigure(files, {
      id,
      alt: `${name}: ${what}`,
      image,
      words: `<strong>${capitalized(what)}</strong>, ${image.width} × ` +
        `${image.height}: ${end < file.length ? "the first " : "all "}${
          count(end)
        } bytes` +
        (end < file.length ? ` (${percent(end / file.length)})` : ""),
    });
  files.set(
    previewFile,
    Uint8Array.from(await encodePixels(high, "jpeg", { quality: 85 })),
  );
  return `<div class="stages">
${await stage("placeholder", "placeholder", thumbnail, thumbnailBytes)}
${await stage("medium", "medium image", medium, mediumBytes)}
${await stage("high", "high image", high, file.length)}
</div>
<p class="stages-credit">One file, at quality ${quality}. ${
    escapeHtml(credit)
  }</p>`;
}

async function decodeAll(folder: string, file: Uint8Array) {
  const model = await readModel(join(folder, "weights.safetensors"));
  await startBackend();
  const loaded = loadModel(model);
  try {
    const small = await decodeImage(loaded, file, { size: "thumbnail" });
    const { medium, high } = await decodeImage(loaded, file, { size: "both" });
    return { thumbnail: small.thumbnail!, medium: medium!, high: high! };
  } finally {
    loaded.dispose();
  }
}

/** One image with what it is and its bytes below. */
async function stageFigure(
  files: SiteFiles,
  { id, alt, image, words }: {
    readonly id: string;
    readonly alt: string;
    readonly image: Pixels;
    readonly words: string;
  },
): Promise<string> {
  const path = `${photoFolder}/front_${id}.webp`;
  files.set(
    path,
    Uint8Array.from(await encodePixels(image, "webp", { quality: 92 })),
  );
  return `<figure class="stage-${id}"><img src="${path}" alt="${
    escapeHtml(alt)
  }" width="${image.width}" height="${image.height}"><figcaption>${words}</figcaption></figure>`;
}

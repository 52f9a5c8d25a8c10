/**
 * What the notebook on the codec says in numbers.
 *
 * @module
 */

import {
  apart,
  count,
  decibels,
  moreOr,
  percent,
} from "@/experiment/number_words.ts";
import { mean } from "@/metrics/statistics.ts";
import {
  decodeImage,
  type LoadedModel,
  type ParsedHeader,
  parseHeader,
} from "@/codec/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import type {
  CodecRates,
  CodecSpeed,
  CodecStorage,
  CodecViews,
} from "./results.ts";
import { sentPercent, storedPercent } from "./tables.ts";
import type { StorageRow, StorageWay } from "./types.ts";

/**
 * Describes what was measured, and on which photos.
 *
 * @param kodak Rates on Kodak's photos.
 * @param starter Rates on the starter set's test photos.
 * @returns Markdown.
 */
export function describeMeasurement(
  kodak: CodecRates,
  starter: CodecRates,
): string {
  return `Measured with the published weights, model \`${kodak.model}\`, on the
${kodak.dataset.photos} photos of Kodak and on ${starter.dataset.photos} test
photos of the starter set, scaled down to Kodak's size; the training saw none of
them. Sizes are those of real files, header included; PSNR and MS-SSIM are of
8-bit pixels. Machine: ${kodak.machine.cores} cores (${kodak.machine.cpu}).`;
}

/**
 * Compares our files with others of about the same bytes.
 *
 * @param views Photos side by side.
 * @returns Markdown.
 */
export function compareViews({ views, quality }: CodecViews): string {
  const meanDb = (id: string) =>
    mean(views.map(({ files }) => files.find((it) => it.id === id)!.psnrDb));
  const others = views[0]!.files.slice(1).map(({ id, name }) =>
    `${apart(meanDb("ours") - meanDb(id))} ${name}`
  );
  return `Mean PSNR of ours on these ${views.length} photos at quality ${quality}:
${decibels(meanDb("ours"))}, ${others.join(", ")}.`;
}

/**
 * Compares bits at equal SSIMULACRA 2.
 *
 * @param perception Rates and qualities by SSIMULACRA 2.
 * @returns Markdown.
 */
export function comparePerception(
  { bdRateSsimulacra2: bits = {}, bdRate, dataset }: CodecRates,
): string {
  return `At equal SSIMULACRA 2 ours takes ${fewer(bits["jpeg"])} bits than
mozjpeg, ${fewer(bits["webp"])} than WebP and ${
    fewer(bits["avif"])
  } than AVIF, on
${dataset.photos} photos (${dataset.name}). By PSNR it takes, there,
${fewer(bdRate["avif"])} bits than AVIF.`;
}

/**
 * Compares bits at equal PSNR, with a word on what surprises.
 *
 * @param kodak Rates on Kodak's photos.
 * @param starter Rates on the starter set's test photos.
 * @returns Markdown.
 */
export function compareRates(kodak: CodecRates, starter: CodecRates): string {
  const names = { jpeg: "mozjpeg", webp: "WebP", avif: "AVIF" };
  const against = (rates: CodecRates["bdRate"]) =>
    (["jpeg", "webp", "avif"] as const)
      .map((id) => `${fewer(rates[id])} bits than ${names[id]}`).join(", ");
  const refined = kodak.codecs.find(({ id }) => id === "oursRefined");
  const withEffort = refined && kodak.bdRateWithEffort
    ? ` ${refined.name}, takes
${against(kodak.bdRateWithEffort)} on Kodak.`
    : "";
  return [
    `At equal PSNR ours takes **${against(kodak.bdRate)}** on Kodak, and
${against(starter.bdRate)} on the starter set's test photos.${withEffort}`,
    ...explainJpeg2000(kodak, starter),
    ...explainJpegXl(kodak),
  ].join("\n\n");
}

/** Percentage points from which a difference between photo sets surprises. */
const SURPRISE = 10;

/** Whether its lead grows with the photos, and why. */
function explainJpeg2000(kodak: CodecRates, starter: CodecRates): string[] {
  const [there, here] = [kodak.bdRate["jpeg2000"], starter.bdRate["jpeg2000"]];
  if (typeof there !== "number" || typeof here !== "number") return [];
  if (here - there < SURPRISE) return [];
  return [`Against JPEG 2000 it is ${fewer(there)} bits on Kodak and
${fewer(here)} on the starter set. JPEG 2000 is told how many bits to spend, and
spends as many on every photo; the others are told a quality. Photos that are
easy to code then get a high PSNR for bits that hardly help the others, which
raises the mean over photos, the more so the more these differ.`];
}

/** Whether the newer format is behind the older one by PSNR, and why. */
function explainJpegXl({ bdRate }: CodecRates): string[] {
  const [xl, webp] = [bdRate["jpegXl"], bdRate["webp"]];
  if (typeof xl !== "number" || typeof webp !== "number" || xl >= webp) {
    return [];
  }
  return [
    `JPEG XL is behind WebP here, since its encoder aims at what people see,
by a measure of its own (Butteraugli), and not at PSNR.`,
  ];
}

/**
 * Describes what one file for two sizes saves.
 *
 * @param storage Bytes of each way to keep both sizes available.
 * @returns Markdown.
 */
export function describeStorage(storage: CodecStorage): string {
  const layered = storage.rows[0]!;
  const find = (codec: string, way: StorageWay) =>
    storage.rows.find((row) => row.codec === codec && row.way === way);
  const against = (codec: string, way: StorageWay) => {
    const other = find(codec, way);
    return fewer(other && storedPercent(layered, other));
  };
  const sent = (row?: StorageRow, other?: StorageRow) =>
    fewer(row && other && sentPercent(row, other));
  const avif = find("layeredAvif", "layered");
  const ownMedium = find("ours", "two files");
  const besideAvif = avif === undefined || avif.storedBytes === null ? "" : `

Compared with an AVIF of two layers it takes
${against("layeredAvif", "layered")} bytes, and
${sent(layered, avif)} for the medium image. A file of the medium image
alone takes ${sent(ownMedium, find("avif", "two files"))} bytes with ours than
with AVIF; the prefix, which has to serve the high image, too, takes
${sent(layered, ownMedium)} than that file of ours.`;
  return `Measured on ${storage.dataset.photos} photos
(${storage.dataset.name}). One layered file takes
**${against("ours", "two files")}** bytes than our own two files, of which
neither has layers. It takes
**${against("avif", "two files")}** than two files of AVIF, and
**${
    against("avif", "high only")
  }** than one AVIF file that the edge scales down.
The server only sends bytes, whichever size is asked for.${besideAvif}`;
}

/**
 * Describes how long decoding and the entropy coder take.
 *
 * @param speed Times of all codecs.
 * @returns Markdown.
 */
export function describeTimes(speed: CodecSpeed): string {
  const [ours] = speed.rows;
  const [coder] = speed.coder;
  const { large, inBrowser } = speed;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const ofLarge = large === undefined ? "" : `

${(large.width * large.height / 1e6).toFixed(0)} megapixels, the same photo
enlarged to ${large.width} × ${large.height}, take
${seconds(large.encodeMs)} to encode, ${seconds(large.decodeHighMs)} to decode
and ${
    seconds(large.decodeMediumMs)
  } for the medium image alone. The whole process
uses at most ${large.encodeMiB} MiB to encode and ${large.decodeHighMiB} MiB to decode.`;
  return `Decoding ${speed.width} × ${speed.height} pixels takes
${ours!.decodeHighMs.toFixed(0)} ms for the high image and
${ours!.decodeMediumMs!.toFixed(0)} ms for the medium one, on ${speed.threads}
threads. The entropy coder takes ${coder!.encodeNs.toFixed(1)} ns to encode a
value and ${coder!.decodeNs.toFixed(1)} ns to decode it.${ofLarge}${
    inBrowser === undefined ? "" : `\n\n${describeBrowser(inBrowser)}`
  }`;
}

function describeBrowser(
  { browser, rows, passedOver }: NonNullable<CodecSpeed["inBrowser"]>,
): string {
  const times = rows.map(({ backend, decodeHighMs, decodeMediumMs }) =>
    `${decodeHighMs.toFixed(0)} ms and ${decodeMediumMs.toFixed(0)} ms on the
${backend} backend`
  );
  return [`${browser} takes ${times.join(", ")}.`, ...passedOver].join("\n");
}

/**
 * Describes a photo before it is encoded.
 *
 * @param name The photo's.
 * @param photo Its pixels.
 * @returns Markdown.
 */
export function describePhoto(
  name: string,
  { width, height, data }: Pixels,
): string {
  return `The photo "${name}" has ${width} × ${height} pixels, which are
${count(data.length)} bytes.`;
}

/**
 * Describes a file and its header.
 *
 * @param file The whole file.
 * @param header Parsed from it.
 * @returns Markdown.
 */
export function describeFile(file: Uint8Array, header: ParsedHeader): string {
  const { width, height, quality, headerBytes } = header;
  const raw = width * height * 3;
  const bytes = Array.from(
    file.subarray(0, headerBytes),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  return `The file has **${count(file.length)} bytes**, one for every
${(raw / file.length).toFixed(0)} of the photo:
${(8 * file.length / (width * height)).toFixed(3)} bits per pixel. Its header
takes ${headerBytes} bytes:

    ${bytes.join(" ")}

It says: quality ${quality}, ${width} × ${height} pixels, and where the prefixes
end: the thumbnail at byte **${count(header.thumbnailBytes)}**, the medium image
at byte **${count(header.mediumBytes)}**.`;
}

/** Images of both sizes. */
export interface BothSizes {
  /** The medium image. */
  readonly medium: Pixels;
  /** The high image. */
  readonly high: Pixels;
}

/** Images of all sizes. */
export interface PrefixPictures extends BothSizes {
  /** The thumbnail. */
  readonly thumbnail: Pixels;
}

/**
 * Compares the decoded images with the originals.
 *
 * @param header Of the file.
 * @param decoded From the file.
 * @param originals The photo at both sizes.
 * @returns Markdown.
 */
export function describeDecoded(
  { thumbnailBytes, mediumBytes, fileBytes }: Pick<
    ParsedHeader,
    "thumbnailBytes" | "mediumBytes" | "fileBytes"
  >,
  decoded: PrefixPictures,
  originals: BothSizes,
): string {
  const quality = (size: keyof BothSizes) => {
    const { width, height, data } = decoded[size];
    return `${width} × ${height} pixels,
${decibels(psnr(data, originals[size].data))}`;
  };
  const { width, height } = decoded.thumbnail;
  const share = (bytes: number) => percent(bytes / fileBytes);
  return `From the first ${share(thumbnailBytes)} of the file:
a thumbnail of ${width} × ${height} pixels. From the first ${
    share(mediumBytes)
  }:
${quality("medium")}. From the whole file: ${quality("high")}.`;
}

/** "12.3 % fewer" or "4.5 % more". */
function fewer(percentage: number | null | undefined): string {
  if (percentage === null || percentage === undefined) return "incomparable";
  return moreOr(percentage / 100, "fewer", 1);
}

/**
 * Decodes a file that is cut and one with a wrong bit, and says what happens.
 *
 * @param model The model that made the file.
 * @param file The whole file.
 * @returns Markdown.
 */
export async function describeDamage(
  model: LoadedModel,
  file: Uint8Array,
): Promise<string> {
  const cut = await decodeImage(model, file.subarray(0, file.length - 1));
  const { width, height } = cut.medium!;
  const broken = file.slice();
  broken[parseHeader(file).headerBytes + 5]! ^= 1;
  const refusal = await decodeImage(model, broken).then(
    () => "It was decoded.",
    (error: Error) => error.message,
  );
  return `- Without its last byte: the high image is "${cut.highIs}", and the
  medium one is there, ${width} × ${height} pixels.
- With one wrong bit in the first layer: "${refusal}"`;
}

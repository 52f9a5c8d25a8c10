/**
 * Our codec and the others with one interface: a photo to a file, and the file
 * to the photo and to its half.
 *
 * @module
 */

import {
  avif,
  type Codec,
  jpeg,
  jpeg2000,
  jpegXl,
  type QualityRange,
  webp,
} from "@/baselines/mod.ts";
import type { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import {
  decodeImage,
  encodeImage,
  type LoadedModel,
  parseHeader,
} from "@/codec/mod.ts";
import { fingerprint } from "@/files/sha256.ts";
import { halveImage, type Pixels } from "@/images/mod.ts";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import type { MeasuredPhoto } from "./photos.ts";

/** A codec that is measured. */
export interface Contestant {
  /** Id in results, such as `"jpegXl"`. */
  readonly id: string;
  /** Name for readers. */
  readonly name: string;
  /** Qualities of its rate curve, rising. */
  readonly qualities: readonly number[];
  /** All its qualities. */
  readonly range: QualityRange;
  /** Encodes a photo at a quality within {@linkcode Contestant.range}. */
  readonly encode: (photo: Pixels, quality: number) => Promise<Uint8Array>;
  /** Decodes a file to the photo. */
  readonly decode: (file: Uint8Array) => Promise<Pixels>;
  /** Decodes a file to the photo at half its size. */
  readonly decodeHalf: (file: Uint8Array) => Promise<Pixels>;
  /** The part of a file that `decodeHalf` needs; the whole file by default. */
  readonly halfOf?: (file: Uint8Array) => Uint8Array;
  /** Bytes of a file that show a placeholder; missing if there is none. */
  readonly thumbnailBytes?: (file: Uint8Array) => number;
}

/** Qualities of our rate curve. */
const QUALITIES = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/**
 * Our codec, whose half comes from a prefix of the file.
 *
 * @param loaded Its model.
 * @returns The contestant `ours`.
 */
export function ours(loaded: LoadedModel): Contestant {
  return {
    ...oursAlone(loaded),
    encode: (photo, quality) => encodeImage(loaded, photo, { quality }),
    decodeHalf: async (file) =>
      (await decodeImage(loaded, file, { size: "medium" })).medium!,
    halfOf: (file) => file.subarray(0, parseHeader(file).mediumBytes),
    thumbnailBytes: (file) => parseHeader(file).thumbnailBytes,
  };
}

/** Qualities of a curve with effort: fewer, since it takes many seconds. */
const EFFORT_QUALITIES = [10, 25, 40, 55, 70, 85];

/**
 * Our codec at a slow setting, as the other codecs run. Its files are decoded as
 * all others.
 *
 * @param loaded Its model.
 * @param encoder An encoder with the same model.
 * @param effort 1..10.
 * @returns The contestant `oursRefined`.
 */
export function oursRefined(
  loaded: LoadedModel,
  encoder: RefiningEncoder,
  effort: number,
): Contestant {
  return {
    ...ours(loaded),
    id: "oursRefined",
    name: `Ours, effort ${effort}`,
    qualities: EFFORT_QUALITIES,
    encode: (photo, quality) => encoder.encode(photo, { quality, effort }),
  };
}

/**
 * Our codec without the use of its layers: its half is its photo, scaled down,
 * so no layer is coarser than the photo wants it.
 *
 * @param loaded Its model.
 * @returns The contestant `ours`, for files of one size.
 */
export function oursAlone(loaded: LoadedModel): Contestant {
  const decode = async (file: Uint8Array) =>
    (await decodeImage(loaded, file)).high!;
  return {
    id: "ours",
    name: "Ours",
    qualities: QUALITIES,
    range: { low: 1, high: 100, whole: true },
    encode: (photo, quality) =>
      encodeImage(loaded, photo, { quality, coarseness: 0 }),
    decode,
    decodeHalf: async (file) => await halveImage(await decode(file)),
  };
}

/**
 * Another codec; its half is its photo, scaled down by Lanczos.
 *
 * @param id Id in results.
 * @param codec The codec.
 * @returns The contestant.
 */
export function other(id: string, codec: Codec): Contestant {
  return {
    id,
    name: codec.name,
    qualities: codec.qualities,
    range: codec.range,
    encode: (photo, quality) => codec.encode(photo, quality),
    decode: (file) => codec.decode(file),
    decodeHalf: async (file) => await halveImage(await codec.decode(file)),
  };
}

/** JPEG, WebP, AVIF, JPEG XL and JPEG 2000. */
export const others: readonly Contestant[] = [
  other("jpeg", jpeg),
  other("webp", webp),
  other("avif", avif),
  other("jpegXl", jpegXl),
  other("jpeg2000", jpeg2000),
];

/**
 * The key of a contestant in a cache: a checksum of a small file that it
 * encodes. It changes with its weights, its settings and the version of its
 * library.
 *
 * @param contestant The contestant.
 * @returns 16 hexadecimal digits.
 */
export async function contestantKey(contestant: Contestant): Promise<string> {
  const side = 48;
  const data = Uint8Array.from(
    { length: side * side * 3 },
    (_, i) => 128 + 60 * Math.sin(i / 7) + 60 * Math.cos(i / (side * 11)),
  );
  const quality = contestant.qualities[contestant.qualities.length >> 1]!;
  const photo = { width: side, height: side, data };
  const file = await contestant.encode(photo, quality);
  return fingerprint([contestant.id, Array.from(file)]).slice(0, 16);
}

/** A file, measured at both sizes. */
export interface MeasuredFile {
  /** Size of the file. */
  readonly bytes: number;
  /** Size of the part for the half; missing if that is the whole file. */
  readonly halfBytes?: number;
  /** PSNR of the photo in dB, at most 60. */
  readonly psnrDb: number;
  /** PSNR at half size, against the original scaled down by Lanczos. */
  readonly halfPsnrDb: number;
}

/**
 * Encodes a photo, decodes both sizes and compares 8-bit pixels.
 *
 * @param contestant The codec.
 * @param photo The photo at both sizes.
 * @param quality Within the codec's range.
 * @returns The measured file and the decoded images.
 */
export async function codeBothSizes(
  contestant: Contestant,
  photo: MeasuredPhoto,
  quality: number,
): Promise<{ file: MeasuredFile; full: Pixels; half: Pixels }> {
  const bytes = await contestant.encode(photo.full, quality);
  const part = contestant.halfOf?.(bytes);
  const full = await contestant.decode(bytes);
  const half = await contestant.decodeHalf(part ?? bytes);
  const file = {
    bytes: bytes.length,
    ...(part === undefined ? {} : { halfBytes: part.length }),
    psnrDb: finiteDb(psnr(full.data, photo.full.data)),
    halfPsnrDb: finiteDb(psnr(half.data, photo.half.data)),
  };
  return { file, full, half };
}

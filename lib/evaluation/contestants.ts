/**
 * Our codec and the others in one shape: a photo to a file, and the file to
 * the photo and to its half.
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
import {
  decodeImage,
  encodeImage,
  type LoadedModel,
  parseHeader,
} from "@/codec/mod.ts";
import type { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { halveImage, type Pixels } from "@/images/mod.ts";
import { fingerprint } from "@/files/sha256.ts";

/** A codec that is measured. */
export interface Contestant {
  /** For a program, such as `"jpegXl"`. */
  readonly id: string;
  /** For a reader. */
  readonly name: string;
  /** Qualities of its rate curve, rising. */
  readonly qualities: readonly number[];
  /** All its qualities. */
  readonly range: QualityRange;
  /** A photo to a file. */
  encode(photo: Pixels, quality: number): Promise<Uint8Array>;
  /** A file to the photo. */
  decode(file: Uint8Array): Promise<Pixels>;
  /** A file to the photo at half its size. */
  decodeHalf(file: Uint8Array): Promise<Pixels>;
  /** The part of a file that is the half; without it the whole file is. */
  halfOf?(file: Uint8Array): Uint8Array;
}

/** Qualities of our rate curve. */
const QUALITIES = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/**
 * Our codec, whose half comes from the first layer alone.
 *
 * @param loaded Its model.
 */
export function ours(loaded: LoadedModel): Contestant {
  return {
    ...oursHighOnly(loaded, "ours", "Ours"),
    decodeHalf: async (file) =>
      (await decodeImage(loaded, file, { size: "medium" })).medium!,
    halfOf: (file) => file.subarray(0, parseHeader(file).mediumBytes),
  };
}

/** Effort of ours beside others, which are at their slow settings. */
const EFFORT = 4;

/** Qualities of its curve: fewer, since each photo takes many seconds. */
const EFFORT_QUALITIES = [1, 15, 30, 45, 60, 75, 90, 100];

/**
 * Our codec at a slow setting: about 12 s of a processor for a photo of 768x512
 * pixels. Its files are decoded as all are.
 *
 * @param loaded Its model.
 * @param encoder Of the same model.
 */
export function oursRefined(
  loaded: LoadedModel,
  encoder: RefiningEncoder,
): Contestant {
  return {
    ...ours(loaded),
    id: "oursRefined",
    name: `Ours, effort ${EFFORT}`,
    qualities: EFFORT_QUALITIES,
    encode: (photo, quality) =>
      encoder.encode(photo, { quality, effort: EFFORT }),
  };
}

/**
 * Our codec without the use of layers: its half is its photo, scaled down.
 *
 * @param loaded A model that was trained for the photo alone.
 */
export function oursHighOnly(
  loaded: LoadedModel,
  id = "oursHighOnly",
  name = "Ours, high only",
): Contestant {
  const decode = async (file: Uint8Array) =>
    (await decodeImage(loaded, file)).high!;
  return {
    id,
    name,
    qualities: QUALITIES,
    range: { low: 1, high: 100, whole: true },
    encode: (photo, quality) => encodeImage(loaded, photo, { quality }),
    decode,
    decodeHalf: async (file) => await halveImage(await decode(file)),
  };
}

/**
 * Our codec with one latent and two decoders: its half is decoded from the whole
 * file.
 *
 * @param loaded A model that makes both images from one latent.
 */
export function oursTwoDecoders(loaded: LoadedModel): Contestant {
  return {
    ...oursHighOnly(loaded, "oursTwoDecoders", "Ours, two decoders"),
    decodeHalf: async (file) =>
      (await decodeImage(loaded, file, { size: "medium" })).medium!,
  };
}

/** Another codec; its half is its photo, scaled down by Lanczos. */
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
 * What tells a contestant from others of its name: a checksum of a small file
 * that it makes. It changes with its weights, its settings and the version of
 * its library.
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

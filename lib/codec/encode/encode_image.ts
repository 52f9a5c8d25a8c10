/**
 * Photos to files, at a quality or near a size.
 *
 * @module
 */

import { writeContainer } from "@/codec/format/container.ts";
import { writeHeader } from "@/codec/format/header.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/pixels.ts";
import { DEFAULT_COARSENESS } from "@/codec/model/nested_quantiser.ts";
import type { TileAnalysis } from "./analyse_tile.ts";
import { encodeLayers } from "./encode_layers.ts";

/** The default weight of bits when values are chosen: that of training. */
export const RATE_WEIGHT = 1;

/** Options of the encoder besides the quality. */
export interface EncoderOptions {
  /**
   * How much coarser the medium image's layer is than the high image's, 0..3:
   * higher values move bytes from the first layers to the last one. 1 by
   * default, which makes both images about equally good.
   */
  readonly coarseness?: number | undefined;
  /**
   * The weight of bits when latents are rounded, relative to training: 0 rounds
   * to the nearest; {@linkcode RATE_WEIGHT} by default.
   */
  readonly rateWeight?: number;
  /**
   * Finds the latents; the model's analysis by default. `refine/` has one that
   * improves them.
   */
  readonly analyse?: TileAnalysis;
  /** The effort that the file says it was made with; 0 by default. */
  readonly effort?: number | undefined;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode encodeImage}. */
export interface EncodeImageOptions extends EncoderOptions {
  /** 1 (small) to 100 (fine), 50 by default. */
  readonly quality?: number;
}

/**
 * Encodes a photo.
 *
 * @param loaded The model, whose id the file stores.
 * @param photo At most 65535 pixels per side.
 * @param options How it is encoded.
 * @returns The file.
 * @throws {CodecError} "too large" if a side is over the limit.
 * @throws {RangeError} If an option or the photo is invalid.
 * @throws The signal's reason, once it is aborted.
 *
 * @example
 * ```ts
 * import { encodeImage, loadModel, parseHeader, readWeights } from "@/codec/mod.ts";
 * import "@/tensorflow/mod.ts"; // or any backend of TensorFlow.js
 * import { assertEquals } from "@std/assert";
 *
 * const weights = await Deno.readFile(
 *   "tests/expected/codec/tiny_model.safetensors",
 * );
 * const loaded = loadModel(readWeights(weights));
 * const red = { width: 1, height: 1, data: Uint8Array.of(255, 0, 0) };
 * const file = await encodeImage(loaded, red, { quality: 80 });
 * assertEquals(parseHeader(file).quality, 80);
 * loaded.dispose();
 * ```
 */
export async function encodeImage(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeImageOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { rateWeight = RATE_WEIGHT, analyse, signal } = options;
  const { quality = 50, coarseness = DEFAULT_COARSENESS, effort = 0 } = options;
  checkPixels(photo);
  const { width, height } = photo;
  const { id: model } = loaded.model;
  const header = { model, width, height, quality, coarseness, effort };
  writeHeader({ ...header, layerBytes: [0, 0, 0] }); // refuses what it cannot say
  const layers = await encodeLayers(loaded, photo, {
    ...{ quality, coarseness, rateWeight, signal },
    ...analyse && { analyse },
  });
  return writeContainer({ ...header, layers });
}

/** Sides that are whole numbers, and as many values as they need. */
function checkPixels(photo: Pixels): void {
  // Notebooks are not type-checked, so a path may arrive here.
  if (typeof photo !== "object" || photo === null) {
    throw invalid("photo", "pixels, as `await readImage(path)` gives", photo);
  }
  const { width, height, data } = photo;
  for (const [name, side] of Object.entries({ width, height })) {
    if (Number.isInteger(side) && side > 0) continue;
    throw invalid(`photo.${name}`, "a whole number from 1", side);
  }
  const values = width * height * 3;
  if (data.length === values) return;
  throw invalid(
    "photo.data.length",
    `${values} for ${width}x${height} pixels`,
    data.length,
  );
}

/** A file near a wanted size. */
export interface NearFile {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The quality that it was encoded with, 1..100. */
  readonly quality: number;
  /** Bits of the whole file per pixel of the high image. */
  readonly bitsPerPixel: number;
}

/**
 * Encodes a photo to the largest file that does not exceed a size, by bisection
 * of the quality in at most 7 trials. If even quality 1 gives a larger file, it
 * returns that one.
 *
 * Files nearly always grow with the quality. If one does not, another quality
 * may come slightly closer.
 *
 * @param loaded The model, whose id the file stores.
 * @param photo At most 65535 pixels per side.
 * @param bitsPerPixel The size, positive.
 * @param options How it is encoded.
 * @returns The file and its quality.
 * @throws {CodecError} "too large" if a side is over the limit.
 * @throws {RangeError} If an option or the photo is invalid.
 * @throws The signal's reason, once it is aborted.
 */
export async function encodeNear(
  loaded: LoadedModel,
  photo: Pixels,
  bitsPerPixel: number,
  options: EncoderOptions = {},
): Promise<NearFile> {
  if (!(bitsPerPixel > 0)) {
    throw invalid("bitsPerPixel", "positive", bitsPerPixel);
  }
  let fits = 0, exceeds = 101; // qualities
  let best: NearFile | undefined, smallest: NearFile | undefined;
  while (exceeds - fits > 1) {
    const quality = (fits + exceeds) >> 1;
    const bytes = await encodeImage(loaded, photo, { ...options, quality });
    const file = nearFile(photo, bytes, quality);
    if (file.bitsPerPixel <= bitsPerPixel) {
      best = file;
      fits = quality;
    } else {
      smallest = file;
      exceeds = quality;
    }
  }
  return (best ?? smallest)!;
}

/**
 * A file with its quality and size.
 *
 * @param photo The photo that it was made from.
 * @param bytes The file.
 * @param quality 1..100.
 * @returns Them together.
 */
export function nearFile(
  { width, height }: Pixels,
  bytes: Uint8Array<ArrayBuffer>,
  quality: number,
): NearFile {
  const bitsPerPixel = 8 * bytes.length / (width * height);
  return { bytes, quality, bitsPerPixel };
}

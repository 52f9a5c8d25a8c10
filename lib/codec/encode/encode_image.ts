/**
 * Images to files.
 *
 * @module
 */

import type { TileAnalysis } from "./analyse_tile.ts";
import { cheapestValue } from "./choose_value.ts";
import { codePicture } from "./code_image.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { writeContainer } from "@/codec/format/container.ts";
import { checkLimits } from "@/codec/format/header.ts";
import { checkPicture, type Picture } from "@/codec/model/picture.ts";
import { levelOf } from "@/codec/model/quality.ts";

/** Choices of the encoder beside the quality. */
export interface EncoderChoices {
  /**
   * How much bits count where latents are rounded, as a share of what they do
   * in training: 0 rounds to the nearest; {@linkcode RATE_WEIGHT} by default.
   */
  readonly rateWeight?: number;
  /**
   * What finds the latents; the model's analysis by default. `effort.ts` has
   * one that refines them.
   */
  readonly analyse?: TileAnalysis;
}

/**
 * The weight of bits in rounding: less than 1, since a value that is rounded away
 * makes later predictions worse.
 */
export const RATE_WEIGHT = 0.5;

/** Choices of {@linkcode encodeImage}. */
export interface EncodeOptions extends EncoderChoices {
  /** 1 (small) to 100 (fine), 50 by default. */
  readonly quality?: number;
}

/**
 * Encodes an image.
 *
 * @param loaded The model; files tell its id.
 * @param picture Of at most 8192 pixels a side.
 * @param options How.
 * @returns The file.
 * @throws {CodecError} "too large" if a side is over the limit.
 * @throws {RangeError} If a choice or the picture makes no sense.
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
  picture: Picture,
  { quality = 50, rateWeight = RATE_WEIGHT, analyse }: EncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkPicture(picture);
  levelOf(quality);
  const { width, height } = picture;
  const { id: model } = loaded.model;
  checkLimits({ model, width, height, quality, layerBytes: [0, 0] });
  const { first, second } = await codePicture(loaded, picture, quality, {
    choose: cheapestValue(loaded.model, quality, rateWeight),
    ...(analyse === undefined ? {} : { analyse }),
  });
  return writeContainer({
    model,
    width,
    height,
    quality,
    layers: second === undefined ? [first] : [first, second],
  });
}

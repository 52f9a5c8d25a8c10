/**
 * Files to images. Nothing here or below needs an API that only Deno has, so
 * it runs on any backend of TensorFlow.js.
 *
 * @module
 */

import { CodecError } from "@/codec/format/codec_error.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { type Container, readContainer } from "@/codec/format/container.ts";
import { type DecodedPictures, decodeLayers } from "./decode_layers.ts";
import type { ParsedHeader } from "@/codec/format/header.ts";
import { hasOneLatent } from "@/codec/model/networks.ts";

/** Choices of {@linkcode decodeImage}. */
export interface DecodeOptions {
  /** Which images are made; `"high"` by default. */
  readonly size?: "medium" | "high" | "both";
}

/** What came out of a file. */
export interface DecodedImage extends DecodedPictures {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /**
   * What became of the high image. If it is not complete, there is the medium
   * one instead, whatever was asked for. Without the high image being asked
   * for, this is what the container tells of it.
   */
  readonly highIs: Container["highIs"];
}

/**
 * Decodes a file, or the prefix of one that is the medium image.
 *
 * @param loaded The model that made it.
 * @param bytes The file.
 * @param options Which images are wanted.
 * @throws {CodecError} If not even the medium image can be had.
 *
 * @example
 * ```ts
 * import { decodeImage, loadModel, readWeights } from "@/codec/mod.ts";
 * import "@/tensorflow/mod.ts"; // or any backend of TensorFlow.js
 * import { assertEquals } from "@std/assert";
 *
 * const folder = "tests/expected/codec";
 * const weights = await Deno.readFile(`${folder}/tiny_model.safetensors`);
 * const loaded = loadModel(readWeights(weights));
 * const file = await Deno.readFile(`${folder}/two_tiles.onecode`);
 * const { high, header } = await decodeImage(loaded, file);
 * assertEquals([high?.width, high?.height], [1060, 21]);
 *
 * // What a server sends for a range request.
 * const part = file.subarray(0, header.mediumBytes);
 * const { medium, highIs } = await decodeImage(loaded, part);
 * assertEquals([medium?.width, medium?.height, highIs], [530, 11, "cut"]);
 * loaded.dispose();
 * ```
 */
export async function decodeImage(
  loaded: LoadedModel,
  bytes: Uint8Array,
  { size = "high" }: DecodeOptions = {},
): Promise<DecodedImage> {
  const { header, first, second, highIs } = readContainer(bytes, {
    model: loaded.model.id,
  });
  const oneLatent = hasOneLatent(loaded.real);
  if ((header.layerBytes.length === 1) !== oneLatent) {
    throw new CodecError(
      "damaged",
      `The file has ${oneLatent ? "two layers" : "one layer"}, but its model ` +
        `makes ${oneLatent ? "one" : "two"}.`,
    );
  }
  const { width, height, quality } = header;
  const layers = { width, height, quality, first };
  const mediumAlone = () =>
    decodeLayers(loaded, layers, { medium: true, high: false });
  if (size === "medium" || (second === undefined && !oneLatent)) {
    return { header, highIs, ...await mediumAlone() };
  }
  try {
    const wants = { medium: size === "both", high: true };
    const whole = second === undefined ? layers : { ...layers, second };
    return { header, highIs, ...await decodeLayers(loaded, whole, wants) };
  } catch (error) {
    // Its checksum is right, but it is no stream of the model's.
    if (!(error instanceof CodecError)) throw error;
    return { header, highIs: "damaged", ...await mediumAlone() };
  }
}

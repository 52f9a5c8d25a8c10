/**
 * Files to images.
 *
 * @module
 */

import { CodecError } from "@/codec/format/codec_error.ts";
import { type Container, readContainer } from "@/codec/format/container.ts";
import type { ParsedHeader } from "@/codec/format/header.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { hasOneLatent } from "@/codec/model/networks.ts";
import { type DecodedSizes, decodeLayers } from "./decode_layers.ts";

/** Options of {@linkcode decodeImage}. */
export interface DecodeOptions {
  /** Which images are made; `"high"` by default. */
  readonly size?: "medium" | "high" | "both";
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** A decoded file. */
export interface DecodedImage extends DecodedSizes {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /**
   * The state of the high image. If it is not complete, the medium one is made
   * instead, whatever was requested. If only the medium one was requested, the
   * second layer's checksum has been checked, but its stream has not.
   */
  readonly highIs: Container["highIs"];
}

/**
 * Decodes a file, or the prefix of one that is the medium image.
 *
 * @param loaded The model that made the file.
 * @param bytes The file.
 * @param options Which images are made.
 * @returns The images and the header.
 * @throws {CodecError} If not even the medium image can be decoded.
 * @throws The signal's reason, once it is aborted.
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
 * // What a server returns for a range request.
 * const part = file.subarray(0, header.mediumBytes);
 * const { medium, highIs } = await decodeImage(loaded, part);
 * assertEquals([medium?.width, medium?.height, highIs], [530, 11, "cut"]);
 * loaded.dispose();
 * ```
 */
export async function decodeImage(
  loaded: LoadedModel,
  bytes: Uint8Array,
  { size = "high", signal }: DecodeOptions = {},
): Promise<DecodedImage> {
  const { header, first, second, highIs } = readContainer(bytes, {
    model: loaded.model.id,
  });
  const isOneLatent = hasOneLatent(loaded.real);
  if ((header.layerBytes.length === 1) !== isOneLatent) {
    throw new CodecError(
      "damaged",
      `The file has ${isOneLatent ? "two layers" : "one layer"}, but its ` +
        `model makes ${isOneLatent ? "one" : "two"}.`,
    );
  }
  const { width, height, quality } = header;
  const layers = { width, height, quality, first };
  const mediumAlone = () =>
    decodeLayers(loaded, layers, { medium: true, high: false, signal });
  if (size === "medium" || (second === undefined && !isOneLatent)) {
    return { header, highIs, ...await mediumAlone() };
  }
  try {
    const wants = { medium: size === "both", high: true, signal };
    const whole = second === undefined ? layers : { ...layers, second };
    return { header, highIs, ...await decodeLayers(loaded, whole, wants) };
  } catch (error) {
    // Its checksum is right, but the model did not make it.
    const isDamage = error instanceof CodecError && error.code === "damaged";
    if (!isDamage) throw error;
    return { header, highIs: "damaged", ...await mediumAlone() };
  }
}

/**
 * Files to images.
 *
 * @module
 */

import { CodecError } from "@/codec/format/codec_error.ts";
import { type Container, readContainer } from "@/codec/format/container.ts";
import type { ParsedHeader } from "@/codec/format/header.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { type DecodedLayers, decodeLayers } from "./decode_layers.ts";

/** Options of {@linkcode decodeImage}. */
export interface DecodeOptions {
  /** Which images are made; `"high"` by default, `"both"` adds the medium one. */
  readonly size?: "thumbnail" | "medium" | "high" | "both";
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** A decoded file. */
export interface DecodedImage extends DecodedLayers {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /**
   * The state of the high image: complete, cut off because the file ends early,
   * or damaged. If the image that was requested is not there, the next smaller
   * one is made instead. If a smaller one was requested, the checksums of all
   * layers have been checked, but not the streams of later layers.
   */
  readonly highIs: Container["restIs"];
}

/** What each size needs and makes. */
const SIZES = {
  thumbnail: { layers: 1, makes: { thumbnail: true } },
  medium: { layers: 2, makes: { medium: true } },
  high: { layers: 3, makes: { high: true } },
  both: { layers: 3, makes: { medium: true, high: true } },
} as const;

/** The largest image that one layer makes, and that two layers make. */
const SMALLER = ["thumbnail", "medium"] as const;

/**
 * Decodes a file, or a prefix of one that is its medium image or its thumbnail.
 *
 * @param loaded The model that made the file.
 * @param bytes The file.
 * @param options Which images are made.
 * @returns The images and the header.
 * @throws {CodecError} If not even the thumbnail can be decoded.
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
 * assertEquals([high?.width, high?.height], [1060, 70]);
 *
 * // What a server returns for a range request.
 * const part = file.subarray(0, header.mediumBytes);
 * const { medium, highIs } = await decodeImage(loaded, part);
 * assertEquals([medium?.width, medium?.height, highIs], [530, 35, "cut"]);
 * loaded.dispose();
 * ```
 */
export async function decodeImage(
  loaded: LoadedModel,
  bytes: Uint8Array,
  { size = "high", signal }: DecodeOptions = {},
): Promise<DecodedImage> {
  const { header, layers, restIs } = readContainer(bytes, loaded.model.id);
  const { width, height, quality, coarseness } = header;
  let wanted: keyof typeof SIZES = SIZES[size].layers <= layers.length
    ? size
    : SMALLER[layers.length - 1]!;
  let highIs = restIs;
  for (;;) {
    const { layers: needed, makes } = SIZES[wanted];
    const source = { width, height, quality, coarseness, layers };
    try {
      const images = await decodeLayers(loaded, source, { ...makes, signal });
      return { header, highIs, ...images };
    } catch (error) {
      // Its checksum is right, but the model did not make it.
      const isDamage = error instanceof CodecError && error.code === "damaged";
      const smaller = SMALLER[needed - 2];
      if (!isDamage || smaller === undefined) throw error;
      wanted = smaller;
      highIs = "damaged";
    }
  }
}

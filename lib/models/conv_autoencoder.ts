/**
 * The write-up's convolutional autoencoder: images to a small code and back.
 *
 *     x [n, S, S, 3]
 *     │ conv 3x3 /2, ReLU              once a width: S ▶ S/2 ▶ S/4 (▶ S/8)
 *     │ conv 3x3                       [n, 43, 43, C]
 *     z                                the code
 *     │ conv 3x3, ReLU                 [n, 43, 43, widths.at(-1)]
 *     │ transposed conv 3x3 ·2, ReLU   once a width, mirrored
 *     │ conv 3x3                       [n, S, S, 3]
 *     x̂
 *
 * The medium network (S = 172) halves its input twice and the high one
 * (S = 344) three times, so both have a code of 43x43xC.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, joinAutoencoder } from "./autoencoder.ts";
import { conv2d, conv2dTranspose, type LayerOptions } from "./layers.ts";

/** What decides the shape of a convolutional autoencoder. */
export interface ConvAutoencoderSettings {
  /** Side of the images, a multiple of `2 ** widths.length`. */
  readonly size: number;
  /** Channels after each halving. */
  readonly widths: readonly number[];
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Seed of the first weights. */
  readonly seed: number;
}

/**
 * Makes a convolutional autoencoder with random first weights.
 *
 * @param settings Its shape and seed.
 * @throws {RangeError} When the size cannot be halved once a width.
 *
 * @example
 * ```ts
 * import { convAutoencoder } from "./mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = convAutoencoder({
 *   size: 16,
 *   widths: [8, 8],
 *   latentChannels: 2,
 *   seed: 1,
 * });
 * const codes = model.encode(tf.zeros([1, 16, 16, 3]));
 * assertEquals(codes.shape, [1, 4, 4, 2]);
 * assertEquals(model.decode(codes).shape, [1, 16, 16, 3]);
 * model.dispose();
 * ```
 */
export function convAutoencoder(
  settings: ConvAutoencoderSettings,
): Autoencoder {
  return joinAutoencoder(convEncoder(settings), convDecoder(settings));
}

/** Side of the code. */
function latentSide({ size, widths }: ConvAutoencoderSettings): number {
  const scale = 2 ** widths.length;
  if (widths.length === 0 || size < scale || size % scale !== 0) {
    throw new RangeError(
      `Size ${size} cannot be halved ${widths.length} times: take a multiple of ${scale}.`,
    );
  }
  return size / scale;
}

/** A last layer of an encoder, on what its other layers have made. */
export type EncoderHead = Pick<LayerOptions, "name" | "gain">;

/**
 * The encoder: images minus 0.5 to codes.
 *
 * @param settings Its shape and seed.
 * @param heads More outputs of the code's shape, beside the code.
 * @throws {RangeError} When the size cannot be halved once a width.
 */
export function convEncoder(
  settings: ConvAutoencoderSettings,
  heads: readonly EncoderHead[] = [],
): tf.LayersModel {
  latentSide(settings);
  const { size, widths, latentChannels, seed } = settings;
  const input = tf.input({ shape: [size, size, 3] });
  let hidden = input;
  widths.forEach((filters, i) => {
    hidden = conv2d(hidden, {
      name: `analysis_${i}`,
      filters,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      seed: seed + i,
    }); // [n, size / 2^(i+1), size / 2^(i+1), filters]
  });
  const outputs = [{ name: "analysis_code" }, ...heads].map((head, i) =>
    conv2d(hidden, {
      ...head,
      filters: latentChannels,
      kernelSize: 3,
      seed: seed + 100 + i,
    }) // [n, side, side, C]
  );
  return tf.model({ inputs: input, outputs });
}

/**
 * The decoder: codes to images minus 0.5.
 *
 * @param settings Its shape and seed.
 * @throws {RangeError} When the size cannot be halved once a width.
 */
export function convDecoder(settings: ConvAutoencoderSettings): tf.LayersModel {
  const { widths, latentChannels, seed } = settings;
  const side = latentSide(settings);
  const input = tf.input({ shape: [side, side, latentChannels] });
  let hidden = conv2d(input, {
    name: "synthesis_code",
    filters: widths.at(-1)!,
    kernelSize: 3,
    activation: "relu",
    seed: seed + 200,
  }); // [n, side, side, widths.at(-1)]
  for (let i = widths.length - 1; i >= 0; i--) {
    hidden = conv2dTranspose(hidden, {
      name: `synthesis_${i}`,
      filters: widths[Math.max(0, i - 1)]!,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      seed: seed + 300 + i,
    }); // [n, size / 2^i, size / 2^i, widths[i - 1]]
  }
  const image = conv2d(hidden, {
    name: "synthesis_image",
    filters: 3,
    kernelSize: 3,
    seed: seed + 400,
  }); // [n, size, size, 3]
  return tf.model({ inputs: input, outputs: image });
}

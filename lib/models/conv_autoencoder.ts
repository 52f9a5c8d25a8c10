/**
 * The write-up's convolutional autoencoder: images to a small code and back.
 *
 *     x [n, S, S, 3]
 *     │ conv 3x3 /2, ReLU              per width: S ▶ S/2 ▶ S/4 (▶ S/8)
 *     │ conv 3x3                       [n, 43, 43, C]
 *     z                                the code
 *     │ conv 3x3, ReLU                 [n, 43, 43, widths.at(-1)]
 *     │ transposed conv 3x3 ·2, ReLU   per width, mirrored
 *     │ conv 3x3                       [n, S, S, 3]
 *     x̂
 *
 * The medium network (S = 172) halves its input twice and the high one
 * (S = 344) three times, so both have a code of 43x43xC.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, joinAutoencoder } from "./autoencoder.ts";
import {
  conv2d,
  conv2dTranspose,
  halvings,
  type LayerOptions,
} from "./layers.ts";
import { joinVariational, type VariationalAutoencoder } from "./variational.ts";

/** What decides the shape of a convolutional autoencoder. */
export interface ConvAutoencoderSettings {
  /** Side of the images, a multiple of `2 ** widths.length`. */
  readonly size: number;
  /** Channels after each halving. */
  readonly widths: readonly number[];
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/**
 * Makes a convolutional autoencoder with random initial weights.
 *
 * @param settings Its shape and seed.
 * @returns The autoencoder.
 * @throws {RangeError} If the size cannot be halved once per width.
 *
 * @example
 * ```ts
 * import { convAutoencoder } from "@/models/mod.ts";
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
  if (widths.length === 0) {
    throw invalid("widths", "a list of at least one", widths);
  }
  const scale = 2 ** widths.length;
  if (size < scale || size % scale !== 0) {
    throw invalid("size", `a multiple of ${scale}`, size);
  }
  return size / scale;
}

/**
 * The encoder: images minus 0.5 to codes, and an output of the same shape for
 * each further last layer.
 */
function convEncoder(
  settings: ConvAutoencoderSettings,
  heads: readonly Pick<LayerOptions, "name" | "gain">[] = [],
): tf.LayersModel {
  latentSide(settings);
  const { size, widths, latentChannels, seed } = settings;
  const input = tf.input({ shape: [size, size, 3] });
  const hidden = halvings(input, widths, seed);
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

/** The decoder: codes to images minus 0.5. */
function convDecoder(settings: ConvAutoencoderSettings): tf.LayersModel {
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

/**
 * Initial log variance, before the bound. The deviations of about 0.15 are
 * below those of the first means, which would drown in deviations of 1.
 */
export const FIRST_LOG_VARIANCE: number = -4;

/**
 * Makes the same autoencoder with a distribution in place of a code: one more
 * last layer of the encoder gives the log variances.
 *
 *     x [n, S, S, 3] ▶ conv /2, ReLU, per width ─┬─▶ conv 3x3 ▶ mean
 *                                                └─▶ conv 3x3 ▶ log variance
 *     z [n, side, side, C] ▶ conv, transposed conv ·2 per width ▶ x̂
 *
 * At first all log variances are {@linkcode FIRST_LOG_VARIANCE} within their
 * bound, and all other weights are those of the plain network.
 *
 * @param settings Its shape and seed.
 * @returns The autoencoder.
 * @throws {RangeError} If the size cannot be halved once per width.
 *
 * @example
 * ```ts
 * import { variationalAutoencoder } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = variationalAutoencoder({
 *   size: 32,
 *   widths: [8, 8],
 *   latentChannels: 2,
 *   seed: 1,
 * });
 * const { mean, logVariance } = model.posterior(tf.zeros([1, 32, 32, 3]));
 * assertEquals(mean.shape, [1, 8, 8, 2]);
 * assertEquals(logVariance.shape, [1, 8, 8, 2]);
 * model.dispose();
 * ```
 */
export function variationalAutoencoder(
  settings: ConvAutoencoderSettings,
): VariationalAutoencoder {
  const head = { name: "analysis_log_variance", gain: 0 };
  const encoder = convEncoder(settings, [head]);
  const layer = encoder.getLayer(head.name);
  tf.tidy(() => {
    const [kernel, bias] = layer.getWeights();
    layer.setWeights([kernel!, tf.fill(bias!.shape, FIRST_LOG_VARIANCE)]);
  });
  return joinVariational(encoder, convDecoder(settings));
}

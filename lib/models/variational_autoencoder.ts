/**
 * The write-up's convolutional autoencoder with a distribution for a code: one
 * more last layer of the encoder gives the log variances.
 *
 *     x [n, S, S, 3] ▶ conv /2, ReLU, once a width ─┬─▶ conv 3x3 ▶ mean
 *                                                   └─▶ conv 3x3 ▶ log variance
 *     z [n, side, side, C] ▶ conv, transposed conv ·2 once a width ▶ x̂
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import {
  type ConvAutoencoderSettings,
  convDecoder,
  convEncoder,
} from "./conv_autoencoder.ts";
import { joinVariational, type VariationalAutoencoder } from "./variational.ts";

/**
 * Where the log variances start, before their bound: the deviations of about
 * 0.15 are below those of the first means, which would drown in the prior's 1.
 */
export const FIRST_LOG_VARIANCE: number = -4;

/**
 * Makes a convolutional variational autoencoder. At first all log variances are
 * {@linkcode FIRST_LOG_VARIANCE} within their bound, and all other weights are
 * those of the plain network of the same settings.
 *
 * @param settings Its shape and seed.
 * @throws {RangeError} When the size cannot be halved once a width.
 *
 * @example
 * ```ts
 * import { variationalAutoencoder } from "./mod.ts";
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

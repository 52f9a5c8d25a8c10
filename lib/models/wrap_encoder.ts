/**
 * Something more before an autoencoder's encoder, behind it, or both.
 *
 *     images ▶ before ▶ encoder ▶ behind ▶ code
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import type { Autoencoder } from "./autoencoder.ts";
import { isVariational } from "./variational.ts";

/** What is put around an encoder; what is left out changes nothing. */
export interface EncoderWrap {
  /** Images to what the encoder takes, of the same shape. */
  readonly before?: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Codes to codes, of the same shape. */
  readonly behind?: (codes: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * The same network with a wrapped encoder. Of a variational one the mean goes
 * through both, and the log variance comes from the encoder as it is.
 *
 * @param model The network; it belongs to the result.
 * @param wrap What is put around its encoder.
 */
export function wrapEncoder<Network extends Autoencoder>(
  model: Network,
  { before = same, behind = same }: EncoderWrap,
): Network {
  const encode = (images: tf.Tensor4D) =>
    tf.tidy(() => behind(model.encode(before(images))));
  if (!isVariational(model)) return { ...model, encode };
  const posterior = (images: tf.Tensor4D) =>
    tf.tidy(() => {
      const { mean, logVariance } = model.posterior(before(images));
      return { mean: behind(mean), logVariance };
    });
  return { ...model, encode, posterior };
}

function same(tensor: tf.Tensor4D): tf.Tensor4D {
  return tensor;
}

/**
 * An autoencoder that sees scaled images: standardised, or normalised to 0..1.
 *
 *     x ▶ (x − shift) / scale ▶ encoder ▶ z ▶ decoder ▶ · scale + shift ▶ x̂
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, IMAGE_OFFSET } from "./autoencoder.ts";
import { wrapEncoder } from "./wrap_encoder.ts";

/** What is taken off each colour channel, and what it is divided by. */
export interface ImageScale {
  /** Red, green, blue; such as means. */
  readonly shift: readonly number[];
  /** Red, green, blue; such as standard deviations, above 0. */
  readonly scale: readonly number[];
}

/**
 * Puts a scale before and behind an autoencoder; images go in and come out in
 * 0..1 as before.
 *
 * @param model The network; it sees scaled images, with no other offset.
 * @param scale For its images.
 * @throws {RangeError} When there are not three numbers each, or a scale is
 * not above 0.
 */
export function scaleAutoencoder<Network extends Autoencoder>(
  model: Network,
  { shift, scale }: ImageScale,
): Network {
  const usable = shift.length === 3 && scale.length === 3 &&
    scale.every((value) => value > 0);
  if (!usable) {
    throw new RangeError(
      `Images cannot be scaled by [${scale.join(", ")}] about ` +
        `[${shift.join(", ")}]: take three numbers each, scales above 0.`,
    );
  }
  return {
    ...wrapEncoder(model, {
      before: (images) =>
        images.sub(tf.tensor1d([...shift])).div(tf.tensor1d([...scale]))
          .add(IMAGE_OFFSET) as tf.Tensor4D,
    }),
    decode: (codes) =>
      tf.tidy(() =>
        model.decode(codes).sub(IMAGE_OFFSET).mul(tf.tensor1d([...scale]))
          .add(tf.tensor1d([...shift])) as tf.Tensor4D
      ),
  };
}

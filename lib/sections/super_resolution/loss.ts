/**
 * What the networks of *super-resolution* minimise: the mean squared error,
 * and where it is asked for, a term against softness.
 *
 * Of all images that fit what is known, the squared error asks for the mean,
 * and a mean of sharp images is soft. The term compares how large the
 * differences between neighbouring pixels are, not where they point:
 *
 *     (|x̂(i+1) − x̂(i)| − |x(i+1) − x(i)|)², a mean over both sides
 *
 * So it asks for as much detail as the original has, right or not. The square
 * matters: it asks for the mean of such sizes. Without it, it would be their
 * median, which is low, as most pixels are like their neighbours.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { squaredError } from "@/models/mod.ts";

/** The loss, and its parts where there are two; all are scalars. */
export type EnlargedLoss = {
  /** `squared`, or `squared + weight * detail`. */
  readonly loss: tf.Scalar;
  /** Mean squared error. */
  readonly squared?: tf.Scalar;
  /** The term against softness. */
  readonly detail?: tf.Scalar;
};

/**
 * The loss of large images.
 *
 * @param images `[n, height, width, 3]`, about 0..1.
 * @param originals Of the same shape.
 * @param weight Of the term against softness; with 0 there is none.
 */
export function enlargedLoss(
  images: tf.Tensor4D,
  originals: tf.Tensor4D,
  weight: number,
): EnlargedLoss {
  return tf.tidy(() => {
    const squared = squaredError(images, originals);
    if (weight === 0) return { loss: squared };
    const [along, down] = ([2, 1] as const).map((axis) =>
      squaredError(
        differences(images, axis).abs(),
        differences(originals, axis).abs(),
      )
    );
    const detail = along!.add(down!).div(2) as tf.Scalar;
    const loss = squared.add(detail.mul(weight)) as tf.Scalar;
    return { loss, squared, detail };
  });
}

/** Each pixel's next one along an axis, minus the pixel. */
function differences(images: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const size = images.shape.map((side, i) => i === axis ? side - 1 : side);
  const next = size.map((_, i) => i === axis ? 1 : 0);
  return images.slice(next, size).sub(images.slice([0, 0, 0, 0], size));
}

/**
 * What scaling down does, as a fixed convolution, and its use: an image that
 * scales down to a given medium one.
 *
 *     high [n, 2h, 2w, 3] ▶ edges continued ▶ conv 12x12, every second pixel
 *                         ▶ medium [n, h, w, 3]
 *
 * The weights are Lanczos' with three lobes, widened twofold, as libvips has
 * them: the medium images of the pairs were made so.
 *
 * @see https://www.libvips.org/API/current/method.Image.resize.html
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { continueEdges, doubleSize, lanczosCurve } from "./double_size.ts";

/** Pixels of the large image on either side of the middle of a small one. */
const REACH = 6;

/**
 * Halves the sides of images. Edges are continued by their last pixels.
 *
 * @param images `[n, 2 * height, 2 * width, 3]`.
 * @returns `[n, height, width, 3]`; may leave the range of the images at sharp
 * edges.
 *
 * @example
 * ```ts
 * import { halveSize } from "@/models/enlarging/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const grey = halveSize(tf.fill([1, 4, 10, 3], 0.4));
 * assertEquals(grey.shape, [1, 2, 5, 3]);
 * assertAlmostEquals(grey.max().dataSync()[0]!, 0.4, 1e-6);
 * ```
 */
export function halveSize(images: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const rows = continueEdges(images, 1, REACH - 1);
    const padded = continueEdges(rows, 2, REACH - 1);
    return tf.conv2d(padded, kernel(), 2, "valid");
  });
}

/**
 * Changes images as little as it takes to scale down to given medium images: a
 * few times over, what is missing at half the size is enlarged and added.
 *
 * M. Irani and S. Peleg, "Improving Resolution by Image Registration", 1991:
 * iterative back-projection.
 *
 * @param images `[n, 2 * height, 2 * width, 3]`, about 0..1.
 * @param medium `[n, height, width, 3]` in 0..1.
 * @param passes How often; each halves the finest differences that are left,
 * and leaves next to nothing of coarser ones.
 * @returns The changed images.
 */
export function matchMedium(
  images: tf.Tensor4D,
  medium: tf.Tensor4D,
  passes: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    let matched = images.clone();
    for (let pass = 0; pass < passes; pass++) {
      const missing = medium.sub(halveSize(matched)) as tf.Tensor4D;
      matched = matched.add(doubleSize(missing, "lanczos3"));
    }
    return matched;
  });
}

/** `[12, 12, 3, 3]`: colours do not mix. */
function kernel(): tf.Tensor4D {
  const curve = Array.from(
    { length: 2 * REACH },
    (_, i) => lanczosCurve((i - REACH + 0.5) / 2),
  );
  const total = curve.reduce((sum, weight) => sum + weight, 0);
  const weights = tf.buffer([2 * REACH, 2 * REACH, 3, 3]);
  curve.forEach((row, y) =>
    curve.forEach((column, x) => {
      for (let colour = 0; colour < 3; colour++) {
        weights.set(row * column / total ** 2, y, x, colour, colour);
      }
    })
  );
  return weights.toTensor() as tf.Tensor4D;
}

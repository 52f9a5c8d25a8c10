/**
 * Doubles an image's sides by interpolation, as a fixed convolution: the
 * baseline of super-resolution, and the start of ours.
 *
 *     x [n, h, w, 3] ▶ edges continued ▶ conv, a kernel for each quarter
 *                    ▶ [n, h, w, 2·2·3] ▶ shuffled ▶ [n, 2h, 2w, 3]
 *
 * Each new pixel lies a quarter of an old pixel beside an old one's centre, so
 * there are two sets of weights along each side. Bicubic: R. Keys, "Cubic
 * Convolution Interpolation for Digital Image Processing", 1981, with
 * a = −1/2. Lanczos: the sinc function, windowed by its own first three lobes.
 *
 * libvips has no Lanczos for larger sizes: it takes bicubic instead, half a new
 * pixel to the side.
 *
 * @see https://www.libvips.org/API/current/method.Image.resize.html
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { fromPatches } from "@/models/patch_pca.ts";

/** How to interpolate. */
export type Interpolation = "bicubic" | "lanczos3";

/** Old pixels on either side of an old pixel that its new ones may need. */
const REACH: Readonly<Record<Interpolation, number>> = {
  bicubic: 2,
  lanczos3: 3,
};

/**
 * Doubles the sides of images. Edges are continued by their last pixels.
 *
 * @param images `[n, height, width, 3]`.
 * @param interpolation Which weights to use.
 * @returns `[n, 2 * height, 2 * width, 3]`; may leave the range of the images
 * at sharp edges.
 *
 * @example
 * ```ts
 * import { doubleSize } from "@/models/enlarging/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const grey = doubleSize(tf.fill([1, 2, 5, 3], 0.4), "bicubic");
 * assertEquals(grey.shape, [1, 4, 10, 3]);
 * assertAlmostEquals(grey.min().dataSync()[0]!, 0.4, 1e-6);
 * ```
 */
export function doubleSize(
  images: tf.Tensor4D,
  interpolation: Interpolation,
): tf.Tensor4D {
  return tf.tidy(() => {
    const reach = REACH[interpolation];
    const padded = continueEdges(continueEdges(images, 1, reach), 2, reach);
    const quarters = tf.conv2d(padded, kernelOf(interpolation), 1, "valid");
    return fromPatches(quarters, 2);
  });
}

/**
 * Repeats the first and the last line of an axis.
 *
 * @param images `[n, height, width, 3]`.
 * @param axis 1 for rows, 2 for columns.
 * @param reach How often on either side.
 * @returns Images that are `2 * reach` lines larger along the axis.
 */
export function continueEdges(
  images: tf.Tensor4D,
  axis: 1 | 2,
  reach: number,
): tf.Tensor4D {
  const last = images.shape[axis] - 1;
  const lines = Array.from(
    { length: last + 1 + 2 * reach },
    (_, i) => Math.min(last, Math.max(0, i - reach)),
  );
  return tf.gather(images, tf.tensor1d(lines, "int32"), axis);
}

/** `[2 * reach + 1, 2 * reach + 1, 3, 12]`: colours do not mix. */
function kernelOf(interpolation: Interpolation): tf.Tensor4D {
  const halves = [-0.25, 0.25].map((at) => weightsAt(at, interpolation));
  const side = halves[0]!.length;
  const kernel = tf.buffer([side, side, 3, 12]);
  halves.forEach((rows, v) =>
    halves.forEach((columns, u) =>
      rows.forEach((row, y) =>
        columns.forEach((column, x) => {
          for (let colour = 0; colour < 3; colour++) {
            const out = (2 * v + u) * 3 + colour;
            kernel.set(row * column, y, x, colour, out);
          }
        })
      )
    )
  );
  return kernel.toTensor() as tf.Tensor4D;
}

/** Weights of the old pixels around 0 for a new one at `at`; their sum is 1. */
function weightsAt(at: number, interpolation: Interpolation): number[] {
  const reach = REACH[interpolation];
  const curve = interpolation === "bicubic" ? cubicCurve : lanczosCurve;
  const weights = Array.from(
    { length: 2 * reach + 1 },
    (_, i) => curve(i - reach - at),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function cubicCurve(x: number): number {
  const d = Math.abs(x);
  if (d >= 2) return 0;
  return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((2.5 - d / 2) * d - 4) * d + 2;
}

/**
 * The sinc function, windowed by its own first three lobes.
 *
 * @param x In samples.
 * @returns The weight there; 0 from 3 on.
 */
export function lanczosCurve(x: number): number {
  const sinc = (t: number) =>
    t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
  return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

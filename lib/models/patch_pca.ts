/**
 * Principal components of image patches: the best linear code of an image with
 * C numbers per patch, and the baseline that a trained autoencoder must beat.
 *
 *     image [S, S, 3] ▶ patches [side², patch²·3] ▶ − mean ▶ · components ▶ [side, side, C]
 *
 * K. Pearson, "On Lines and Planes of Closest Fit to Systems of Points in
 * Space", 1901; by the eigenvectors of the patches' covariance.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { eigenvectors, tf } from "@/tensorflow/mod.ts";

/** A linear code of patches; disposing it frees its tensors. */
export interface PatchPca extends Disposable {
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** The mean patch, `[patch * patch * 3]`, in 0..1. */
  readonly mean: tf.Tensor1D;
  /** Orthonormal columns, `[patch * patch * 3, C]`, largest variance first. */
  readonly components: tf.Tensor2D;
}

/**
 * Cuts images into patches, row by row.
 *
 * @param images `[n, size, size, 3]`.
 * @param patch Divides the size.
 * @returns `[n, side, side, patch * patch * 3]`.
 * @throws {RangeError} If the patch does not divide the size.
 */
export function toPatches(images: tf.Tensor4D, patch: number): tf.Tensor4D {
  const [n, height, width, channels] = images.shape;
  if (height % patch !== 0 || width % patch !== 0) {
    throw new RangeError(
      `Patches of ${patch}x${patch} do not fill ${height}x${width} pixels.`,
    );
  }
  const [rows, columns] = [height / patch, width / patch];
  return tf.tidy(() =>
    images.reshape([n, rows, patch, columns, patch, channels])
      .transpose([0, 1, 3, 2, 4, 5])
      .reshape([n, rows, columns, patch * patch * channels])
  );
}

/**
 * Puts patches together again; the inverse of {@linkcode toPatches}.
 *
 * @param patches `[n, side, side, patch * patch * 3]`.
 * @param patch Side of a patch in pixels.
 * @returns `[n, side * patch, side * patch, 3]`.
 */
export function fromPatches(patches: tf.Tensor4D, patch: number): tf.Tensor4D {
  const [n, rows, columns, values] = patches.shape;
  const channels = values / patch ** 2;
  return tf.tidy(() =>
    patches.reshape([n, rows, columns, patch, patch, channels])
      .transpose([0, 1, 3, 2, 4, 5])
      .reshape([n, rows * patch, columns * patch, channels])
  );
}

/**
 * Finds the principal components of all patches of some images.
 *
 * @param batches Images `[n, size, size, 3]` in 0..1; each batch is disposed.
 * @param patch Side of a patch in pixels.
 * @param channels How many components, C.
 * @returns The components.
 * @throws {RangeError} If there are no images, or C exceeds the numbers of a
 * patch.
 */
export function fitPatchPca(
  batches: Iterable<tf.Tensor4D>,
  patch: number,
  channels: number,
): PatchPca {
  const length = patch * patch * 3;
  if (channels > length) {
    const most = `at most ${length}, the numbers of a ${patch}x${patch} patch`;
    throw invalid("channels", most, channels);
  }
  const { mean, components } = tf.tidy(() => {
    const { count, sum, products } = sumPatches(batches, patch, length);
    if (count === 0) throw new RangeError("Principal components need images.");
    const center = sum.div(count) as tf.Tensor1D;
    const outer = center.reshape([-1, 1]).matMul(center.reshape([1, -1]));
    const covariance = products.div(count).sub(outer) as tf.Tensor2D;
    const components = eigenvectors(covariance)
      .reverse(1).slice([0, 0], [length, channels]) as tf.Tensor2D;
    return { mean: center.add(0.5) as tf.Tensor1D, components };
  });
  const dispose = () => tf.dispose([mean, components]);
  return { patch, mean, components, [Symbol.dispose]: dispose };
}

/** Patches counted, summed and multiplied with each other, all minus 0.5. */
function sumPatches(
  batches: Iterable<tf.Tensor4D>,
  patch: number,
  length: number,
): { count: number; sum: tf.Tensor1D; products: tf.Tensor2D } {
  let count = 0;
  let sums = {
    sum: tf.zeros([length]) as tf.Tensor1D,
    products: tf.zeros([length, length]) as tf.Tensor2D,
  };
  for (const batch of batches) {
    const { sum, products } = sums;
    try {
      sums = tf.tidy(() => {
        // Centred about 0.5, where sums of squares lose less to rounding.
        const flat = toPatches(batch, patch).reshape([-1, length])
          .sub(0.5) as tf.Tensor2D;
        count += flat.shape[0];
        return {
          sum: sum.add(flat.sum(0)) as tf.Tensor1D,
          products: products.add(flat.matMul(flat, true)) as tf.Tensor2D,
        };
      });
    } finally {
      tf.dispose([sum, products, batch]);
    }
  }
  return { count, ...sums };
}

/**
 * Encodes images by their principal components.
 *
 * @param pca The components.
 * @param images `[n, size, size, 3]` in 0..1.
 * @returns `[n, side, side, C]`.
 */
export function pcaEncode(pca: PatchPca, images: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const patches = toPatches(images, pca.patch);
    const [n, rows, columns, length] = patches.shape;
    return patches.reshape([-1, length]).sub(pca.mean)
      .matMul(pca.components)
      .reshape([n, rows, columns, pca.components.shape[1]]);
  });
}

/**
 * Decodes images from their principal components.
 *
 * @param pca The components.
 * @param codes `[n, side, side, C]`.
 * @returns `[n, size, size, 3]`; about 0..1, not clipped.
 */
export function pcaDecode(pca: PatchPca, codes: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const [n, rows, columns, channels] = codes.shape;
    const patches = codes.reshape([-1, channels])
      .matMul(pca.components, false, true).add(pca.mean)
      .reshape([n, rows, columns, pca.components.shape[0]]) as tf.Tensor4D;
    return fromPatches(patches, pca.patch);
  });
}

/**
 * Principal components as a network.
 *
 * @param pca From {@linkcode fitPatchPca}.
 * @returns Its encoder and its decoder.
 */
export function pcaNetwork(pca: PatchPca): {
  readonly encode: (images: tf.Tensor4D) => tf.Tensor4D;
  readonly decode: (codes: tf.Tensor4D) => tf.Tensor4D;
} {
  return {
    encode: (images) => pcaEncode(pca, images),
    decode: (codes) => pcaDecode(pca, codes),
  };
}

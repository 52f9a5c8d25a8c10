import {
  fitPatchPca,
  fromPatches,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  toPatches,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

Deno.test("toPatches takes patches row by row, pixels row by row", () => {
  tf.tidy(() => {
    const images = tf.range(0, 4 * 4 * 3).reshape([1, 4, 4, 3]) as tf.Tensor4D;
    const patches = toPatches(images, 2);
    assertEquals(patches.shape, [1, 2, 2, 12]);
    assertEquals(
      Array.from(patches.slice([0, 0, 1, 0], [1, 1, 1, 12]).dataSync()),
      [6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23],
    );
  });
});

Deno.test("fromPatches is the inverse of toPatches", () => {
  tf.tidy(() => {
    for (
      const [size, patch] of [[12, 4], [12, 3], [12, 12], [12, 1]] as const
    ) {
      const images = smoothImages(2, size);
      const again = fromPatches(toPatches(images, patch), patch);
      assertEquals(maxDifference(again, images), 0);
      const patches = toPatches(images, patch);
      const same = toPatches(fromPatches(patches, patch), patch);
      assertEquals(maxDifference(same, patches), 0);
    }
  });
});

Deno.test("patches that do not fill an image are named in the error", () => {
  const images = smoothImages(1, 10);
  assertThrows(
    () => toPatches(images, 4),
    RangeError,
    "Patches of 4x4 do not fill 10x10 pixels.",
  );
  images.dispose();
});

Deno.test("components are orthonormal columns", () => {
  const pca = fitPatchPca([smoothImages(8, 16)], 4, 20);
  assertEquals(pca.components.shape, [48, 20]);
  tf.tidy(() => {
    const products = pca.components.matMul(pca.components, true);
    assertLess(maxDifference(products, tf.eye(20)), 1e-5);
  });
  pca[Symbol.dispose]();
});

Deno.test("components do not depend on how images are batched", () => {
  const images = smoothImages(8, 16);
  const whole = fitPatchPca([images.clone()], 4, 3);
  const halves = fitPatchPca(
    tf.split(images, [3, 5]) as tf.Tensor4D[],
    4,
    3,
  );
  tf.tidy(() => {
    assertLess(maxDifference(whole.mean, halves.mean), 1e-5);
    const [a, b] = [whole, halves].map((pca) =>
      pcaDecode(pca, pcaEncode(pca, images))
    );
    assertLess(maxDifference(a!, b!), 1e-3);
  });
  images.dispose();
  whole[Symbol.dispose]();
  halves[Symbol.dispose]();
});

/** Mean squares of a code's channels: the eigenvalues of the covariance. */
function codeVariances(pca: PatchPca, images: tf.Tensor4D): number[] {
  return tf.tidy(() =>
    Array.from(
      pcaEncode(pca, images).square().mean([0, 1, 2]).dataSync(),
    )
  );
}

Deno.test("the error on the images of the fit is the sum of the dropped eigenvalues", () => {
  const images = smoothImages(10, 16);
  const all = fitPatchPca([images.clone()], 4, 48);
  const eigenvalues = codeVariances(all, images);
  const variance = tf.tidy(() =>
    toPatches(images, 4).sub(all.mean).square().sum(3).mean().dataSync()[0]!
  );
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  assertAlmostEquals(sum(eigenvalues), variance, 1e-4 * variance);
  for (let i = 1; i < eigenvalues.length; i++) {
    assertGreater(eigenvalues[i - 1]! + 1e-6, eigenvalues[i]!);
  }
  for (const channels of [1, 3, 10, 30]) {
    const pca = fitPatchPca([images.clone()], 4, channels);
    const error = tf.tidy(() => {
      const lost = pcaDecode(pca, pcaEncode(pca, images)).sub(images);
      return toPatches(lost as tf.Tensor4D, 4).square().sum(3).mean()
        .dataSync()[0]!;
    });
    const dropped = sum(eigenvalues.slice(channels));
    assertAlmostEquals(error, dropped, 1e-3 * dropped + 1e-6);
    pca[Symbol.dispose]();
  }
  all[Symbol.dispose]();
  images.dispose();
});

Deno.test("as many channels as a patch has numbers lose nothing", () => {
  const images = smoothImages(4, 8);
  const pca = fitPatchPca([smoothImages(6, 8)], 2, 12);
  tf.tidy(() => {
    const again = pcaDecode(pca, pcaEncode(pca, images));
    assertLess(maxDifference(again, images), 1e-5);
  });
  pca[Symbol.dispose]();
  images.dispose();
});

Deno.test("components of images of one colour are still orthonormal", () => {
  const pca = fitPatchPca([tf.fill([2, 8, 8, 3], 0.25)], 2, 4);
  tf.tidy(() => {
    assertLess(maxDifference(pca.mean, tf.fill([12], 0.25)), 1e-6);
    const products = pca.components.matMul(pca.components, true);
    assertLess(maxDifference(products, tf.eye(4)), 1e-5);
  });
  pca[Symbol.dispose]();
});

Deno.test("a fit with invalid settings is refused and leaves no tensors", () => {
  const before = tf.memory().numTensors;
  assertThrows(
    () => fitPatchPca([], 2, 3),
    RangeError,
    "Principal components need images.",
  );
  assertThrows(
    () => fitPatchPca([], 2, 13),
    RangeError,
    "channels must be at most 12, the numbers of a 2x2 patch, got 13.",
  );
  assertThrows(
    () => fitPatchPca([smoothImages(1, 10)], 4, 3),
    RangeError,
    "Patches of 4x4 do not fill 10x10 pixels.",
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a fit disposes its batches and leaves two tensors", () => {
  const before = tf.memory().numTensors;
  const pca = fitPatchPca([smoothImages(2, 8), smoothImages(3, 8)], 4, 3);
  assertEquals(tf.memory().numTensors, before + 2);
  pca[Symbol.dispose]();
  assertEquals(tf.memory().numTensors, before);
});

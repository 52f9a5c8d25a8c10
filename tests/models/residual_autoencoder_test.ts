import {
  fitPatchPca,
  pcaDecode,
  pcaEncode,
  residualAutoencoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const small = {
  size: 8,
  patch: 4,
  width: 6,
  blocks: 2,
  latentChannels: 5,
  seed: 1,
};

function fit(size: number, patch: number, channels: number) {
  return fitPatchPca([smoothImages(6, size)], patch, channels);
}

Deno.test("a residual autoencoder has a code of one position a patch", () => {
  for (
    const [size, patch, channels, side] of [
      [8, 4, 5, 2],
      [12, 2, 1, 6],
      [172, 4, 8, 43],
      [344, 8, 8, 43],
    ] as const
  ) {
    const pca = fit(patch * 2, patch, channels);
    const settings = { ...small, size, patch, latentChannels: channels };
    const model = residualAutoencoder(settings, pca);
    assertEquals(model.imageShape, [size, size, 3]);
    assertEquals(model.latentShape, [side, side, channels]);
    tf.tidy(() => {
      const codes = model.encode(tf.zeros([1, size, size, 3]));
      assertEquals(codes.shape, [1, side, side, channels]);
      assertEquals(model.decode(codes).shape, [1, size, size, 3]);
    });
    model.dispose();
    pca[Symbol.dispose]();
  }
});

Deno.test("its code is at first that of the principal components", () => {
  const pca = fit(8, 4, 5);
  const model = residualAutoencoder(small, pca);
  const images = smoothImages(3, 8);
  tf.tidy(() => {
    const difference = maxDifference(
      model.encode(images),
      pcaEncode(pca, images),
    );
    assertLess(difference, 1e-4);
  });
  model.dispose();
  pca[Symbol.dispose]();
  images.dispose();
});

// The decoder has a bias a colour where the components have a mean patch: what
// the mean patch differs from its own mean colour is the error, and its bound.
Deno.test("its images are at first those of the principal components, up to the mean patch's departure from one colour", () => {
  const pca = fit(8, 4, 5);
  const model = residualAutoencoder(small, pca);
  const images = smoothImages(3, 8);
  tf.tidy(() => {
    const linear = pcaDecode(pca, pcaEncode(pca, images));
    const ours = model.decode(model.encode(images));
    const mean = pca.mean.reshape([4, 4, 3]);
    const departure = mean.mean([0, 1], true).sub(mean).tile([2, 2, 1]);
    assertLess(maxDifference(ours, linear.add(departure)), 1e-4);
    const bound = departure.abs().max().dataSync()[0]!;
    assertGreater(bound, 1e-3);
    assertLess(maxDifference(ours, linear), bound + 1e-4);
  });
  model.dispose();
  pca[Symbol.dispose]();
  images.dispose();
});

Deno.test("its images are at first exactly those of the principal components of a one-coloured mean patch", () => {
  const images = tf.tidy(() => {
    const some = smoothImages(3, 8);
    // With each image's negative, the mean patch is 0.5 everywhere.
    return tf.concat([some, tf.sub(1, some)]) as tf.Tensor4D;
  });
  const pca = fitPatchPca([images.clone()], 4, 5);
  const model = residualAutoencoder(small, pca);
  tf.tidy(() => {
    const linear = pcaDecode(pca, pcaEncode(pca, images));
    const ours = model.decode(model.encode(images));
    assertLess(maxDifference(ours, linear), 1e-4);
  });
  model.dispose();
  pca[Symbol.dispose]();
  images.dispose();
});

Deno.test("components that do not fit the settings are named in the error", () => {
  const pca = fit(8, 4, 5);
  const cases = [
    [{ size: 10 }, "size must be a multiple of the patch, 4, got 10."],
    [
      { latentChannels: 6 },
      "A code of 6 channels for 4x4 patches cannot start from 5 components of 4x4.",
    ],
    [
      { patch: 2 },
      "A code of 5 channels for 2x2 patches cannot start from 5 components of 4x4.",
    ],
  ] as const;
  for (const [change, message] of cases) {
    assertThrows(
      () => residualAutoencoder({ ...small, ...change }, pca),
      RangeError,
      message,
    );
  }
  pca[Symbol.dispose]();
});

Deno.test("the seed decides the first weights beside the components", () => {
  const pca = fit(8, 4, 5);
  const values = (seed: number) => {
    const model = residualAutoencoder({ ...small, seed }, pca);
    const entries = Array.from(
      model.weights(),
      ([name, weight]) => [name, Array.from(weight.dataSync())] as const,
    );
    model.dispose();
    return new Map(entries);
  };
  const first = values(1);
  assertEquals(values(1), first);
  const other = values(2);
  const same = new Set([
    "analysis_linear/kernel",
    "synthesis_linear/kernel",
    "analysis_code/kernel", // zero
    "synthesis_patch/kernel", // zero
  ]);
  for (const [name, kernel] of first) {
    if (name.endsWith("/bias")) continue;
    if (same.has(name)) assertEquals(other.get(name), kernel, name);
    else assertNotEquals(other.get(name), kernel, name);
  }
  pca[Symbol.dispose]();
});

Deno.test("weights have unique names in a fixed order", () => {
  const pca = fit(8, 4, 5);
  const [a, b] = [
    residualAutoencoder(small, pca),
    residualAutoencoder(small, pca),
  ];
  const names = [...a.weights().keys()];
  assertEquals([...b.weights().keys()], names);
  assertEquals(names.length, 2 * (2 * 2 * 2) + 2 * (2 + 2 + 1));
  assertEquals(names[0], "analysis_patch/kernel");
  assert(names.includes("synthesis_1_b/kernel"));
  a.dispose();
  b.dispose();
  pca[Symbol.dispose]();
});

Deno.test("a residual autoencoder keeps and leaves no tensors", () => {
  const before = tf.memory().numTensors;
  const pca = fit(8, 4, 5);
  assertEquals(tf.memory().numTensors, before + 2);
  const model = residualAutoencoder(small, pca);
  assertEquals(tf.memory().numTensors, before + 2 + model.weights().size);
  model.dispose();
  pca[Symbol.dispose]();
  assertEquals(tf.memory().numTensors, before);
});

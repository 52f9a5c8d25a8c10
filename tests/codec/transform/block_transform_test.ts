import { BLOCK_SIZES } from "@/codec/transform/block_sizes.ts";
import {
  cellsToPlanes,
  mixedToCells,
  planesToCells,
  toCells,
  toChannels,
  toPlanes,
} from "@/codec/transform/block_transform.ts";
import { chooseSizes } from "@/codec/encode/choose_sizes.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { drawHalves } from "../_tiny_model.ts";

const largest = (x: tf.Tensor) => x.abs().max().dataSync()[0]!;

function noise(shape: [number, number, number, number]): tf.Tensor4D {
  return tf.randomUniform(shape, -100, 100, "float32", 1) as tf.Tensor4D;
}

Deno.test("blocks of each size are transformed without loss of energy, and back", () => {
  tf.tidy(() => {
    const pixels = noise([2, 128, 64, 3]);
    const planes = toPlanes(pixels);
    const energy = pixels.square().sum().dataSync()[0]!;
    for (const size of BLOCK_SIZES) {
      const found = planesToCells(planes, size);
      assertEquals(found.shape, [2, 16, 8, CHANNELS]);
      assertLess(
        Math.abs(found.square().sum().dataSync()[0]! / energy - 1),
        1e-4,
      );
      assertLess(largest(cellsToPlanes(found, size).sub(planes)), 1e-3);
    }
  });
});

Deno.test("blocks of mixed sizes stand for the same image as blocks of 8x8", () => {
  tf.tidy(() => {
    const { data } = drawHalves(128, 128, "mixed");
    const pixels = tf.tensor4d(Array.from(data), [1, 128, 128, 3]).sub(127.5);
    const planes = toPlanes(pixels as tf.Tensor4D);
    const { sizes, cells } = chooseSizes(planes, tf.tensor1d([30]));
    const used = sizes.sum([0, 1, 2]).dataSync();
    assert(used.filter((count) => count > 0).length > 1, `${used}`);
    const found = mixedToCells(cells, sizes);
    assertLess(
      largest(found.sub(planesToCells(planes, BLOCK_SIZES[0]!))),
      1e-2,
    );
  });
});

Deno.test("the low half of any block is the image at half its size", () => {
  tf.tidy(() => {
    // A slow wave, so that halving by the transform and by means agree.
    const wave = Float32Array.from(
      { length: 64 * 64 * 3 },
      (_, i) => 50 * Math.sin((i / 3 % 64 + Math.floor(i / 192)) / 20),
    );
    const pixels = tf.tensor4d(wave, [1, 64, 64, 3]);
    const half = toPlanes(tf.avgPool(pixels, 2, 2, "valid"));
    for (const size of BLOCK_SIZES) {
      const found = toChannels(planesToCells(toPlanes(pixels), size));
      const low = found.slice([0, 0, 0, 0], [-1, -1, -1, 48]).div(2);
      const image = cellsToPlanes(toCells(low as tf.Tensor4D, 4), size, 4);
      assertLess(largest(image.sub(half)), 2);
    }
  });
});

Deno.test("reordered channels come back, and so do their gradients", () => {
  tf.tidy(() => {
    const cells = noise([1, 1, 1, CHANNELS]);
    assertEquals(largest(toCells(toChannels(cells)).sub(cells)), 0);
    const weights = noise([1, 1, 1, CHANNELS]);
    const gradient = tf.grad((x) => toChannels(x as tf.Tensor4D).mul(weights))(
      cells,
    );
    assertEquals(largest(gradient.sub(toCells(weights))), 0);
  });
});

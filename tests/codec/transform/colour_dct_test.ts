import {
  planesToCells,
  toChannels,
  toPlanes,
} from "@/codec/transform/block_transform.ts";
import { BLOCK_SIZES } from "@/codec/transform/block_sizes.ts";
import {
  CHANNELS,
  GROUPS,
  highFilters,
  MEDIUM_CHANNELS,
  MEDIUM_GROUPS,
  mediumFilters,
} from "@/codec/transform/colour_dct.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";

/** Coefficients of images that are cut into blocks of 8x8 pixels. */
function analyse(images: tf.Tensor4D): tf.Tensor4D {
  return toChannels(planesToCells(toPlanes(images), BLOCK_SIZES[0]!));
}

function greatest(difference: tf.Tensor): number {
  return difference.abs().max().dataSync()[0]!;
}

Deno.test("the groups hold each coefficient once, those of the medium image first", () => {
  assertEquals(GROUPS.map(({ length }) => length), [6, 18, 24, 48, 96]);
  const names = GROUPS.flat().map(({ axis, v, u }) => `${axis} ${v} ${u}`);
  assertEquals(new Set(names).size, CHANNELS);
  const low = GROUPS.slice(0, MEDIUM_GROUPS).flat();
  assertEquals(low.length, MEDIUM_CHANNELS);
  assert(low.every(({ v, u }) => v < 4 && u < 4));
});

Deno.test("highFilters() gives the pixels back", () => {
  tf.tidy(() => {
    const random = seededRandom("colour_dct");
    const images = tf.tensor4d(
      Float32Array.from({ length: 2 * 16 * 24 * 3 }, random),
      [2, 16, 24, 3],
    );
    const filters = tf.tensor4d(highFilters(), [1, 1, CHANNELS, CHANNELS]);
    const pixels = tf.conv2d(analyse(images), filters, 1, "same");
    const placed = tf.depthToSpace(tf.depthToSpace(pixels, 2), 4);
    assert(greatest(placed.sub(images)) < 1e-5);
  });
});

Deno.test("mediumFilters() gives the image at half its size", () => {
  tf.tidy(() => {
    // Flat in each colour, with a slope that the low frequencies hold.
    const images = tf.buffer([1, 16, 16, 3]);
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        [0.2, 0.5, 0.9].forEach((value, colour) => {
          const wave = 0.1 * Math.cos(Math.PI * (x % 8 + 0.5) / 8);
          images.set(value + wave, 0, y, x, colour);
        });
      }
    }
    const low = analyse(images.toTensor() as tf.Tensor4D)
      .slice([0, 0, 0, 0], [-1, -1, -1, MEDIUM_CHANNELS]) as tf.Tensor4D;
    const shape: [number, number, number, number] = [1, 1, 48, 48];
    const filters = tf.tensor4d(mediumFilters(), shape);
    const medium = tf.depthToSpace(tf.conv2d(low, filters, 1, "same"), 4);
    assertEquals(medium.shape, [1, 8, 8, 3]);
    for (const [x, colour, value] of [[0, 0, 0.2], [5, 1, 0.5], [7, 2, 0.9]]) {
      const wave = 0.1 * Math.cos(Math.PI * (x! % 4 + 0.5) / 4);
      const found = medium.slice([0, 3, x!, colour!], [1, 1, 1, 1]);
      assertAlmostEquals(found.dataSync()[0]!, value! + wave, 1e-5);
    }
  });
});

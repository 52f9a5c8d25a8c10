/** Blocks of all sizes to 8x8 blocks, beside the tensors of training. */
import { cellsOf } from "@/codec/decode/cell_coefficients.ts";
import {
  mixedToCells,
  toCells,
  toChannels,
} from "@/codec/transform/block_transform.ts";
import { BLOCK_SIZES } from "@/codec/transform/block_sizes.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { kindUnits, loadModel } from "@/codec/model/codec_model.ts";
import type { LatentCoder } from "@/codec/model/latent_coder.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { tinyModel } from "../_tiny_model.ts";

/** A superblock of each size of blocks. */
const ROWS = 16, COLUMNS = 32;
const sizes = Uint8Array.from(
  { length: ROWS * COLUMNS },
  (_, cell) => Math.floor(cell % COLUMNS / 8) + (cell < 8 * COLUMNS ? 0 : 4),
);

const loaded = loadModel(tinyModel());

function latentsOf(channels: number, seed: number) {
  const random = seededRandom(seed);
  const latents = Int16Array.from(
    { length: ROWS * COLUMNS * channels },
    () => random() < 0.8 ? 0 : Math.round(200 * (random() - 0.5)),
  );
  const map = { sizes, rows: ROWS, columns: COLUMNS };
  const coder = { latents, map, channels } as unknown as LatentCoder;
  return { latents, coder, units: kindUnits(loaded.model, 50) };
}

for (const [side, channels] of [[8, CHANNELS], [4, MEDIUM_CHANNELS]] as const) {
  Deno.test(`blocks of all sizes become cells of ${side} pixels as in training`, () => {
    const { latents, coder, units } = latentsOf(channels, side);
    const found = cellsOf(loaded, coder, units, side);
    const expected = tf.tidy(() => {
      const shape = [1, ROWS, COLUMNS, channels] as const;
      const values = tf.tensor4d(Float32Array.from(latents), [...shape])
        .mul(units.greyLevels / 16) as tf.Tensor4D;
      const kinds = tf.oneHot(tf.tensor1d(sizes, "int32"), BLOCK_SIZES.length)
        .toFloat().reshape([1, ROWS, COLUMNS, -1]) as tf.Tensor4D;
      const cells = mixedToCells(toCells(values, side), kinds, side);
      return toChannels(cells, side)
        .div(loaded.real("norms").slice([0], [channels])).dataSync();
    });
    assertEquals(found.length, expected.length);
    found.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-3));
  });
}

Deno.test("the medium image takes the first channels of all latents", () => {
  const { latents, coder, units } = latentsOf(CHANNELS, 1);
  const low = Int16Array.from(
    { length: ROWS * COLUMNS * MEDIUM_CHANNELS },
    (_, i) =>
      latents[
        Math.floor(i / MEDIUM_CHANNELS) * CHANNELS + i % MEDIUM_CHANNELS
      ]!,
  );
  assertEquals(
    cellsOf(loaded, coder, units, 4),
    cellsOf(
      loaded,
      { ...coder, latents: low, channels: MEDIUM_CHANNELS } as LatentCoder,
      units,
      4,
    ),
  );
});

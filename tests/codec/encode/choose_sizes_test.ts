import { BLOCK_SIZES, cellPlanes } from "@/codec/transform/block_sizes.ts";
import { toPlanes } from "@/codec/transform/block_transform.ts";
import { chooseSizes } from "@/codec/encode/choose_sizes.ts";
import { SizeMap } from "@/codec/model/size_map.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { tf } from "@/tensorflow/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { loadModel } from "@/codec/mod.ts";
import { drawHalves, tinyModel } from "../_tiny_model.ts";

/** The place of each cell's block in `BLOCK_SIZES`. */
function choose(width: number, data: ArrayLike<number>, step: number) {
  return tf.tidy(() => {
    const pixels = tf.tensor4d(Array.from(data), [1, width, width, 3]);
    const planes = toPlanes(pixels.sub(127.5) as tf.Tensor4D);
    const { sizes } = chooseSizes(planes, tf.tensor1d([step]));
    assertEquals(sizes.sum(3).min().dataSync()[0], 1);
    return { sizes: sizes.argMax(3).dataSync(), planes: cellPlanes(sizes) };
  });
}

Deno.test("smooth places get large blocks, and busy ones small blocks", () => {
  const { data } = drawHalves(128, 128, "choice");
  const { sizes, planes } = choose(128, data, 20);
  planes.dispose();
  const mean = (from: number) => {
    const half = Array.from(sizes).filter((_, cell) =>
      Math.floor(cell % 16 / 8) === from
    );
    return half.reduce((sum, size) => sum + BLOCK_SIZES[size]!.columns, 0) /
      half.length;
  };
  assertEquals(mean(0), 8);
  assertLess(mean(1), 6);
  assertGreater(mean(1), 0);
});

Deno.test("an even picture is one block per superblock", () => {
  const even = new Uint8Array(64 * 64 * 3).fill(90);
  const { sizes, planes } = choose(64, even, 20);
  planes.dispose();
  assertEquals(new Set(sizes), new Set([3]));
});

Deno.test("a coded map has the same sizes and planes as the networks see in training", () => {
  const loaded = loadModel(tinyModel());
  const { data } = drawHalves(128, 128, "map");
  const { sizes, planes } = choose(128, data, 20);
  const tile = cutTiles({ width: 128, height: 128 }).list[0]!;
  const encoder = new RansEncoder();
  const { splits } = loaded.model;
  const push = (...part: Parameters<RansEncoder["push"]>) =>
    encoder.push(...part);
  const written = new SizeMap(tile, { code: push }, {
    ...{ tables: splits, firstTable: 0, wanted: sizes },
  });
  const decoder = new RansDecoder(encoder.finish());
  const decode = (...part: Parameters<RansDecoder["decode"]>) =>
    decoder.decode(...part);
  const read = new SizeMap(tile, { code: decode }, {
    ...{ tables: splits, firstTable: 0 },
  });
  assertEquals(decoder.atEnd, true);
  assertEquals(read, written);
  assertEquals(Array.from(read.sizes), Array.from(sizes));
  assertEquals(read.planes(8), planes.mul(8).dataSync());
  planes.dispose();
  loaded.dispose();
});

Deno.test("squares beyond the image are not coded", () => {
  const loaded = loadModel(tinyModel());
  const random = seededRandom("beyond");
  const tile = cutTiles({ width: 70, height: 9 }).list[0]!;
  const wanted = Array.from({ length: 8 * 16 }, () => Math.floor(8 * random()));
  let decisions = 0;
  const count = { code: () => void decisions++ };
  const map = new SizeMap(tile, count, {
    ...{ tables: loaded.model.splits, firstTable: 0, wanted },
  });
  const last = (y: number, x: number) => map.coded[y * 16 + x];
  assertEquals([last(0, 0), last(1, 8)], [1, map.sizes[8]! > 0 ? 1 : 1]);
  assertEquals(last(7, 15), map.sizes[8] === 3 ? 1 : 0);
  assertGreater(decisions, 0);
  loaded.dispose();
});

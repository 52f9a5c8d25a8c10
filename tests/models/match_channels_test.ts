import {
  applyLinearMap,
  CrossMoments,
  matchChannels,
  matchingMap,
} from "@/models/mod.ts";
import { randomNormal, tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { maxDifference } from "./_images.ts";

Deno.test("channels that were put out of order and negated are found again", () => {
  const before = tf.memory().numTensors;
  const codes = randomNormal<tf.Rank.R4>([1, 8, 8, 4], 1);
  // Channel 2 negated, then 0, 3 and 1 negated.
  const other = tf.tidy(() => {
    const [a, b, c, d] = tf.split(codes, 4, 3);
    return tf.concat([c!.neg(), a!, d!, b!.neg()], 3) as tf.Tensor4D;
  });
  const moments = new CrossMoments(4, 4);
  moments.add(codes, other);
  const matches = matchChannels(moments.correlations());
  assertEquals(matches, [
    { from: 2, sign: -1 },
    { from: 0, sign: 1 },
    { from: 3, sign: 1 },
    { from: 1, sign: -1 },
  ]);
  const map = matchingMap(matches);
  const mapped = applyLinearMap(map, codes);
  assertEquals(maxDifference(mapped, other), 0);
  tf.dispose([codes, other, mapped]);
  map[Symbol.dispose]();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("the sum of all channels counts, not the best pair", () => {
  const correlations = [
    [0.9, 0.8, 0.1],
    [0.8, -0.1, 0.3],
    [0.2, 0.1, 0.2],
  ];
  // 0.8 + 0.8 + 0.2 rather than 0.9 + 0.1 + 0.3.
  assertEquals(matchChannels(correlations), [
    { from: 1, sign: 1 },
    { from: 0, sign: 1 },
    { from: 2, sign: 1 },
  ]);
});

Deno.test("correlations do not depend on scale and shift, and a constant has none", () => {
  const x = tf.tensor2d([[0, 5], [1, 5], [2, 5], [3, 5]]);
  const y = tf.tensor2d([[1, 4], [-1, 4], [-3, 6], [-5, 6]]);
  const moments = new CrossMoments(2, 2);
  moments.add(x, y);
  const [first, second] = moments.correlations();
  assertAlmostEquals(first![0]!, -1, 1e-6);
  assertAlmostEquals(first![1]!, 2 / Math.sqrt(5), 1e-6);
  assertEquals(second, [0, 0]);
  tf.dispose([x, y]);
});

Deno.test("more channels than can be matched in time are named in the error", () => {
  assertThrows(
    () => matchChannels(Array.from({ length: 17 }, () => [])),
    RangeError,
    "channels must be at most 16, got 17.",
  );
});

import { type SequentialShape, SequentialVae } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";

const shape: SequentialShape = {
  side: 8,
  frames: 3,
  widths: [4, 6],
  blocks: 1,
  features: 5,
  localSize: 2,
  globalSize: 4,
  memory: 3,
  levels: 2,
  seed: 1,
};

Deno.test("a sequential autoencoder has the shapes of its settings", () => {
  const before = tf.memory().numTensors;
  for (const globalSize of [0, 4]) {
    using model = new SequentialVae({ ...shape, globalSize });
    tf.tidy(() => {
      const level = tf.tensor2d([[1, 0], [0, 1]]);
      const codes = model.encode(tf.zeros([2, 3, 8, 8, 3]), level);
      assertEquals(codes.local.shape, [2, 3, 2]);
      assertEquals(codes.global?.shape, globalSize ? [2, 4] : undefined);
      assertEquals(model.decode(codes, level).shape, [2, 3, 8, 8, 3]);
    });
    const convolutions = 16 * 3 * 4 + 4 + 9 * 4 * 6 + 6;
    const heads = 6 * 5 + 5 + 5 * 2 + 2;
    const linear = 12 + 12 * 2 + (2 + globalSize) * 12;
    const decoder = (2 + globalSize) * 6 + 6 + 16 * 6 * 4 + 4 +
      9 * (4 + 3) * 4 + 4 + 2 * (9 * 4 * 4 + 4) + 16 * 4 * 3 + 3;
    const gains = 2 * (2 + globalSize);
    const prior = 4 * 2 * 2 + 2 + (2 + 2) * 9 + 3 * 9 + 9 + 3 * 4;
    const global = globalSize && 12 * 4 + 5 * 4 + 4 + 2 * 2 * 4;
    assertEquals(
      [...model.weights().values()].reduce((sum, { size }) => sum + size, 0),
      convolutions + heads + linear + decoder + gains + prior + global,
    );
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a local code sees its own frame alone, the global one all", () => {
  using model = new SequentialVae(shape);
  tf.tidy(() => {
    const level = tf.tensor2d([[1, 0]]);
    const frames = tf.randomUniform<tf.Rank.R5>(
      [1, 3, 8, 8, 3],
      0,
      1,
      "float32",
      1,
    );
    const other = tf.concat([
      frames.slice([0, 0, 0, 0, 0], [1, 2, 8, 8, 3]),
      tf.zeros([1, 1, 8, 8, 3]),
    ], 1) as tf.Tensor5D;
    const [one, two] = [frames, other].map((x) => model.encode(x, level));
    const changed = (a: tf.Tensor, b: tf.Tensor) =>
      a.sub(b).abs().max().dataSync()[0]! > 1e-4;
    const local = (codes: typeof one, t: number) =>
      codes!.local.slice([0, t, 0], [1, 1, 2]);
    assertEquals(
      [0, 1, 2].map((t) => changed(local(one, t), local(two, t))),
      [false, false, true],
    );
    assertEquals(changed(one!.global!, two!.global!), true);
  });
});

Deno.test("a better quality has smaller steps, for the same frames", () => {
  using model = new SequentialVae(shape);
  tf.tidy(() => {
    const frames = tf.randomUniform<tf.Rank.R5>(
      [1, 3, 8, 8, 3],
      0,
      1,
      "float32",
      1,
    );
    const [low, high] = [[1, 0], [0, 1]].map((row) => tf.tensor2d([row]));
    const [few, many] = [low!, high!].map((level) =>
      model.encode(frames, level)
    );
    const ratio = many!.local.div(few!.local).dataSync();
    ratio.forEach((value) => assertAlmostEquals(value, Math.SQRT2, 1e-4));
    // Without rounding, both decode to the same frames.
    const apart = model.decode(few!, low!).sub(model.decode(many!, high!));
    assertAlmostEquals(apart.abs().max().dataSync()[0]!, 0, 1e-5);
  });
});

Deno.test("codes of more numbers than a small frame has are refused", () => {
  assertThrows(
    () => new SequentialVae({ ...shape, globalSize: 11 }),
    RangeError,
    "globalSize must be at most 10 beside the local code",
  );
});

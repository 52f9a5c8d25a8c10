import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  compile,
  randomNormal,
  randomUniform,
  type Seed,
  tf,
} from "@/tensorflow/mod.ts";

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

// What Python's tf.random.stateless_normal and stateless_uniform give for
// shape [4] and seed [1, 2].
const NORMAL = [0.5441101, 0.20738031, 0.07356432, 0.04643455];
const UNIFORM = [0.8440604, 0.19204533, 0.9962232, 0.1603874];

for (
  const [name, draw, expected] of [
    ["normal", randomNormal, NORMAL],
    ["uniform", randomUniform, UNIFORM],
  ] as const
) {
  Deno.test(`${name} numbers follow from the seed alone`, () => {
    tf.tidy(() => {
      const actual = values(draw([4], [1, 2]));
      actual.forEach((value, i) =>
        assertAlmostEquals(value, expected[i]!, 1e-6)
      );
      const seed = tf.tensor1d([1, 2], "int32");
      assertEquals(values(draw([4], seed)), actual);
      assertNotEquals(values(draw([4], [1, 3])), actual);
      assertNotEquals(values(draw([4], 1)), actual);
      assertEquals(values(draw([4], 1)), values(draw([4], [1, 0])));
    });
  });

  Deno.test(`${name} numbers are drawn anew at each call of a compiled function`, () => {
    const compiled = compile((seed: tf.Tensor) => draw([4], seed));
    tf.tidy(() => {
      for (const seed of [[1, 2], [3, 4]] as const) {
        const eager = values(draw([4], seed));
        const traced = values(compiled(tf.tensor1d([...seed], "int32")));
        assertEquals(traced, eager);
      }
      assertEquals(compiled.traces, 1);
    });
    compiled.dispose();
  });

  Deno.test(`${name} numbers come in any shape`, () => {
    tf.tidy(() => {
      for (const shape of [[], [1], [0, 3], [2, 3, 4]]) {
        assertEquals(draw(shape, 1).shape, shape);
      }
    });
  });

  Deno.test(`${name} numbers refuse an invalid seed`, () => {
    for (const seed of [1.5, NaN, 2 ** 31, [1, 0.5]]) {
      assertThrows(
        () => draw([1], seed as Seed),
        RangeError,
        `seed must be one or two whole numbers of 32 bits, got ${
          JSON.stringify(seed).replace("null", "NaN")
        }.`,
      );
    }
    tf.tidy(() => {
      assertThrows(
        () => draw([1], tf.tensor1d([1, 2])),
        RangeError,
        'seed must be an int32 tensor of shape [2], got "float32 [2]".',
      );
    });
  });
}

Deno.test("moments are those of the distributions", () => {
  tf.tidy(() => {
    // Five standard errors of 100,000 numbers.
    const normal = tf.moments(randomNormal([100_000], 7));
    assertAlmostEquals(values(normal.mean)[0]!, 0, 0.016);
    assertAlmostEquals(values(normal.variance)[0]!, 1, 0.023);
    const uniform = randomUniform([100_000], 7);
    const { mean, variance } = tf.moments(uniform);
    assertAlmostEquals(values(mean)[0]!, 1 / 2, 0.005);
    assertAlmostEquals(values(variance)[0]!, 1 / 12, 0.0013);
    assert(values(uniform.min())[0]! >= 0);
    assert(values(uniform.max())[0]! < 1);
  });
});

Deno.test("a gradient goes past noise to what it is scaled by", () => {
  tf.tidy(() => {
    const sample = (scale: tf.Tensor) => randomNormal([4], [1, 2]).mul(scale);
    const slope = tf.grad(sample)(tf.scalar(2));
    const expected = NORMAL.reduce((sum, value) => sum + value, 0);
    assertAlmostEquals(values(slope)[0]!, expected, 1e-6);
  });
});

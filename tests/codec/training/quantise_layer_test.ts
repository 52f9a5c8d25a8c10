import {
  integerLayer,
  integerTensors,
  MAX_INPUT,
} from "@/codec/model/integer_layer.ts";
import {
  finestUnits,
  quantiseLayer,
  type RealLayerWeights,
} from "@/codec/training/quantise_layer.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";

const shape = [3, 3, 7, 5] as const;

function randomLayer(): RealLayerWeights {
  const random = seededRandom("layer");
  const draw = (length: number, scale: number) =>
    Array.from({ length }, () => scale * (2 * random() - 1));
  return { shape, filters: draw(3 * 3 * 7 * 5, 0.4), bias: draw(5, 2) };
}

/** Whole inputs of a 4x6 image. */
function randomInputs(): Float32Array {
  const random = seededRandom("inputs");
  return Float32Array.from(
    { length: 4 * 6 * 7 },
    () => Math.floor(random() * (2 * MAX_INPUT + 1)) - MAX_INPUT,
  );
}

function run(
  layer: RealLayerWeights,
  inputs: Float32Array,
  outputUnits: number[],
): { found: ArrayLike<number>; real: ArrayLike<number> } {
  const inputUnits = Array(7).fill(32);
  const whole = quantiseLayer(layer, inputUnits, outputUnits);
  return tf.tidy(() => {
    const tensors = integerTensors(whole);
    const x = tf.tensor4d(inputs, [1, 4, 6, 7]);
    const y = integerLayer(() => tensors)(x, "layer", { relu: false });
    const filters = tf.tensor4d(Array.from(layer.filters), [...shape]);
    const real = x.div(32).conv2d(filters as tf.Tensor4D, 1, "same")
      .add(tf.tensor1d(Array.from(layer.bias))).mul(tf.tensor1d(outputUnits));
    return { found: y.dataSync(), real: real.dataSync() } as never;
  });
}

Deno.test("a layer of whole numbers is within a unit of the real one", () => {
  const { found, real } = run(randomLayer(), randomInputs(), [9, 20, 4, 1, 50]);
  for (let i = 0; i < found.length; i++) {
    assert(Number.isInteger(found[i]));
    assertAlmostEquals(found[i]!, real[i]!, 1);
  }
});

Deno.test("no sum of a layer of whole numbers leaves what is exact", () => {
  const layer = randomLayer();
  const whole = quantiseLayer(layer, Array(7).fill(1), Array(5).fill(255));
  for (let result = 0; result < 5; result++) {
    let sum = Math.abs(whole.bias[result]!);
    for (let tap = 0; tap < 63; tap++) {
      sum += MAX_INPUT * Math.abs(whole.filters[tap * 5 + result]!);
    }
    assert(sum < 2 ** 24 + 2 ** whole.shifts[result]!, `${sum}`);
  }
});

Deno.test("a layer of whole numbers is the sum of its products, to the bit", () => {
  const layer = randomLayer();
  const inputs = randomInputs();
  const units = [9, 20, 4, 1, 50];
  const whole = quantiseLayer(layer, Array(7).fill(32), units);
  const { found } = run(layer, inputs, units);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 6; x++) {
      for (let result = 0; result < 5; result++) {
        let sum = whole.bias[result]!;
        for (let tap = 0; tap < 63; tap++) {
          const [row, column] = [Math.floor(tap / 21), Math.floor(tap / 7) % 3];
          const [from, at] = [y + row - 1, x + column - 1];
          if (from < 0 || from > 3 || at < 0 || at > 5) continue;
          sum += inputs[(from * 6 + at) * 7 + tap % 7]! *
            whole.filters[tap * 5 + result]!;
        }
        const expected = Math.floor(sum / 2 ** whole.shifts[result]!);
        assertEquals(found[(y * 6 + x) * 5 + result], expected);
      }
    }
  }
});

Deno.test("weights fit at their greatest units, and hardly above", () => {
  const layer = randomLayer();
  const inputs = [0.1, 1, 5, 32, 99, 300, 0.01];
  const most = finestUnits(layer, inputs);
  const whole = quantiseLayer(layer, inputs, most);
  assertEquals(whole.shifts, new Uint8Array(5));
  for (const result of [0, 1, 2, 3, 4]) {
    const more = most.map((unit, i) => i === result ? 1.01 * unit : unit);
    assertThrows(
      () => quantiseLayer(layer, inputs, more),
      RangeError,
      `The weights of result ${result} are too large`,
    );
  }
});

Deno.test("quantiseLayer() says which weights are too large", () => {
  const layer = { ...randomLayer(), bias: [0, 0, 1e9, 0, 0] };
  assertThrows(
    () => quantiseLayer(layer, Array(7).fill(1), Array(5).fill(255)),
    RangeError,
    "The weights of result 2 are too large for whole numbers.",
  );
});

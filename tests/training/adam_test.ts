import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam, type AdamSettings } from "@/training/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  assertLess,
} from "@std/assert";

/** Adam as in the paper, on one number and in 64 bits. */
function adamByHand(
  start: number,
  gradient: (weight: number) => number,
  rates: readonly number[],
): number[] {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];
  let [weight, mean, square] = [start, 0, 0];
  return rates.map((rate, i) => {
    const t = i + 1;
    const g = gradient(weight);
    mean = beta1 * mean + (1 - beta1) * g;
    square = beta2 * square + (1 - beta2) * g * g;
    const step = rate * Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
    weight -= step * mean / (Math.sqrt(square) + epsilon);
    return weight;
  });
}

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

Deno.test("Adam takes the steps that the paper asks for", () => {
  const weight = tf.variable(tf.scalar(2));
  const adam = new Adam(new Map([["w", weight]]));
  const rates = [0.1, 0.1, 0.05, 0.2, 0.01];
  // The loss (w - 1)² has the gradient 2 (w - 1).
  const expected = adamByHand(2, (w) => 2 * (w - 1), rates);
  assertAlmostEquals(expected[0]!, 1.9, 1e-6); // the first step is the rate
  rates.forEach((rate, i) => {
    tf.tidy(() => {
      const { loss } = adam.minimize(tf.scalar(rate), () => ({
        loss: weight.sub(1).square() as tf.Scalar,
      }));
      assertEquals(loss.shape, []);
    });
    // 1 - 0.999 has 5 digits in 32 bits.
    assertAlmostEquals(values(weight)[0]!, expected[i]!, 5e-6);
  });
  adam.dispose();
  weight.dispose();
});

Deno.test("Adam returns the loss of before its step, and all other parts", () => {
  const weight = tf.variable(tf.scalar(3));
  const adam = new Adam(new Map([["w", weight]]));
  tf.tidy(() => {
    const parts = adam.minimize(tf.scalar(0.1), () => {
      const loss = weight.square() as tf.Scalar;
      return { loss, twice: loss.mul(2) };
    });
    assertEquals(values(parts.loss), [9]);
    assertEquals(values(parts.twice), [18]);
  });
  adam.dispose();
  weight.dispose();
});

Deno.test("Adam returns all parts of the loss also when it is compiled", () => {
  const weight = tf.variable(tf.scalar(3));
  const adam = new Adam(new Map([["w", weight]]));
  const step = compile((rate: tf.Scalar) =>
    adam.minimize(rate, () => {
      const [a, b] = [weight.square(), weight.mul(2)];
      return { loss: a.add(b) as tf.Scalar, a, b };
    })
  );
  for (const expected of [[15, 9, 6], [14.21, 8.41, 5.8]]) {
    tf.tidy(() => {
      const { loss, a, b } = step(tf.scalar(0.1));
      [loss, a, b].forEach((part, i) =>
        assertAlmostEquals(values(part)[0]!, expected[i]!, 1e-4)
      );
    });
  }
  step.dispose();
  adam.dispose();
  weight.dispose();
});

Deno.test("Adam and tf.train.adam agree over 20 steps", () => {
  const start = [[0.5, -1.5, 2], [1, 0.25, -0.75]];
  const target = tf.tensor2d([[1, 1, 1], [-1, -1, -1]]);
  const input = tf.tensor2d([[0.3, -0.2], [0.8, 0.5], [-0.4, 0.9]]);
  const ours = tf.variable(tf.tensor2d(start));
  const theirs = tf.variable(tf.tensor2d(start));
  const loss = (weight: tf.Tensor) =>
    input.matMul(weight as tf.Tensor2D).sub(input.matMul(target)).square()
      .mean() as tf.Scalar;
  const adam = new Adam(new Map([["w", ours]]));
  const optimizer = tf.train.adam(0.05, 0.9, 0.999, 1e-7);
  const step = compile((rate: tf.Scalar) =>
    adam.minimize(rate, () => ({ loss: loss(ours) })).loss
  );
  for (let i = 0; i < 20; i++) {
    tf.tidy(() => {
      step(tf.scalar(0.05));
      optimizer.minimize(() => loss(theirs), false, [theirs]);
      assertLess(ours.sub(theirs).abs().max().dataSync()[0]!, 1e-5);
    });
  }
  step.dispose();
  adam.dispose();
  optimizer.dispose();
  tf.dispose([target, input, ours, theirs]);
});

/** The gradients that Adam saw in its first step, from its means. */
function firstGradients(settings: AdamSettings): number[][] {
  const a = tf.variable(tf.tensor1d([3, 0]));
  const b = tf.variable(tf.scalar(4));
  const adam = new Adam(
    new Map<string, tf.Variable>([["a", a], ["b", b]]),
    settings,
  );
  tf.tidy(() => {
    // Gradients [3, 0] and 4: the global norm is 5.
    adam.minimize(tf.scalar(0.1), () => ({
      loss: a.square().sum().add(b.square()).div(2) as tf.Scalar,
    }));
  });
  const state = adam.state();
  const seen = ["a", "b"].map((name) =>
    values(state.get(`adam/mean/${name}`)!).map((mean) => mean / 0.1)
  );
  adam.dispose();
  tf.dispose([a, b]);
  return seen;
}

function assertClose(actual: number[][], expected: number[][]): void {
  assertEquals(actual.map((list) => list.length), [2, 1]);
  actual.flat().forEach((value, i) =>
    assertAlmostEquals(value, expected.flat()[i]!, 1e-5)
  );
}

Deno.test("clipNorm scales all gradients to one global norm", () => {
  assertClose(firstGradients({}), [[3, 0], [4]]);
  assertClose(firstGradients({ clipNorm: 1 }), [[0.6, 0], [0.8]]);
  assertClose(firstGradients({ clipNorm: 5.5 }), [[3, 0], [4]]);
});

Deno.test("clipNorm leaves gradients of 0 alone", () => {
  const weight = tf.variable(tf.scalar(1));
  const adam = new Adam(new Map([["w", weight]]), { clipNorm: 1 });
  tf.tidy(() => {
    adam.minimize(tf.scalar(0.1), () => ({
      loss: weight.mul(0) as tf.Scalar,
    }));
  });
  assertEquals(values(weight), [1]);
  adam.dispose();
  weight.dispose();
});

Deno.test("a weight that the loss does not use stays unchanged", () => {
  const used = tf.variable(tf.scalar(1));
  const unused = tf.variable(tf.scalar(7));
  const adam = new Adam(new Map([["used", used], ["unused", unused]]));
  tf.tidy(() => {
    adam.minimize(tf.scalar(0.1), () => ({
      loss: used.square() as tf.Scalar,
    }));
  });
  assertAlmostEquals(values(used)[0]!, 0.9, 1e-6);
  assertEquals(values(unused), [7]);
  adam.dispose();
  tf.dispose([used, unused]);
});

Deno.test("Adam continues identically from a copy of its state", () => {
  const run = (weight: tf.Variable, adam: Adam, steps: number) => {
    for (let i = 0; i < steps; i++) {
      tf.tidy(() => {
        adam.minimize(tf.scalar(0.03), () => ({
          loss: weight.pow(4).sum().sub(weight.sum()) as tf.Scalar,
        }));
      });
    }
  };
  const weight = tf.variable(tf.tensor1d([0.1, -2, 1.7]));
  const adam = new Adam(new Map([["w", weight]]), { clipNorm: 2 });
  run(weight, adam, 7);
  const copy = tf.variable(tf.tensor1d(values(weight)));
  const copied = new Adam(new Map([["w", copy]]), { clipNorm: 2 });
  for (const [name, variable] of copied.state()) {
    const stored = adam.state().get(name);
    assertInstanceOf(stored, tf.Variable, name);
    variable.assign(stored);
  }
  run(weight, adam, 9);
  run(copy, copied, 9);
  assertEquals(values(copy), values(weight));
  adam.dispose();
  copied.dispose();
  tf.dispose([weight, copy]);
});

Deno.test("Adam keeps two tensors a weight and two more, and leaves none", () => {
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const before = tf.memory().numTensors;
  const adam = new Adam(new Map([["w", weight]]));
  assertEquals([...adam.state().keys()], [
    "adam/beta1_power",
    "adam/beta2_power",
    "adam/mean/w",
    "adam/square/w",
  ]);
  assertEquals(tf.memory().numTensors, before + 4);
  for (let i = 0; i < 3; i++) {
    const { loss } = adam.minimize(tf.scalar(0.1), () => ({
      loss: weight.square().sum() as tf.Scalar,
    }));
    loss.dispose();
  }
  // The scalars of the learning rate are the caller's.
  assertEquals(tf.memory().numTensors, before + 4 + 3);
  adam.dispose();
  assertEquals(tf.memory().numTensors, before + 3);
  weight.dispose();
});

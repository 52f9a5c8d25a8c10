import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  compile,
  handleCount,
  randomNormal,
  tf,
  TraceError,
} from "@/tensorflow/mod.ts";
import { assertGradient } from "../kernels/_gradient.ts";

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

/** Asserts that two tensors are equal but for rounding. */
function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  assertEquals(actual.shape, expected.shape);
  const difference = actual.sub(expected).abs().max().dataSync()[0]!;
  assert(difference < 1e-4, `${values(actual)} is not ${values(expected)}`);
}

const square = compile((x: tf.Tensor) => x.mul(x), { name: "square" });

Deno.test("a gradient goes through a compiled function at its first call", () => {
  tf.tidy(() => {
    const fresh = compile((x: tf.Tensor) => x.mul(x));
    const slope = tf.grad((x: tf.Tensor) => x.add(fresh(x)));
    const x = tf.tensor1d([1, 2, 3]);
    assertEquals(values(slope(x)), [3, 5, 7]);
    assertEquals(values(slope(x)), [3, 5, 7]);
    assertEquals(fresh.traces, 1);
    fresh.dispose();
  });
});

Deno.test("gradients of a compiled function may be of any order", () => {
  tf.tidy(() => {
    const fourth = (x: tf.Tensor) => square(square(x));
    const x = tf.tensor1d([1, 2, -3]);
    const first = tf.grad(fourth), second = tf.grad(first);
    assertEquals(values(first(x)), [4, 32, -108]);
    assertEquals(values(second(x)), [12, 48, 108]);
    assertEquals(values(tf.grad(second)(x)), [24, 48, -72]);
  });
});

/** Functions of a tensor `[2, 3]` whose gradients are compared. */
const FUNCTIONS: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  "matrix products": (x) => tf.matMul(x as tf.Tensor2D, x.transpose()),
  "broadcasting and reductions": (x) => x.sub(x.mean(1, true)).square().sum(0),
  "an activation": (x) => x.tanh().mul(x.sigmoid()),
  "tidy inside": (x) => tf.tidy(() => tf.tidy(() => x.exp()).mul(2)),
  "the argument itself": (x) => x,
  "a gradient inside": (x) => tf.grad((y: tf.Tensor) => y.pow(3))(x),
};

for (const [what, fn] of Object.entries(FUNCTIONS)) {
  Deno.test(`the gradient through ${what} equals differences`, () => {
    const compiled = compile(fn);
    assertGradient([2, 3], compiled, 0.2);
    assertEquals(compiled.traces, 1);
    compiled.dispose();
  });
}

Deno.test("two arguments and two results have the gradients of the function", () => {
  tf.tidy(() => {
    const both = (a: tf.Tensor, b: tf.Tensor) => ({
      product: a.mul(b),
      rest: [a.div(b).sum(), tf.scalar(2)] as const,
    });
    const compiled = compile(both);
    const loss = (fn: typeof both) => (a: tf.Tensor, b: tf.Tensor) => {
      const { product, rest } = fn(a, b);
      return product.square().sum().add(rest[0].mul(3)).asScalar();
    };
    const given = [tf.tensor1d([1, 2]), tf.tensor1d([3, -4])];
    const expected = tf.grads(loss(both))(given);
    const actual = tf.grads(loss(compiled))(given);
    actual.forEach((gradient, i) => assertClose(gradient, expected[i]!));
    compiled.dispose();
  });
});

Deno.test("one tensor twice and a variable as arguments have gradients", () => {
  const weight = tf.variable(tf.scalar(4));
  tf.tidy(() => {
    const product = compile((a: tf.Tensor, b: tf.Tensor) => a.mul(b));
    const twice = tf.grad((x: tf.Tensor) => product(x, x));
    assertEquals(values(twice(tf.scalar(3))), [6]);
    const { grads } = tf.variableGrads(() =>
      product(weight, tf.scalar(7)).asScalar()
    );
    assertEquals(values(grads[weight.name]!), [7]);
    product.dispose();
  });
  weight.dispose();
});

Deno.test("an argument that the result does not depend on has no gradient", () => {
  tf.tidy(() => {
    const first = compile((a: tf.Tensor, _b: tf.Tensor) => a.square());
    const [one, two] = [tf.scalar(1), tf.scalar(2)];
    assertThrows(
      () => tf.grad((b: tf.Tensor) => first(one, b))(two),
      Error,
      "Cannot compute gradient of y=f(x) with respect to x",
    );
    first.dispose();
  });
});

Deno.test("a variable of a compiled forward pass is trained", () => {
  const weight = tf.variable(tf.scalar(0)), bias = tf.variable(tf.scalar(0));
  const x = tf.tensor1d([1, 2, 3]), y = tf.tensor1d([3, 5, 7]);
  const loss = compile((x: tf.Tensor, y: tf.Tensor) =>
    x.mul(weight).add(bias).sub(y).square().mean().asScalar()
  );
  const optimizer = tf.train.sgd(0.1);
  const before = tf.memory().numTensors;
  const handles: number[] = [];
  for (let i = 0; i < 500; i++) {
    optimizer.minimize(() => loss(x, y));
    handles.push(handleCount());
  }
  assertAlmostEquals(values(weight)[0]!, 2, 1e-3);
  assertAlmostEquals(values(bias)[0]!, 1, 1e-3);
  assertEquals(tf.memory().numTensors, before);
  assertEquals(handles.at(-1), handles[1]);
  assertEquals(loss.traces, 1);
  loss.dispose();
  optimizer.dispose();
  tf.dispose([weight, bias, x, y]);
});

Deno.test("a layers model trains through a compiled loss as without", () => {
  const train = (
    wrap: (fn: (x: tf.Tensor) => tf.Scalar) => () => tf.Scalar,
  ) => {
    const model = tf.sequential({
      layers: [tf.layers.conv2d({
        inputShape: [6, 6, 3],
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
      })],
    });
    const adam = tf.train.adam(0.05);
    const loss = wrap((x) =>
      (model.apply(x) as tf.Tensor).sub(0.3).square().mean() as tf.Scalar
    );
    const losses = Array.from({ length: 20 }, () => {
      const value = adam.minimize(loss, true)!;
      const [number] = value.dataSync();
      value.dispose();
      return number!;
    });
    model.dispose();
    adam.dispose();
    return losses;
  };
  const x = tf.randomUniform([2, 6, 6, 3], 0, 1, "float32", 4);
  const plain = train((fn) => () => fn(x));
  const compiled = train((fn) => {
    const compiled = compile(fn);
    return () => compiled(x);
  });
  plain.forEach((loss, i) => assertAlmostEquals(compiled[i]!, loss, 1e-5));
  x.dispose();
});

Deno.test("variables have the values of the call, also if it assigns them", () => {
  const count = tf.variable(tf.scalar(2));
  tf.tidy(() => {
    const scaled = compile((x: tf.Tensor) => {
      const result = x.mul(count);
      count.assign(count.mul(10));
      return result;
    });
    const slope = tf.grad((x: tf.Tensor) => scaled(x));
    assertEquals(values(slope(tf.scalar(1))), [2]);
    assertEquals(values(count), [20]);
    assertEquals(values(slope(tf.scalar(1))), [20]);
    assertEquals(values(count), [200]);
    scaled.dispose();
  });
  count.dispose();
});

Deno.test("a tensor from outside has a gradient, also by a clone of it", () => {
  tf.tidy(() => {
    const slope = tf.grad((shift: tf.Tensor) => {
      const same = shift.reshape([1, 2]).clone();
      const move = compile((x: tf.Tensor) => x.mul(shift).mul(same));
      return move(tf.tensor1d([3, 5]));
    });
    assertEquals(values(slope(tf.tensor1d([2, 4]))), [12, 40]);
  });
});

Deno.test("a tensor from outside may be disposed between calls", () => {
  tf.tidy(() => {
    const factor = tf.scalar(3);
    const times = compile((x: tf.Tensor) => x.square().mul(factor));
    const slope = tf.grad((x: tf.Tensor) => times(x));
    assertEquals(values(slope(tf.scalar(2))), [12]);
    factor.dispose();
    assertEquals(values(slope(tf.scalar(5))), [30]);
    times.dispose();
  });
});

Deno.test("seeded noise is the same in a function and in its gradient", () => {
  tf.tidy(() => {
    const noisy = (x: tf.Tensor) =>
      x.mul(randomNormal(x.shape as [number], 5)).exp();
    const compiled = compile(noisy);
    const x = tf.tensor1d([0.1, 0.2, 0.3]);
    assertClose(tf.grad(compiled)(x), tf.grad(noisy)(x));
    compiled.dispose();
  });
});

Deno.test("a compiled gradient of a compiled function becomes part of it", () => {
  tf.tidy(() => {
    const slope = compile(tf.grad((x: tf.Tensor) => square(x).mul(x)));
    assertEquals(values(slope(tf.scalar(2))), [12]);
    slope.dispose();
  });
});

Deno.test("a function and its gradient see the same JavaScript state", () => {
  tf.tidy(() => {
    let factor = 2;
    const times = compile((x: tf.Tensor) => x.mul(factor));
    const three = tf.scalar(3);
    assertEquals(values(times(three)), [6]);
    factor = 5;
    assertEquals(values(times(three)), [6]);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => times(x))(three);
    assertEquals([...values(value), ...values(grad)], [15, 5]);
    factor = 7;
    assertEquals(values(tf.grad((x: tf.Tensor) => times(x))(three)), [5]);
    assertEquals(values(times(three)), [15]);
    assertThrows(
      () => tf.grad(tf.grad((x: tf.Tensor) => times(x).square()))(three),
      Error,
      "_gradient has no gradient, as it does something else each time",
    );
    times.dispose();
  });
});

Deno.test("a function that does something else each time has no gradient", () => {
  tf.tidy(() => {
    let count = 0;
    const odd = compile((x: tf.Tensor) => x.mul(++count), { name: "odd" });
    assertThrows(
      () => tf.grad((x: tf.Tensor) => odd(x))(tf.scalar(3)),
      Error,
      "odd has no gradient, as it does something else each time it is traced",
    );
    odd.dispose();
  });
});

Deno.test("a model that is built at the first call has gradients", () => {
  const layer = tf.layers.dense({ units: 1, kernelInitializer: "ones" });
  tf.tidy(() => {
    const through = compile((x: tf.Tensor) => layer.apply(x) as tf.Tensor);
    const x = tf.tensor2d([[1, 2, 3]]);
    assertEquals(values(tf.grad((x: tf.Tensor) => through(x))(x)), [1, 1, 1]);
    through.dispose();
  });
  layer.dispose();
});

Deno.test("a function that was disposed after its call has no gradient", () => {
  tf.tidy(() => {
    const brief = compile((x: tf.Tensor) => x.square(), { name: "brief" });
    const slope = tf.grad((x: tf.Tensor) => {
      const y = brief(x);
      brief.dispose();
      return y;
    });
    assertThrows(() => slope(tf.scalar(1)), TraceError, "was disposed.");
  });
});

/** Functions without a gradient, and the error of each. */
const WITHOUT: Readonly<
  Record<string, readonly [(x: tf.Tensor) => tf.Tensor, string]>
> = {
  "an op without a gradient": [
    (x) => x.mul(tf.topk(x, 1).values),
    "gradient function not found for TopK",
  ],
  "an op with hidden state": [
    (x) => x.mul(tf.multinomial(x as tf.Tensor1D, 2, 3).toFloat().sum()),
    "lonely has no gradient, as its op Multinomial may give other values",
  ],
  "a result of whole numbers": [
    (x) => x.toInt(),
    "lonely has no gradient, as it returns no float32 tensor.",
  ],
};

for (const [what, [fn, message]] of Object.entries(WITHOUT)) {
  Deno.test(`a gradient through ${what} is refused, never left out`, () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const lonely = compile(fn, { name: "lonely" });
      const x = tf.tensor1d([1, 2]);
      assertThrows(
        () => tf.grad((x: tf.Tensor) => x.add(lonely(x).toFloat()))(x),
        Error,
        message,
      );
      assertEquals(lonely(x).shape.length <= 1, true);
      assertEquals(values(tf.grad((x: tf.Tensor) => x.square())(x)), [2, 4]);
      lonely.dispose();
    });
    assert(tf.memory().numTensors - before <= 8, "tfjs keeps what it saved");
  });
}

Deno.test("a gradient through a whole-number result beside others is refused", () => {
  tf.tidy(() => {
    const both = compile((x: tf.Tensor) => [x.square(), x.toInt()] as const, {
      name: "both",
    });
    const x = tf.tensor1d([2]);
    const slope = tf.grad((x: tf.Tensor) => both(x)[0]);
    assertEquals(values(slope(x)), [4]);
    assertThrows(
      () => tf.grad((x: tf.Tensor) => both(x)[1].toFloat())(x),
      Error,
      "both has no gradient for result 2, which is not float32.",
    );
    both.dispose();
  });
});

Deno.test("an argument behind a whole-number result alone is not left out", () => {
  tf.tidy(() => {
    const both = compile((x: tf.Tensor, w: tf.Tensor) =>
      [x.square(), w.toInt()] as const
    );
    const x = tf.scalar(3);
    assertThrows(
      () =>
        tf.grad((w: tf.Tensor) => w.add(both(x, w)[1].toFloat()))(tf.scalar(2)),
      Error,
      "has no gradient for result 2, which is not float32.",
    );
    const ofFirst = tf.grad((w: tf.Tensor) => w.add(both(x, w)[0]));
    assertEquals(values(ofFirst(tf.scalar(2))), [1]);
    both.dispose();
  });
});

for (const [what, [fn, message]] of Object.entries(WITHOUT)) {
  Deno.test(`a tensor from outside behind ${what} is not left out`, () => {
    tf.tidy(() => {
      const slope = tf.grad((s: tf.Tensor) => {
        const lonely = compile((x: tf.Tensor) => fn(x.add(s)), {
          name: "lonely",
        });
        return s.add(lonely(tf.tensor1d([1, 2])).toFloat());
      });
      assertThrows(() => slope(tf.tensor1d([1, 1])), Error, message);
    });
  });
}

Deno.test("gradients leave no tensors and no handles behind", () => {
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
  const x = tf.tensor1d([3, 4]);
  tf.tidy(() => weight.add(x)); // Now TensorFlow holds their values.
  const before = tf.memory().numTensors, handles = handleCount();
  for (let i = 0; i < 3; i++) {
    const cube = compile((x: tf.Tensor) => x.mul(weight).pow(3));
    tf.tidy(() => {
      const second = tf.grad(tf.grad((x: tf.Tensor) => cube(x)));
      assertClose(second(x), tf.tensor1d([18, 192]));
    });
    cube.dispose();
  }
  assertEquals(tf.memory().numTensors, before);
  assertEquals(handleCount(), handles);
  tf.dispose([weight, x]);
});

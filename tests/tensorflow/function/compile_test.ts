import { assert, assertEquals, assertThrows } from "@std/assert";
import { compile, handleCount, tf, TraceError } from "@/tensorflow/mod.ts";

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

Deno.test("a compiled function gives what the function gives", () => {
  tf.tidy(() => {
    const compiled = compile((a: tf.Tensor, b: tf.Tensor) =>
      a.matMul(b).softmax()
    );
    const a = tf.randomNormal([3, 4], 0, 1, "float32", 1);
    const b = tf.randomNormal([4, 2], 0, 1, "float32", 2);
    for (let call = 0; call < 2; call++) {
      const difference = compiled(a, b).sub(a.matMul(b).softmax()).abs().max();
      assert(values(difference)[0]! < 1e-6);
    }
    assertEquals(compiled.traces, 1);
    assert(compiled.operations > 2);
    compiled.dispose();
  });
});

Deno.test("it is traced once for each shape and type", () => {
  tf.tidy(() => {
    let calls = 0;
    const double = compile((x: tf.Tensor) => {
      calls++;
      return x.add(x);
    });
    for (const x of [[1], [2, 3], [4], [5, 6]]) {
      assertEquals(values(double(tf.tensor1d(x))), x.map((x) => x * 2));
    }
    assertEquals([calls, double.traces], [2, 2]);
    const whole = double(tf.tensor1d([7], "int32"));
    assertEquals([whole.dtype, ...values(whole)], ["int32", 14]);
    assertEquals([calls, double.traces], [3, 3]);
    double.dispose();
  });
});

Deno.test("values that are no tensors are part of what it is traced for", () => {
  tf.tidy(() => {
    const scale = compile((x: tf.Tensor, by: number) => x.mul(by));
    assertEquals(values(scale(tf.scalar(3), 2)), [6]);
    assertEquals(values(scale(tf.scalar(3), 5)), [15]);
    assertEquals(values(scale(tf.scalar(4), 2)), [8]);
    assertEquals(scale.traces, 2);
    scale.dispose();
  });
});

Deno.test("structures go in and come out", () => {
  tf.tidy(() => {
    const swap = compile((
      { a, rest: [b, c] }: { a: tf.Tensor; rest: [tf.Tensor, tf.Tensor] },
    ) => ({ sum: a.add(b), others: [c, { label: "kept", n: 7 }] as const }));
    const pair = [tf.scalar(2), tf.scalar(3)] as [tf.Tensor, tf.Tensor];
    const result = swap({ a: tf.scalar(1), rest: pair });
    assertEquals(values(result.sum), [3]);
    assertEquals(values(result.others[0]), [3]);
    assertEquals(result.others[1], { label: "kept", n: 7 });
    swap.dispose();
  });
});

Deno.test("inputs, variables and one tensor twice may be results", () => {
  const weight = tf.variable(tf.scalar(5));
  tf.tidy(() => {
    const all = compile((x: tf.Tensor) => {
      const y = x.add(1);
      return [x, weight.clone(), y, y, x.clone()];
    });
    const x = tf.scalar(1);
    const results = all(x);
    assertEquals(results.map((tensor) => values(tensor)[0]), [1, 5, 2, 2, 1]);
    results[0]!.dispose();
    results[2]!.dispose();
    assertEquals([values(results[3]!)[0], values(x)[0]], [2, 1]);
    all.dispose();
  });
  assertEquals(values(weight), [5]);
  weight.dispose();
});

for (
  const [dtype, list] of [
    ["float32", [0.5, -2, 3]],
    ["int32", [1, -2, 3]],
    ["bool", [1, 0, 1]],
  ] as const
) {
  Deno.test(`tensors of ${dtype} go through`, () => {
    tf.tidy(() => {
      const reverse = compile((x: tf.Tensor) => tf.reverse(x as tf.Tensor1D));
      const result = reverse(tf.tensor1d([...list], dtype));
      assertEquals(result.dtype, dtype);
      assertEquals(values(result), list.toReversed());
      reverse.dispose();
    });
  });
}

Deno.test("a decoded image, which is uint8 to TensorFlow, goes through", async () => {
  const pixels = tf.tensor3d([255, 0, 9, 1, 2, 3], [1, 2, 3], "int32");
  const png = await tf.node.encodePng(pixels);
  const image = tf.node.decodePng(png);
  const normalise = compile((x: tf.Tensor) => x.toFloat().div(255));
  const plusOne = compile((x: tf.Tensor) => x.add(tf.scalar(1, "int32")));
  tf.tidy(() => {
    const expected = image.toFloat().div(255);
    const difference = normalise(image).sub(expected).abs().max();
    assert(values(difference)[0]! < 1e-6);
    assertEquals(values(plusOne(image)), [256, 1, 10, 2, 3, 4]);
    assertEquals(values(plusOne(pixels)), [256, 1, 10, 2, 3, 4]);
  });
  [normalise, plusOne].forEach((compiled) => compiled.dispose());
  tf.dispose([pixels, image]);
});

Deno.test("variables are read anew and keep what they are assigned", () => {
  const total = tf.variable(tf.scalar(10));
  const add = compile((x: tf.Tensor) => {
    total.assign(total.add(x));
    return total.mul(2);
  });
  tf.tidy(() => {
    assertEquals(values(add(tf.scalar(1))), [22]);
    assertEquals(values(total), [11]);
    total.assign(tf.scalar(100));
    assertEquals(values(add(tf.scalar(1))), [202]);
    assertEquals(values(total), [101]);
    assertEquals(add.traces, 1);
  });
  add.dispose();
  total.dispose();
});

Deno.test("two variables may swap their values", () => {
  const a = tf.variable(tf.scalar(1)), b = tf.variable(tf.scalar(2));
  const swap = compile(() => {
    const old = a.clone();
    a.assign(b.clone() as tf.Scalar);
    b.assign(old as tf.Scalar);
  });
  for (const expected of [[2, 1], [1, 2]]) {
    swap();
    assertEquals([...values(a), ...values(b)], expected);
  }
  swap.dispose();
  tf.dispose([a, b]);
});

Deno.test("a variable made inside starts with its value and lives on", () => {
  let made: tf.Variable | undefined;
  const count = compile((x: tf.Tensor) => {
    made ??= tf.variable(x.mul(0).add(5));
    made.assign(made.add(x));
    return made.clone();
  });
  tf.tidy(() => {
    assertEquals(values(count(tf.scalar(1))), [6]);
    assertEquals(values(count(tf.scalar(2))), [8]);
    assertEquals(values(made!), [8]);
  });
  count.dispose();
  made!.dispose();
});

Deno.test("a tensor from outside is kept while the function needs it", () => {
  const shift = tf.tensor1d([1, 2]);
  const move = compile((x: tf.Tensor) => x.add(shift));
  tf.tidy(() => {
    assertEquals(values(move(tf.tensor1d([10, 20]))), [11, 22]);
    shift.dispose();
    assertEquals(values(move(tf.tensor1d([30, 40]))), [31, 42]);
  });
  const before = handleCount();
  move.dispose();
  assertEquals(handleCount(), before - 1);
});

Deno.test("tidy inside and a compiled function inside become part of it", () => {
  const inner = compile((x: tf.Tensor) => tf.tidy(() => x.square().add(1)));
  const outer = compile((x: tf.Tensor) => tf.tidy(() => inner(x).mul(2)));
  tf.tidy(() => {
    assertEquals(values(outer(tf.scalar(3))), [20]);
    assertEquals([inner.traces, outer.traces], [0, 1]);
    assertEquals(values(inner(tf.scalar(3))), [10]);
  });
  inner.dispose();
  outer.dispose();
});

Deno.test("gradients may be taken inside", () => {
  tf.tidy(() => {
    const slope = compile(tf.grad((x: tf.Tensor) => x.pow(3)));
    assertEquals(values(slope(tf.scalar(2))), [12]);
    slope.dispose();
  });
});

Deno.test("in bfloat16, products are rounded and results stay float32", () => {
  tf.tidy(() => {
    const product = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same");
    const rough = compile(product, { precision: "bfloat16" });
    const x = tf.randomNormal([2, 16, 16, 8], 0, 1, "float32", 1);
    const filter = tf.randomNormal([3, 3, 8, 16], 0, 1, "float32", 2);
    const exact = product(x, filter), result = rough(x, filter);
    assertEquals(result.dtype, "float32");
    const error = result.sub(exact).abs().max().div(exact.abs().max());
    assert(values(error)[0]! < 2 ** -7); // None where there is no bfloat16.
    rough.dispose();
  });
});

Deno.test("a precision that there is not is refused", () => {
  assertThrows(
    () => compile((x: tf.Tensor) => x, { precision: "float8" as "float32" }),
    RangeError,
    'precision must be "float32" or "bfloat16", got "float8".',
  );
});

Deno.test("after dispose it is traced again", () => {
  tf.tidy(() => {
    const negate = compile((x: tf.Tensor) => x.neg());
    negate(tf.scalar(1));
    negate.dispose();
    negate.dispose();
    assertEquals(values(negate(tf.scalar(2))), [-2]);
    assertEquals(negate.traces, 2);
    negate.dispose();
  });
});

/** Mistakes in a traced function, and the error of each. */
const MISTAKES: Readonly<
  Record<string, readonly [(x: tf.Tensor) => tf.Tensor, string]>
> = {
  "reading a result": [
    (x) => x.square().mul(x.square().dataSync()[0]!),
    "The result of Square was read while a function was compiled",
  ],
  "reading an argument": [
    (x) => x.mul(x.dataSync()[0]!),
    "An argument was read while a function was compiled",
  ],
  "drawing random numbers": [
    (x) => x.add(Math.random()),
    "mistaken draws random numbers in JavaScript",
  ],
  "tf.randomUniform without a seed": [
    (x) => x.add(tf.randomUniform([1])),
    "mistaken draws random numbers in JavaScript",
  ],
  "a shape that depends on values": [
    (x) => tf.unique(x).values,
    "UniqueV2: the shape of its output depends on values",
  ],
  "an asynchronous function": [
    (x) => tf.whereAsync(x.greater(0)) as unknown as tf.Tensor,
    "mistaken is asynchronous",
  ],
};

for (const [what, [fn, message]] of Object.entries(MISTAKES)) {
  Deno.test(`${what} is refused, and the engine keeps working`, () => {
    const weight = tf.tidy(() => tf.variable(tf.scalar(3)));
    tf.tidy(() => weight.add(1)); // Now TensorFlow holds its value.
    const random = Math.random;
    const before = tf.memory().numTensors, handles = handleCount();
    const mistaken = compile((x: tf.Tensor) => {
      weight.assign(weight.add(1));
      return fn(x);
    }, { name: "mistaken" });
    const x = tf.tensor1d([2]);
    assertThrows(() => mistaken(x), Error, message);
    assertEquals(values(weight), [3]);
    assertEquals(Math.random, random);
    tf.tidy(() => assertEquals(values(x.add(weight)), [5]));
    x.dispose();
    assertEquals(tf.memory().numTensors, before);
    assertEquals(handleCount(), handles);
    weight.dispose();
  });
}

Deno.test("a variable keeps its shape, and the error names it", () => {
  const weight = tf.variable(tf.zeros([2]), true, "weight_of_two");
  const grow = compile((x: tf.Tensor) => {
    weight.assign(tf.concat([weight, x]) as never);
  });
  tf.tidy(() => {
    assertThrows(
      () => grow(tf.tensor1d([1])),
      TraceError,
      'assigns float32 [3] to variable "weight_of_two", which is float32 [2]',
    );
    assertEquals(values(weight), [0, 0]);
  });
  weight.dispose();
});

Deno.test("disposing a tensor from outside is refused", () => {
  const outside = tf.scalar(1);
  const careless = compile((x: tf.Tensor) => {
    const sum = x.add(outside);
    outside.dispose();
    return sum;
  });
  tf.tidy(() => {
    assertThrows(
      () => careless(tf.scalar(1)),
      TraceError,
      "A function being compiled disposed a tensor from outside of it",
    );
  });
});

Deno.test("a trace that fails lets go of what it captured", () => {
  const outside = tf.scalar(1);
  tf.tidy(() => outside.add(1)); // Now TensorFlow holds its value.
  const handles = handleCount();
  const failing = compile((x: tf.Tensor) => x.mul(outside.add(x).dataSync()));
  assertThrows(() => failing(outside), TraceError, "Add");
  outside.dispose();
  assertEquals(handleCount(), handles - 1);
});

Deno.test("an error thrown by the function comes through", () => {
  const weight = tf.variable(tf.scalar(3));
  const failing = compile((x: tf.Tensor): tf.Tensor => {
    weight.assign(x as tf.Scalar);
    throw new RangeError("Nothing here.");
  });
  tf.tidy(() => {
    assertThrows(() => failing(tf.scalar(1)), RangeError, "Nothing here.");
    assertEquals(values(weight), [3]);
  });
  weight.dispose();
});

Deno.test("a symbol that was kept cannot be used later", () => {
  let kept: tf.Tensor | undefined;
  const leaky = compile((x: tf.Tensor) => {
    kept = tf.keep(x.add(1));
    return x.mul(2);
  });
  tf.tidy(() => {
    assertEquals(values(leaky(tf.scalar(1))), [2]);
    assertThrows(() => kept!.add(1), Error);
    const next = compile((x: tf.Tensor) => x.add(kept!));
    assertThrows(
      () => next(tf.scalar(1)),
      TraceError,
      "uses a tensor of a function that was compiled earlier",
    );
    assertEquals(values(tf.scalar(1).add(1)), [2]);
  });
  leaky.dispose();
});

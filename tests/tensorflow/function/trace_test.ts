import { assertEquals, assertThrows } from "@std/assert";
import { handleCount, tf, TraceError } from "@/tensorflow/mod.ts";
import { trace, traceArgument } from "@/tensorflow/function/trace.ts";

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

Deno.test("a trace runs on other values of the same shape", () => {
  const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([5, 7])];
  const traced = trace({
    label: "square",
    args: [traceArgument(x)],
    body: ([x]) => [x!.square()],
  });
  for (const [input, expected] of [[x, [1, 4]], [y, [25, 49]]] as const) {
    const [result] = traced.call([input]) as tf.Tensor[];
    assertEquals(values(result!), [...expected]);
    result!.dispose();
  }
  traced[Symbol.dispose]();
  tf.dispose([x, y]);
});

Deno.test("variables that share their values are kept apart", () => {
  const start = tf.scalar(1);
  const a = tf.variable(start), b = tf.variable(start);
  const traced = trace({
    label: "apart",
    args: [],
    body: () => {
      a.assign(a.add(1) as tf.Scalar);
      b.assign(b.add(10) as tf.Scalar);
      return [];
    },
  });
  traced.call([]);
  traced.call([]);
  assertEquals([...values(a), ...values(b), ...values(start)], [3, 21, 1]);
  traced[Symbol.dispose]();
  tf.dispose([a, b, start]);
});

Deno.test("reading a variable names it", () => {
  const weight = tf.variable(tf.scalar(1), true, "weight_that_is_read");
  assertThrows(
    () =>
      trace({
        label: "reader",
        args: [],
        body: () => [tf.scalar(weight.dataSync()[0]!)],
      }),
    TraceError,
    'Variable "weight_that_is_read" was read while reader was compiled',
  );
  weight.dispose();
});

Deno.test("a variable that was disposed is named at the next call", () => {
  const weight = tf.variable(tf.scalar(1), true, "weight_that_is_gone");
  const traced = trace({
    label: "late",
    args: [],
    body: () => [weight.add(1)],
  });
  weight.dispose();
  assertThrows(
    () => traced.call([]),
    TraceError,
    'uses variable "weight_that_is_gone", which was disposed',
  );
  traced[Symbol.dispose]();
});

Deno.test("tracing and disposing leave nothing behind", () => {
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
  const outside = tf.tensor1d([3, 4]);
  tf.tidy(() => weight.add(outside)); // Now TensorFlow holds their values.
  const tensors = tf.memory().numTensors, handles = handleCount();
  for (let i = 0; i < 5; i++) {
    const traced = trace({
      label: "passing",
      args: [traceArgument(outside)],
      body: ([x]) => {
        const sum = x!.add(weight).add(outside);
        weight.assign(sum as tf.Tensor1D);
        return [sum, sum.mul(2)];
      },
    });
    tf.dispose(traced.call([outside]) as tf.Tensor[]);
    traced[Symbol.dispose]();
  }
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(handleCount(), handles);
  assertEquals(values(weight), [31, 42]);
  tf.dispose([weight, outside]);
});

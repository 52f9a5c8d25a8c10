import { compile, tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";

const table = () => tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);

Deno.test("a compiled function gathers rows by an argument's indices", () => {
  using rows = compile((x: tf.Tensor2D, indices: tf.Tensor1D) =>
    tf.gather(x, indices)
  );
  const of = (
    ...indices: number[]
  ) => [...rows(table(), tf.tensor1d(indices, "int32")).dataSync()];
  assertEquals(of(2, 0), [5, 6, 1, 2]);
  assertEquals(of(1, 1), [3, 4, 3, 4]);
  assertThrows(() => of(3, 0), Error, "is not in [0, 3)");
});

Deno.test("the gradient of a compiled gather adds up where rows repeat", () => {
  const indices = tf.tensor1d([1, 1, 2], "int32");
  using rows = compile((x: tf.Tensor2D, at: tf.Tensor1D) => tf.gather(x, at));
  const gradient = tf.grad((x) => rows(x as tf.Tensor2D, indices).sum());
  assertEquals([...gradient(table()).dataSync()], [0, 0, 2, 2, 1, 1]);
});

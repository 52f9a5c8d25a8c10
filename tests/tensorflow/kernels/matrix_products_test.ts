import { assert, assertEquals, assertLess } from "@std/assert";
import { compile, tf } from "@/tensorflow/mod.ts";

/** The product of `a` and `b`, number by number. */
function product(a: number[][], b: number[][]): number[][] {
  return a.map((row) =>
    b[0]!.map((_, j) => row.reduce((sum, x, i) => sum + x * b[i]![j]!, 0))
  );
}

const turned = (x: number[][]) => x[0]!.map((_, j) => x.map((row) => row[j]!));
const A = [[1, -2, 3], [4, 5, -6]];
const B = [[7, 0, 1, -1], [2, 8, -3, 5], [-4, 6, 9, 2]];

for (const dtype of ["float32", "int32"] as const) {
  for (const [left, right] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    Deno.test(`a product of ${dtype} matrices, turned ${left} and ${right}, is that of its numbers`, () => {
      tf.tidy(() => {
        const a = tf.tensor2d(left ? turned(A) : A, undefined, dtype);
        const b = tf.tensor2d(right ? turned(B) : B, undefined, dtype);
        const wanted = product(A, B);
        const found = tf.matMul(a, b, !!left, !!right);
        assertEquals([found.dtype, found.shape], [dtype, [2, 4]]);
        assertEquals(found.arraySync(), wanted);
        const lists = tf.matMul(
          tf.stack([a, a.neg()]),
          tf.stack([b, b]),
          !!left,
          !!right,
        );
        const negative = wanted.map((row) => row.map((x) => -x));
        assertEquals(lists.arraySync(), [wanted, negative] as never);
      });
    });
  }
}

Deno.test("a list of one matrix stays a list, and goes with a list of many", () => {
  tf.tidy(() => {
    const a = tf.tensor3d([A]), b = tf.tensor3d([B]);
    assertEquals(tf.matMul(a, b).arraySync(), [product(A, B)] as never);
    const many = tf.matMul(a, tf.stack([B, B].map((x) => tf.tensor2d(x))));
    assertEquals(many.shape, [2, 2, 4]);
    const none = tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]));
    assertEquals(none.arraySync(), [[0, 0, 0], [0, 0, 0]] as never);
  });
});

Deno.test("a product has the gradients of its sums, and leaves no tensor behind", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const a = tf.tensor2d(A), b = tf.tensor2d(B);
    const sums = (a: tf.Tensor, b: tf.Tensor) =>
      a.expandDims(2).mul(b.expandDims(0)).sum(1);
    const dy = tf.randomNormal([2, 4], 0, 1, "float32", 1);
    const wanted = tf.grads(sums)([a, b], dy);
    tf.grads((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D))(
      [a, b],
      dy,
    ).forEach((gradient, i) =>
      assertLess(gradient.sub(wanted[i]!).abs().max().dataSync()[0]!, 1e-5)
    );
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a compiled product of two matrices is not one of lists", () => {
  using step = compile((a: tf.Tensor2D, b: tf.Tensor2D) => a.matMul(b));
  using stack = new DisposableStack();
  const [a, b] = [A, B].map((x) =>
    stack.adopt(tf.tensor2d(x), (tensor) => tensor.dispose())
  );
  const ops = step.profile([a!, b!]).ops.map(({ op }) => op);
  assert(ops.some((op) => /^(_Mkl)?MatMul$/.test(op)), ops.join());
});

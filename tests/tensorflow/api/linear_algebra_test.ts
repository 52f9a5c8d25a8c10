import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  compile,
  eigenvectors,
  solve,
  TensorFlowError,
  tf,
} from "@/tensorflow/mod.ts";
import { assertGradient } from "../kernels/_gradient.ts";

/** A symmetric matrix with eigenvalues far apart, shifted by numbers. */
function symmetric(x: tf.Tensor): tf.Tensor2D {
  const square = x.reshape([3, 3]).mul(0.1);
  return square.add(square.transpose())
    .add(tf.diag(tf.tensor1d([1, 4, 9]))) as tf.Tensor2D;
}

/** Independent of the columns' signs, which are arbitrary. */
function squared(vectors: tf.Tensor2D): tf.Tensor {
  return vectors.square();
}

Deno.test("solve() solves, and eigenvectors() are those of the matrix", () => {
  tf.tidy(() => {
    const matrix = tf.tensor2d([[2, 1], [1, 3]]);
    const solution = solve(matrix, tf.tensor2d([[3], [5]]));
    const rest = tf.matMul(matrix, solution).sub([[3], [5]]).abs().max();
    assert(rest.dataSync()[0]! < 1e-5);
    const vectors = eigenvectors(matrix);
    const inner = tf.matMul(vectors, vectors, true).sub(tf.eye(2)).abs().max();
    assert(inner.dataSync()[0]! < 1e-5);
  });
});

Deno.test("the gradients of solve() equal differences", () => {
  const matrix = () => tf.tensor2d([[3, 1], [-1, 2]]);
  assertGradient(
    [2, 2],
    (x) => solve(matrix(), x as tf.Tensor2D),
  );
  assertGradient(
    [2, 2],
    (x) =>
      solve(
        matrix().add(x.mul(0.1)) as tf.Tensor2D,
        tf.tensor2d([[1, 2], [3, 4]]),
      ),
  );
});

Deno.test("the gradient of the gradient of solve() equals differences", () => {
  const inverse = (x: tf.Tensor) =>
    solve(
      tf.tensor2d([[3, 1], [-1, 2]]).add(x.mul(0.1)) as tf.Tensor2D,
      tf.eye(2),
    );
  assertGradient([2, 2], tf.grad((x: tf.Tensor) => inverse(x).square()), 0.1);
});

Deno.test("the gradient of eigenvectors() equals differences", () => {
  assertGradient([9], (x) => squared(eigenvectors(symmetric(x))), 0.1);
});

Deno.test("gradients go through linear algebra in a compiled function", () => {
  const compiled = compile((x: tf.Tensor) =>
    squared(eigenvectors(symmetric(x))).add(solve(symmetric(x), tf.eye(3)))
  );
  assertGradient([9], compiled, 0.1);
  compiled.dispose();
});

Deno.test("equal eigenvalues give finite gradients", () => {
  tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) =>
      eigenvectors(x as tf.Tensor2D).square()
    )(tf.eye(2));
    assertEquals(gradient.isFinite().all().dataSync()[0], 1);
  });
});

Deno.test("a matrix without an inverse is an error", () => {
  tf.tidy(() => {
    assertThrows(
      () => solve(tf.zeros([2, 2]), tf.eye(2)),
      TensorFlowError,
      "MatrixSolve",
    );
  });
});

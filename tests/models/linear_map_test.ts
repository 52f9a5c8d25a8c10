import { CrossMoments } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals } from "@std/assert";

/** Two variables without covariance, and of the same variance. */
const a = [1, -1, 1, -1];
const b = [1, 1, -1, -1];

/** The CKA of two codes with four rows each, given by their columns. */
function ckaOf(
  x: readonly (readonly number[])[],
  y: readonly (readonly number[])[],
): number {
  const moments = new CrossMoments(x.length, y.length);
  tf.tidy(() => {
    const rows = (columns: typeof x) =>
      tf.tensor2d(columns.map((column) => [...column])).transpose();
    moments.add(rows(x), rows(y));
  });
  return moments.cka();
}

Deno.test("the CKA of a code with itself is 1, moved, turned or scaled", () => {
  assertAlmostEquals(ckaOf([a, b], [a, b]), 1, 1e-6);
  const moved = a.map((value) => 5 - 3 * value);
  assertAlmostEquals(ckaOf([a], [moved]), 1, 1e-6);
  const turned = [
    a.map((value, i) => value + b[i]!),
    a.map((value, i) => value - b[i]!),
  ];
  assertAlmostEquals(ckaOf([a, b], turned), 1, 1e-6);
});

Deno.test("the CKA of codes without covariance is 0", () => {
  assertAlmostEquals(ckaOf([a], [b]), 0, 1e-6);
});

Deno.test("the CKA of a code with a part of it follows from its definition", () => {
  // |cov(x, y)|² over |cov(x)| |cov(y)|, with x one of the two columns of y.
  assertAlmostEquals(ckaOf([a], [a, b]), 1 / Math.SQRT2, 1e-6);
  const twice = b.map((value) => 2 * value);
  assertAlmostEquals(ckaOf([a], [a, twice]), 1 / Math.sqrt(17), 1e-6);
});

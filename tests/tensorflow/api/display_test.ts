import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compile, tf } from "@/tensorflow/mod.ts";

/** How the console shows a tensor that is disposed afterwards. */
function shown(make: () => tf.Tensor): string {
  return tf.tidy(() => Deno.inspect(make(), { colors: false }));
}

Deno.test("a tensor shows its type, shape and values", () => {
  assertEquals(
    shown(() => tf.tensor2d([[1, 2.5, NaN], [-0.1, 1e-9, Infinity]])),
    "Tensor float32 [2, 3]\n[[1, 2.5, NaN],\n [-0.1, 1e-9, Infinity]]",
  );
  assertEquals(shown(() => tf.scalar(7, "int32")), "Tensor int32 []\n7");
  assertEquals(
    shown(() => tf.tensor1d([true, false])),
    "Tensor bool [2]\n[true, false]",
  );
  assertEquals(
    shown(() => tf.tensor1d(["a", 'say "b"'])),
    'Tensor string [2]\n["a", "say \\"b\\""]',
  );
  assertEquals(
    shown(() => tf.zeros([2, 0])),
    "Tensor float32 [2, 0]\n[[],\n []]",
  );
  assertEquals(
    shown(() => tf.tensor3d([[[1], [2]], [[3], [4]]])),
    "Tensor float32 [2, 2, 1]\n[[[1],\n  [2]],\n\n [[3],\n  [4]]]",
  );
  assertStringIncludes(shown(() => tf.complex([1], [2])), "1 + 2j");
});

Deno.test("a variable shows its name", () => {
  const weight = tf.variable(tf.scalar(2), true, "a_weight_that_is_shown");
  assertEquals(
    Deno.inspect(weight),
    'Variable "a_weight_that_is_shown" float32 []\n2',
  );
  weight.dispose();
  assertStringIncludes(Deno.inspect(weight), "disposed");
});

Deno.test("a large tensor is shortened, and soon shown", () => {
  const start = performance.now();
  const text = shown(() => tf.range(0, 2_000_000).reshape([1000, 2000]));
  assertEquals(
    text.split("\n").slice(0, 5),
    [
      "Tensor float32 [1000, 2000]",
      "[[0, 1, 2, …, 1997, 1998, 1999],",
      " [2000, 2001, 2002, …, 3997, 3998, 3999],",
      " [4000, 4001, 4002, …, 5997, 5998, 5999],",
      " …,",
    ],
  );
  assertEquals(text.split("\n").length, 8);
  assert(performance.now() - start < 2000);
  const deep = shown(() => tf.zeros([8, 8, 8, 8, 8]));
  assertEquals(deep.split("\n").length, 52);
});

Deno.test("a notebook shows a tensor as the console does", () => {
  const tensor = tf.tensor1d([1, 2]);
  const display = (tensor as unknown as Record<symbol, () => unknown>)[
    Symbol.for("Jupyter.display")
  ]!;
  assertEquals(display.call(tensor), {
    "text/plain": "Tensor float32 [2]\n[1, 2]",
  });
  tensor.dispose();
});

Deno.test("a tensor of a function being compiled can be shown", () => {
  tf.tidy(() => {
    let text = "";
    const show = compile((x: tf.Tensor) => {
      text = Deno.inspect(x.add(1));
      return x;
    });
    show(tf.tensor1d([1]));
    assertEquals(
      text,
      "Tensor float32 [1], which has values only when the compiled function runs",
    );
    show.dispose();
  });
});

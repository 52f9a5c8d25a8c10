import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { binding } from "@/tensorflow/backend/binding.ts";
import { executeEager } from "@/tensorflow/ffi/eager.ts";
import { handleCount, TensorFlowError, tf } from "@/tensorflow/mod.ts";

/** Asserts that the engine still multiplies. */
function assertAlive(): void {
  const product = tf.tidy(() => {
    const two = tf.tensor2d([[2]]);
    return tf.matMul(two, two).dataSync();
  });
  assertEquals(product, new Float32Array([4]));
}

Deno.test("an unknown op is an error, and the engine lives on", () => {
  const error = assertThrows(
    () => executeEager("NoSuchOp", [], [], 1),
    TensorFlowError,
    "NoSuchOp",
  );
  assertEquals([error.op, error.code], ["NoSuchOp", "NOT_FOUND"]);
  assertAlive();
});

Deno.test("shapes that do not fit are an error with TensorFlow's words", () => {
  const handles = handleCount();
  tf.tidy(() => {
    const error = assertThrows(
      () => tf.sparse.sparseReshape([[0, 0]], [2, 3], [4]),
      TensorFlowError,
    );
    assertEquals(error.op, "SparseReshape");
    assertEquals(error.code, "INVALID_ARGUMENT");
    assertStringIncludes(
      error.message,
      "SparseReshape: Input to reshape is a tensor with 6 dense values, but " +
        "the requested shape has 4",
    );
  });
  assertEquals(handleCount(), handles);
  assertAlive();
});

Deno.test("a type that an op does not take is an error", () => {
  const id = binding.createTensor([1], DataType.STRING, ["a"]);
  assertThrows(
    () => executeEager("Sqrt", [], [id], 1),
    TensorFlowError,
    "Sqrt: Value for attr 'T' of string is not in the list of allowed values",
  );
  binding.deleteTensor(id);
  assertAlive();
});

Deno.test("too few inputs and too few outputs are errors", () => {
  const id = binding.createTensor([2], DataType.FLOAT, new Float32Array(2));
  assertThrows(() => executeEager("MatMul", [], [id], 1), TensorFlowError);
  assertThrows(
    () => executeEager("Unique", [], [id], 1),
    TensorFlowError,
    "Unique",
  );
  assertThrows(
    () => executeEager("Sqrt", [], [id], -1),
    TypeError,
    'Sqrt: cannot have "-1" outputs.',
  );
  binding.deleteTensor(id);
  assertAlive();
});

Deno.test("an input that was deleted is an error", () => {
  const id = binding.createTensor([1], DataType.FLOAT, new Float32Array(1));
  binding.deleteTensor(id);
  assertThrows(
    () => executeEager("Sqrt", [], [id], 1),
    RangeError,
    `No tensor has number ${id}.`,
  );
});

Deno.test("an op may have no output, or thousands", () => {
  assertEquals(executeEager("NoOp", [], [], 0), []);
  const count = 5_000;
  const parts = tf.tidy(() =>
    tf.unstack(tf.range(0, count)).map((part) => part.dataSync()[0])
  );
  assertEquals(parts, Array.from({ length: count }, (_, i) => i));
});

Deno.test("uint8 and int64 outputs are taken for int32 by the next op", () => {
  const bytes = binding.createTensor(
    [2],
    DataType.UINT8,
    new Uint8Array([200, 100]),
  );
  const int32 = { name: "T", type: AttributeType.TYPE, value: DataType.INT32 };
  const before = handleCount();
  const [sum] = executeEager("AddV2", [int32], [bytes, bytes], 1);
  assertEquals(sum!.dtype, DataType.INT32);
  assertEquals(binding.tensorDataSync(sum!.id), new Int32Array([400, 200]));
  assertEquals(handleCount(), before + 1);
  [bytes, sum!.id].forEach(binding.deleteTensor);
});

Deno.test("the gradient of a small network equals differences", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[0.1, -0.2], [0.3, 0.4]]);
    const loss = (w: tf.Tensor) =>
      tf.tanh(tf.matMul(x, w.as2D(2, 2))).square().sum().asScalar();
    const w = [0.5, -0.1, 0.2, 0.7];
    const gradient = tf.grad(loss)(tf.tensor1d(w)).dataSync();
    w.forEach((value, i) => {
      const at = (shift: number) =>
        loss(tf.tensor1d(w.with(i, value + shift))).dataSync()[0]!;
      const difference = (at(0.01) - at(-0.01)) / 0.02;
      assertEquals(Math.abs(gradient[i]! - difference) < 1e-3, true);
    });
  });
});

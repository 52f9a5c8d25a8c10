/**
 * The model was made once by this program, with TensorFlow 2.21:
 *
 *     import tensorflow as tf
 *
 *     class Model(tf.Module):
 *         def __init__(self):
 *             self.w = tf.Variable([[1., 2.], [3., 4.]], name="w")
 *
 *         @tf.function(input_signature=[
 *             tf.TensorSpec([None, 2], tf.float32, name="x")])
 *         def __call__(self, x):
 *             return {"y": tf.matmul(x, self.w)}
 *
 *         @tf.function(input_signature=[
 *             tf.TensorSpec([None], tf.int64, name="a"),
 *             tf.TensorSpec([None], tf.uint8, name="b"),
 *             tf.TensorSpec([], tf.string, name="c")])
 *         def types(self, a, b, c):
 *             return {"a": a * 2, "b": b + tf.constant(1, tf.uint8),
 *                     "c": tf.strings.join([c, "!"])}
 *
 *     model = Model()
 *     tf.saved_model.save(model, "saved_model", signatures={
 *         "serving_default": model.__call__, "types": model.types})
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { handleCount, TensorFlowError, tf } from "@/tensorflow/mod.ts";

const folder = fileURLToPath(
  new URL("../fixtures/saved_model", import.meta.url),
);

function load(signature: string) {
  return tf.node.loadSavedModel(folder, ["serve"], signature);
}

Deno.test("a saved model computes with its variables", async () => {
  const handles = handleCount();
  const model = await load("serving_default");
  const x = tf.tensor2d([[1, 1], [0, 2]]);
  const { y } = model.predict({ x }) as Record<"y", tf.Tensor>;
  assertEquals(y.arraySync(), [[4, 6], [6, 8]]);
  tf.dispose([x, y]);
  model.dispose();
  assertEquals(handleCount(), handles);
  assertEquals(tf.node.getNumOfSavedModels(), 0);
});

Deno.test("a saved model takes and gives int64, uint8 and strings", async () => {
  const model = await load("types");
  const inputs = {
    a: tf.tensor1d([1, -2], "int32"),
    b: tf.tensor1d([254], "int32"),
    c: tf.scalar("hé"),
  };
  const handles = handleCount();
  for (let run = 0; run < 3; run++) {
    const outputs = model.predict(inputs) as Record<"a" | "b" | "c", tf.Tensor>;
    assertEquals(Array.from(outputs.a.dataSync()), [2, -4]);
    assertEquals(Array.from(outputs.b.dataSync()), [255]);
    assertEquals(outputs.c.arraySync() as unknown, "hé!");
    const sum = tf.add(outputs.a, outputs.b);
    assertEquals(Array.from(sum.dataSync()), [257, 251]);
    tf.dispose([outputs, sum]);
  }
  assertEquals(handleCount(), handles + 3, "of the inputs, uploaded once");
  tf.dispose(inputs);
  model.dispose();
});

Deno.test("a wrong folder, tag or signature is told", async () => {
  await assertRejects(
    () => tf.node.loadSavedModel("/nowhere", ["serve"], "serving_default"),
    Error,
    "There is no saved_model.pb file in the directory: /nowhere",
  );
  await assertRejects(
    () => tf.node.loadSavedModel(folder, ["gpu"], "serving_default"),
    Error,
    "The SavedModel does not have tags: gpu",
  );
  await assertRejects(
    () => load("nothing"),
    Error,
    "The SavedModel does not have signature: nothing",
  );
  const error = assertThrows(
    () => binding.loadSavedModel("/nowhere", "serve"),
    TensorFlowError,
    "Could not find SavedModel",
  );
  assertEquals(error.code, "NOT_FOUND");
});

Deno.test("a saved model refuses what it does not have", () => {
  const id = binding.loadSavedModel(folder, "serve");
  const x = binding.createTensor([1, 2], DataType.FLOAT, new Float32Array(2));
  assertThrows(
    () => binding.runSavedModel(id, [x], "nothing:0", "nothing:0"),
    RangeError,
    'The model has no operation "nothing".',
  );
  const names = ["serving_default_x:0", "StatefulPartitionedCall:0"] as const;
  assertThrows(
    () => binding.runSavedModel(id, [], ...names),
    RangeError,
    "The model takes 1 inputs, not 0.",
  );
  const wrong = binding.createTensor([3], DataType.FLOAT, new Float32Array(3));
  assertThrows(
    () => binding.runSavedModel(id, [wrong], ...names),
    TensorFlowError,
    "runSavedModel",
  );
  [x, wrong].forEach(binding.deleteTensor);
  binding.deleteSavedModel(id);
  assertThrows(
    () => binding.deleteSavedModel(id),
    RangeError,
    `No saved model has number ${id}.`,
  );
});

Deno.test("a gradient through a saved model is refused, never left out", async () => {
  const model = await load("serving_default");
  tf.tidy(() => {
    const slope = tf.grad((x: tf.Tensor) => {
      const { y } = model.predict({ x }) as Record<"y", tf.Tensor>;
      return x.add(y);
    });
    assertThrows(
      () => slope(tf.tensor2d([[1, 1], [0, 2]])),
      Error,
      "A SavedModel has no gradient.",
    );
  });
  model.dispose();
});

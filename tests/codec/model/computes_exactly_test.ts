/** Backends that can be trusted, and arithmetic that cannot. */
import { computesExactly } from "@/codec/model/computes_exactly.ts";
import { integerLayer } from "@/codec/model/integer_layer.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals } from "@std/assert";

Deno.test("the engine and plain JavaScript compute exactly", async () => {
  const before = tf.memory().numTensors;
  try {
    for (const backend of ["tensorflow", "cpu"]) {
      await tf.setBackend(backend);
      assertEquals(await computesExactly(), true, backend);
    }
  } finally {
    await tf.setBackend("tensorflow");
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("sums of 16-bit floats are found out", async () => {
  const half = (x: tf.Tensor4D) => {
    const values = Float16Array.from(x.dataSync());
    return tf.tensor4d(Float32Array.from(values), x.shape);
  };
  const exact = await computesExactly((weights) => {
    const layer = integerLayer(weights);
    return (x, name, options) => half(layer(x, name, options));
  });
  assertEquals(exact, false);
});

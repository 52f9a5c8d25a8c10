import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { handleCount, tf } from "@/tensorflow/mod.ts";

Deno.test("a layers model is saved to a folder and loaded from it", async () => {
  const folder = await Deno.makeTempDir();
  const handles = handleCount();
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  await model.save(`file://${folder}`);
  const loaded = await tf.loadLayersModel(
    `file://${join(folder, "model.json")}`,
  );
  const x = tf.randomUniform([2, 8, 8, 1], 0, 1, "float32", 5);
  const results = [model, loaded].map((each) =>
    tf.tidy(() => (each.predict(x) as tf.Tensor).arraySync())
  );
  assertEquals(results[1], results[0]);
  x.dispose();
  model.dispose();
  loaded.dispose();
  assertEquals(handleCount(), handles);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a layers model learns", async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const x = tf.tensor2d([[0], [1], [2]]), y = tf.tensor2d([[1], [3], [5]]);
  const { history } = await model.fit(x, y, { epochs: 200, verbose: 0 });
  const loss = history["loss"] as number[];
  assertEquals(loss.at(-1)! < 1e-4, true);
  tf.dispose([x, y]);
  model.dispose();
});

/** Optimizers free all of their tensors. */
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals } from "@std/assert";

Deno.test("saving a model with its optimizer leaves no tensor behind", async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const ones = tf.ones([2, 1]);
  await model.fit(ones, ones, { epochs: 1, verbose: 0 });
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    let steps: string | undefined;
    const handler = tf.io.withSaveHandler(({ weightSpecs }) => {
      steps = weightSpecs?.find(({ group }) => group === "optimizer")?.name;
      const modelArtifactsInfo = {
        dateSaved: new Date(0),
        modelTopologyType: "JSON",
      } as const;
      return Promise.resolve({ modelArtifactsInfo });
    });
    await model.save(handler, { includeOptimizer: true });
    assertEquals(steps, "iter");
  }
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
  ones.dispose();
});

Deno.test("a disposed optimizer leaves no tensor behind", () => {
  const makers = [
    () => tf.train.sgd(0.1),
    () => tf.train.momentum(0.1, 0.9),
    () => tf.train.momentum(0.1, 0.9, true),
    () => tf.train.adagrad(0.1),
    () => tf.train.adadelta(),
    () => tf.train.adam(),
    () => tf.train.adamax(),
    () => tf.train.rmsprop(0.1),
  ];
  for (const make of makers) {
    const before = tf.memory().numTensors;
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const optimizer = make();
    optimizer.minimize(() => tf.square(weight).asScalar());
    assertEquals(weight.dataSync()[0]! < 1, true);
    optimizer.dispose();
    weight.dispose();
    assertEquals(
      tf.memory().numTensors,
      before,
      optimizer.getClassName(),
    );
  }
});

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { compileModel, handleCount, tf } from "@/tensorflow/mod.ts";
import { kernels, type Task, TASKS, uniform } from "./_layers_models.ts";

const { layers } = tf;

/** Asserts that numbers differ by at most 1e-5 of themselves. */
function assertClose(actual: number[], expected: number[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => {
    const limit = 1e-5 * Math.max(1, Math.abs(expected[i]!));
    assert(
      Math.abs(value - expected[i]!) <= limit,
      `${value} compiled, ${expected[i]} op by op.`,
    );
  });
}

const numbers = (tensors: tf.Tensor | tf.Tensor[]) =>
  [tensors].flat().flatMap((tensor) => Array.from(tensor.dataSync()));

/** Trains, evaluates and predicts; all numbers that come out of it. */
async function results(
  model: tf.LayersModel,
  { x, y, fit }: Task,
): Promise<Record<string, number[]>> {
  const data = { x: x(), y: y() };
  const batches: number[] = [];
  const { history } = await model.fit(data.x, data.y, {
    ...fit,
    batchSize: 8, // The last batch is smaller.
    epochs: 17, // Of 3 batches: 50 steps.
    shuffle: false,
    verbose: 0,
    callbacks: {
      onBatchEnd: (_, logs) => {
        batches.push(logs!["loss"]!);
      },
    },
  });
  const [evaluated, predicted] = [
    model.evaluate(data.x, data.y, { batchSize: 8 }),
    model.predict(data.x, { batchSize: 8 }),
  ];
  const found = {
    ...history as Record<string, number[]>,
    batches,
    evaluated: numbers(evaluated),
    predicted: numbers(predicted),
    weights: numbers(model.getWeights()),
  };
  tf.dispose([data, evaluated, predicted]);
  return found;
}

Deno.test("a compiled model holds memory constant and frees it", async () => {
  const { x, y, model: make } = TASKS["dropout, batch norm and regularisers"]!;
  const data = { x: x() as tf.Tensor, y: y() as tf.Tensor };
  tf.tidy(() => data.x.abs()); // TensorFlow has it from now on.
  const count = () => [handleCount(), tf.memory().numTensors];
  const before = count();
  const model = compileModel(make());
  const use = async () => {
    await model.fit(data.x, data.y, {
      batchSize: 8,
      epochs: 5,
      validationSplit: 0.3,
      verbose: 0,
    });
    tf.dispose(model.evaluate(data.x, data.y));
    tf.dispose(model.predict(data.x));
  };
  await use();
  const early = count();
  await use();
  assertEquals(count(), early);
  model.dispose();
  assertEquals(count(), before);
});

for (const [name, task] of Object.entries(TASKS)) {
  Deno.test(`a compiled model trains as op by op: ${name}`, async () => {
    const models = [task.model(), compileModel(task.model())] as const;
    const expected = await results(models[0], task);
    const actual = await results(models[1], task);
    models.forEach((model) => model.dispose());
    assertEquals(Object.keys(actual), Object.keys(expected));
    for (const key of Object.keys(expected)) {
      assertClose(actual[key]!, expected[key]!);
    }
  });
}

/** A model of one layer that fits a line. */
function line(optimizer: tf.Optimizer = tf.train.sgd(0.05)): tf.Sequential {
  const model = tf.sequential({
    layers: [layers.dense({ units: 1, inputShape: [2], ...kernels(1) })],
  });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}
const lineX = () => uniform([16, 2], 1);
const lineY = () => tf.tidy(() => lineX().sum(1, true));

Deno.test("callbacks of a compiled model set the rate and stop it", async () => {
  const histories = [];
  for (const model of [line(), compileModel(line())]) {
    const { history, epoch } = await model.fit(lineX(), lineY(), {
      epochs: 6,
      shuffle: false,
      verbose: 0,
      callbacks: {
        onEpochBegin: (epoch) => {
          const optimizer = model.optimizer as tf.SGDOptimizer;
          optimizer.setLearningRate(0.1 / (epoch + 1));
        },
        onEpochEnd: (epoch) => {
          if (epoch === 4) model.stopTraining = true;
        },
      },
    });
    assertEquals(epoch, [0, 1, 2, 3, 4]);
    histories.push(history["loss"] as number[]);
  }
  assertClose(histories[1]!, histories[0]!);
});

Deno.test("a compiled model follows a new loss and frozen weights", async () => {
  const losses: number[][] = [];
  for (const model of [line(), compileModel(line())]) {
    const found: number[] = [];
    const train = async () => {
      found.push(await model.trainOnBatch(lineX(), lineY()) as number);
    };
    const bias = () => numbers(model.getWeights()[1]!);
    await train();
    const frozen = bias();
    assertNotEquals(frozen, [0]);
    model.layers[0]!.weights[1]!.trainable = false;
    await train();
    assertEquals(bias(), frozen);
    model.compile({ optimizer: "adam", loss: "meanAbsoluteError" });
    await train();
    await train();
    losses.push(found);
  }
  assertClose(losses[1]!, losses[0]!);
});

Deno.test("a compiled model is traced once for each shape and setting", async () => {
  const optimizer = tf.train.sgd(0.1);
  const model = compileModel(line(optimizer));
  let calls = 0;
  model.layers[0]!.setCallHook(() => {
    calls++;
    return Promise.resolve();
  });
  const [x, y] = [lineX(), lineY()];
  const use = async () => {
    await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 });
    await model.trainOnBatch(x.slice(0, 8), y.slice(0, 8));
    tf.dispose(model.evaluate(x, y, { batchSize: 8 }));
    tf.dispose(model.predict(x, { batchSize: 8 }));
  };
  await use();
  assertEquals(calls, 3);
  await use();
  assertEquals(calls, 3);
  tf.dispose(model.predict(x, { batchSize: 4 }));
  assertEquals(calls, 4);
  // A new rate does not reach the layers.
  optimizer.setLearningRate(0.2);
  await use();
  assertEquals(calls, 4);
  model.layers[0]!.weights[1]!.trainable = false;
  await use();
  assertEquals(calls, 5);
});

Deno.test("a compiled model trains on and is tested on data sets", async () => {
  const found = [];
  for (const model of [line(), compileModel(line())]) {
    const data = tf.data.zip({
      xs: tf.data.array(Array.from({ length: 12 }, (_, i) => [i / 12, 1])),
      ys: tf.data.array(Array.from({ length: 12 }, (_, i) => [i / 6])),
    }).batch(4) as tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;
    const { history } = await model.fitDataset(data, {
      epochs: 3,
      validationData: data,
      verbose: 0,
    });
    const evaluated = await model.evaluateDataset(data, {});
    found.push([
      ...history["loss"]!,
      ...history["val_loss"]!,
      ...numbers(evaluated),
    ] as number[]);
  }
  assertClose(found[1]!, found[0]!);
});

Deno.test("layers without a seed draw new numbers for each batch", async () => {
  const rate = 0.25;
  const draw = {
    dropout: layers.dropout({ rate }),
    noise: layers.gaussianNoise({ stddev: rate }),
    multiply: layers.gaussianDropout({ rate }),
    alpha: layers.alphaDropout({ rate }),
  };
  for (const [name, layer] of Object.entries(draw)) {
    const same = layers.dense({
      units: 1,
      inputShape: [1],
      kernelInitializer: "ones",
    });
    const model = compileModel(tf.sequential({ layers: [same, layer] }));
    // The loss is the mean and the metric the mean square of what is drawn.
    model.compile({
      optimizer: tf.train.sgd(0),
      loss: (_, y) => y.mean(),
      metrics: [(_, y) => y.square().mean()],
    });
    const x = tf.ones([20_000, 1]);
    const batches = [];
    for (let i = 0; i < 2; i++) {
      batches.push(await model.trainOnBatch(x, x) as number[]);
    }
    assertNotEquals(batches[0], batches[1], name);
    const [mean, square] = batches[0]!;
    if (name === "alpha") continue; // It keeps them only for standard inputs.
    assert(Math.abs(mean! - 1) < 0.02, `${name}: mean ${mean}`);
    const variance = name === "noise" ? rate ** 2 : rate / (1 - rate);
    assert(
      Math.abs(square! - mean! ** 2 - variance) < 0.05 * variance + 0.01,
      `${name}: variance ${square! - mean! ** 2}, not ${variance}`,
    );
    assertEquals(numbers(model.predict(x) as tf.Tensor), numbers(x));
    model.dispose();
  }
});

Deno.test("steps of a compiled model are counted by its optimiser", async () => {
  const model = compileModel(line(tf.train.adam(0.01)));
  await model.fit(lineX(), lineY(), { batchSize: 8, epochs: 3, verbose: 0 });
  const [iterations] = await model.optimizer.getWeights();
  assertEquals(numbers(iterations!.tensor), [6]);
});

Deno.test("an optimiser that minimizes in its own way is refused", async () => {
  class Clipping extends tf.SGDOptimizer {
    override minimize(): null {
      return null;
    }
  }
  const model = compileModel(line(new Clipping(0.1)));
  await assertRejects(
    async () => await model.trainOnBatch(lineX(), lineY()),
    TypeError,
    'a "minimize" of its own',
  );
});

Deno.test("a model with a stateful layer cannot be compiled", () => {
  const model = tf.sequential({
    layers: [
      layers.lstm({ units: 2, stateful: true, batchInputShape: [4, 3, 1] }),
    ],
  });
  assertThrows(() => compileModel(model), TypeError, "stateful");
});

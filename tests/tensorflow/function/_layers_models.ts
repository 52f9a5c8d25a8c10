/** Layers models of many kinds, with data to train them on. */
import { tf } from "@/tensorflow/mod.ts";

const { layers, initializers, regularizers } = tf;

/** Data for a model: inputs, targets and how to fit them. */
export interface Task {
  readonly model: () => tf.LayersModel;
  readonly x: () => tf.Tensor | tf.Tensor[];
  readonly y: () => tf.Tensor | tf.Tensor[];
  readonly fit?: tf.ModelFitArgs;
}

export const uniform = (shape: number[], seed: number) =>
  tf.randomUniform(shape, 0, 1, "float32", seed);
const whole = (shape: number[], below: number, seed: number) =>
  tf.randomUniform(shape, 0, below, "int32", seed);
const classes = (seed: number) =>
  tf.oneHot(whole([20], 3, seed).as1D(), 3).toFloat();
export const kernels = (seed: number) => ({
  kernelInitializer: initializers.glorotUniform({ seed }),
});
const recurrent = (seed: number) => ({
  ...kernels(seed),
  recurrentInitializer: initializers.glorotUniform({ seed: seed + 1 }),
});
const softmax = (seed: number) =>
  layers.dense({ units: 3, activation: "softmax", ...kernels(seed) });

/** Two encodings of two sequences, the second reads the first by attention. */
function attention(): tf.LayersModel {
  const [from, to] = [tf.input({ shape: [4] }), tf.input({ shape: [3] })];
  const encode = (x: tf.SymbolicTensor, seed: number) => {
    const embedding = layers.embedding({
      inputDim: 9,
      outputDim: 8,
      maskZero: true,
      embeddingsInitializer: initializers.randomUniform({ seed }),
    });
    const lstm = layers.lstm({
      units: 8,
      returnSequences: true,
      ...recurrent(seed + 1),
    });
    return lstm.apply(embedding.apply(x)) as tf.SymbolicTensor;
  };
  const [read, written] = [encode(from, 1), encode(to, 4)];
  const weights = layers.activation({ activation: "softmax" }).apply(
    layers.dot({ axes: [2, 2] }).apply([written, read]),
  ) as tf.SymbolicTensor;
  const seen = layers.dot({ axes: [2, 1] }).apply([weights, read]);
  const both = layers.concatenate()
    .apply([seen as tf.SymbolicTensor, written]);
  const out = layers.timeDistributed({ layer: softmax(7) }).apply(both);
  const model = tf.model({
    inputs: [from, to],
    outputs: out as tf.SymbolicTensor,
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  return model;
}

export const TASKS: Record<string, Task> = {
  "dropout, batch norm and regularisers": {
    model: () => {
      const model = tf.sequential({
        layers: [
          layers.dense({
            inputShape: [5],
            units: 8,
            activation: "relu",
            kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.01 }),
            ...kernels(1),
          }),
          layers.dropout({ rate: 0.4, seed: 7 }),
          layers.batchNormalization({ momentum: 0.8 }),
          softmax(2),
        ],
      });
      const loss = "categoricalCrossentropy";
      model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
      return model;
    },
    x: () => uniform([20, 5], 3),
    y: () => classes(4),
    fit: { validationSplit: 0.3 },
  },
  "convolutions and weights of classes": {
    model: () => {
      const model = tf.sequential({
        layers: [
          layers.conv2d({
            inputShape: [8, 8, 2],
            filters: 4,
            kernelSize: 3,
            ...kernels(1),
          }),
          layers.batchNormalization(),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.flatten(),
          softmax(2),
        ],
      });
      model.compile({
        optimizer: tf.train.momentum(0.01, 0.9),
        loss: "categoricalCrossentropy",
      });
      return model;
    },
    x: () => uniform([20, 8, 8, 2], 3),
    y: () => classes(4),
    fit: { classWeight: { 0: 1, 1: 2, 2: 0.5 } },
  },
  "masked sequences with recurrent dropout": {
    model: () => {
      // A mask of its own, as a cell takes no seed.
      const dropoutFunc = (x: tf.Tensor, rate: number) =>
        tf.dropout(x, rate, undefined, 5);
      const gru = layers.gru(
        {
          units: 6,
          dropout: 0.3,
          recurrentDropout: 0.2,
          dropoutFunc,
          ...recurrent(1),
        } as Parameters<typeof layers.gru>[0],
      );
      const model = tf.sequential({
        layers: [
          layers.masking({ inputShape: [3, 3], maskValue: 0 }),
          layers.bidirectional({
            layer: layers.simpleRNN({
              units: 4,
              returnSequences: true,
              ...recurrent(4),
            }) as tf.RNN,
            mergeMode: "concat",
          }),
          gru,
          softmax(6),
        ],
      });
      const loss = "categoricalCrossentropy";
      model.compile({ optimizer: tf.train.rmsprop(0.01), loss });
      return model;
    },
    // Zeros at the ends of sequences are masked.
    x: () =>
      tf.tidy(() =>
        uniform([20, 3, 3], 3)
          .mul(whole([20, 1, 1], 3, 2).less(tf.range(1, 4).reshape([1, 3, 1])))
      ),
    y: () => classes(4),
  },
  "two inputs, of whole numbers, and attention": {
    model: attention,
    x: () => [whole([20, 4], 9, 2), whole([20, 3], 9, 3)],
    y: () => tf.tidy(() => tf.oneHot(whole([20, 3], 3, 4) as tf.Tensor2D, 3)),
  },
  "two outputs with losses and metrics of their own": {
    model: () => {
      const input = tf.input({ shape: [5] });
      const shared = layers.dense({
        units: 6,
        activation: "tanh",
        ...kernels(1),
      })
        .apply(input) as tf.SymbolicTensor;
      const outputs = [
        layers.dense({
          name: "kind",
          units: 3,
          activation: "softmax",
          ...kernels(2),
        })
          .apply(shared),
        layers.dense({ name: "size", units: 1, ...kernels(3) }).apply(shared),
      ] as tf.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs });
      model.compile({
        optimizer: tf.train.adagrad(0.05),
        loss: ["categoricalCrossentropy", "meanSquaredError"],
        metrics: ["accuracy", "mse"],
      });
      return model;
    },
    x: () => uniform([20, 5], 3),
    y: () => [classes(4), uniform([20, 1], 5)],
  },
};

import { tf } from "@/tensorflow/mod.ts";
import { assertSameLosses, training } from "./_train_both_ways.ts";

const SIDE = 8;

class DepthToSpace extends tf.layers.Layer {
  static className = "DepthToSpaceForTest";
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    const [n, h, w, c] = shape as number[];
    return [n!, h! * 2, w! * 2, c! / 4];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.depthToSpace(x as tf.Tensor4D, 2);
  }
}

type Layer = tf.layers.Layer;
type Activation = "softplus" | "tanh" | "elu" | "sigmoid";

const init = (seed: number) => tf.initializers.glorotUniform({ seed });
const same = { kernelSize: 3, padding: "same" } as const;

/** Layers after a first convolution, `[n, 8, 8, 4]`. */
const LAYERS: Readonly<Record<string, () => Layer[]>> = {
  conv2d: () => [
    tf.layers.conv2d({ ...same, filters: 4, kernelInitializer: init(2) }),
  ],
  "conv2d with stride and ReLU": () => [
    tf.layers.conv2d({
      ...same,
      filters: 4,
      strides: 2,
      activation: "relu",
      kernelInitializer: init(2),
    }),
  ],
  "conv2d to three channels of many": () => [
    tf.layers.conv2d({ ...same, filters: 16, kernelInitializer: init(2) }),
    tf.layers.conv2d({
      ...same,
      filters: 3,
      activation: "sigmoid",
      kernelInitializer: init(3),
    }),
  ],
  conv2dTranspose: () => [
    tf.layers.conv2dTranspose({
      ...same,
      filters: 4,
      strides: 2,
      activation: "relu",
      kernelInitializer: init(2),
    }),
  ],
  "depth to space": () => [new DepthToSpace()],
  "dense after flatten": () => [
    tf.layers.flatten(),
    tf.layers.dense({ units: 6, kernelInitializer: init(2) }),
    tf.layers.reshape({ targetShape: [3, 2] }),
  ],
  "batch normalisation": () => [tf.layers.batchNormalization()],
  "layer normalisation": () => [tf.layers.layerNormalization()],
  "leaky ReLU": () => [tf.layers.leakyReLU({ alpha: 0.1 })],
  upsampling: () => [tf.layers.upSampling2d({ size: [2, 2] })],
  "max pooling": () => [tf.layers.maxPooling2d({ poolSize: 2 })],
  "average pooling": () => [tf.layers.averagePooling2d({ poolSize: 2 })],
  "global pooling": () => [tf.layers.globalAveragePooling2d({})],
  ...Object.fromEntries(
    (["softplus", "tanh", "elu", "sigmoid"] as Activation[]).map((name) => [
      name,
      () => [tf.layers.activation({ activation: name })],
    ]),
  ),
};

function makeModel(layers: () => Layer[]): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...same,
        inputShape: [SIDE, SIDE, 3],
        filters: 4,
        kernelInitializer: init(1),
      }),
      ...layers(),
    ],
  });
}

function images(): tf.Tensor {
  return tf.randomUniform([3, SIDE, SIDE, 3], 0, 1, "float32", 9);
}

for (const [name, layers] of Object.entries(LAYERS)) {
  Deno.test(`training through ${name} compiles to the same losses`, () => {
    const x = images();
    assertSameLosses(() => training(() => makeModel(layers)), x, 5);
    x.dispose();
  });
}

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.02, 0.9),
  adam: () => tf.train.adam(0.01),
  rmsprop: () => tf.train.rmsprop(0.005),
  adamax: () => tf.train.adamax(0.01),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
};

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`50 steps of ${name} compile to the same losses`, () => {
    const x = images();
    const network = () => makeModel(LAYERS["conv2dTranspose"]!);
    assertSameLosses(() => training(network, make()), x, 50);
    x.dispose();
  });
}

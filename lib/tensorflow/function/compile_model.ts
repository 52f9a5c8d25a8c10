/**
 * Layers models of tfjs whose steps run compiled. tfjs makes the function that
 * `fit` calls for each batch in one method of the model, and the one of
 * `evaluate` and `predict` in others: these methods are replaced. Batches,
 * callbacks, validation and the history stay tfjs's own.
 *
 * @module
 */

import { createRequire } from "node:module";
import {
  type LayersModel,
  Optimizer,
  Sequential,
  type Tensor,
} from "@tensorflow/tfjs";
import { randomNormal, randomUniform } from "@/tensorflow/api/random.ts";
import { concat, dispose, tensor1d, tidy } from "@/tensorflow/api/tf.ts";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { compile, type Compiled, type CompileOptions } from "./compile.ts";
import { describeStructure } from "./structure.ts";

/** The inputs of a batch, or its inputs, targets and weights. */
type Batch = (Tensor | null)[];

/** A batch to its loss and metrics, or to predictions. */
type Step = (batch: Batch) => Tensor[];

/** A variable's name and its gradient, if it has one. */
interface Gradient {
  readonly name: string;
  readonly tensor: Tensor | undefined;
}

/** The parts of an optimiser that its class declares protected, and others. */
interface OptimizerParts {
  readonly iterations: number;
  minimize?: Optimizer["minimize"];
  computeGradients: Optimizer["computeGradients"];
  applyGradients(gradients: readonly Gradient[]): void;
  incrementIterations(): void;
  getConfig(): unknown;
}

/** The parts of a layers model that its class declares protected. */
interface ModelParts {
  readonly optimizer: OptimizerParts;
  readonly lossFunctions: unknown;
  readonly metricsTensors: unknown;
  readonly collectedTrainableWeights:
    | readonly { readonly trainable: boolean }[]
    | undefined;
  testFunction: Step;
  makeTrainFunction(): Step;
  makeTestFunction(): void;
  predictLoop(
    inputs: Tensor | Tensor[],
    batchSize?: number,
    verbose?: boolean,
  ): Tensor | Tensor[];
}

/** What holds layers, and a recurrent cell, which holds masks of dropout. */
interface LayerParts {
  readonly layers?: readonly LayerParts[];
  readonly layer?: LayerParts;
  readonly forwardLayer?: LayerParts;
  readonly backwardLayer?: LayerParts;
  readonly cell?: LayerParts;
  readonly cells?: readonly LayerParts[];
  dropoutMask?: Tensor | Tensor[] | null;
  recurrentDropoutMask?: Tensor | Tensor[] | null;
}

/** The functions of tfjs-core that layers draw random numbers by. */
interface Draws {
  randomUniform: (
    shape: number[],
    low?: number,
    high?: number,
    dtype?: "float32" | "int32" | "bool",
    seed?: number | string,
  ) => Tensor;
  randomNormal: (
    shape: number[],
    mean?: number,
    deviation?: number,
    dtype?: "float32" | "int32",
    seed?: number,
  ) => Tensor;
  dropout: (
    x: Tensor,
    rate: number,
    noiseShape?: number[],
    seed?: number | string,
  ) => Tensor;
}

/** A sequential model, which hands all work to a model inside it. */
interface SequentialParts {
  readonly model: LayersModel | undefined;
  build(inputShape?: unknown): void;
}

/**
 * Lets a layers model run compiled: `fit`, `fitDataset`, `trainOnBatch`,
 * `evaluate`, `evaluateDataset`, `predict` and `predictOnBatch` run each batch
 * as one TensorFlow op, with the results that they have without.
 *
 * The first batch of each shape is traced, again after a change of the loss, the
 * metrics or `trainable`. A new learning rate traces the optimiser's update
 * alone. Other changes of layers go unnoticed. A layer that draws random
 * numbers, such as dropout, draws new ones for each batch, unless it has a seed,
 * with which tfjs draws the same ones each time. `model.dispose()` frees what
 * was traced.
 *
 * @example
 * ```ts
 * import { compileModel, tf } from "@/tensorflow/mod.ts";
 * import { assert } from "@std/assert";
 *
 * const model = compileModel(tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
 * }));
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const x = tf.randomNormal([64, 2]);
 * const { history } = await model.fit(x, x.sum(1), { epochs: 5 });
 * assert(Number(history.loss![4]) < Number(history.loss![0]));
 * ```
 *
 * @param model Any layers model without stateful layers.
 * @param options Precision, and a name for errors; the model's own by default.
 * @returns The same model.
 * @throws {TypeError} If a layer is stateful, that is, keeps a state from batch
 * to batch; in training, if the optimiser overrides `minimize`.
 */
export function compileModel<Model extends LayersModel>(
  model: Model,
  options: CompileOptions = {},
): Model {
  if (model.layers.some(({ stateful }) => stateful)) {
    throw new TypeError(
      `Model "${model.name}" has a stateful layer, whose state a compiled ` +
        `step cannot keep: make the layer without "stateful".`,
    );
  }
  const named = { name: model.name, ...options };
  let steps = new DisposableStack();
  if (model instanceof Sequential) {
    const sequential = model as unknown as SequentialParts;
    const build = sequential.build.bind(model);
    const replace = () => {
      steps.dispose();
      steps = replaceSteps(sequential.model!, named);
    };
    if (sequential.model) replace();
    sequential.build = (inputShape) => {
      build(inputShape);
      replace();
    };
  } else steps = replaceSteps(model, named);
  const disposeModel = model.dispose.bind(model);
  model.dispose = () => {
    steps.dispose();
    return disposeModel();
  };
  return model;
}

/** Replaces the functions that a model runs for each batch. */
function replaceSteps(
  model: LayersModel,
  options: CompileOptions,
): DisposableStack {
  const parts = model as unknown as ModelParts;
  const makeTrainFunction = parts.makeTrainFunction.bind(model);
  const makeTestFunction = parts.makeTestFunction.bind(model);
  const predictLoop = parts.predictLoop.bind(model);
  const steps = new DisposableStack();
  const compiled = <Input, Output>(label: string) =>
    steps.use(
      new CompiledStep<Input, Output>(model, {
        ...options,
        name: `${options.name}_${label}`,
      }),
    );
  const train = compiled<Batch, [Tensor[], Gradient[]]>("train");
  const update = compiled<Gradient[], void>("update");
  const test = compiled<Batch, Tensor[]>("test");
  const predict = compiled<Batch, Tensor[]>("predict");

  parts.makeTrainFunction = () => {
    const step = makeTrainFunction();
    return (batch) => {
      const { optimizer, collectedTrainableWeights: weights } = parts;
      const [results, gradients] = train.call(
        (batch) => withGradients(optimizer, () => step(batch)),
        // A batch without weights has nulls in their place, or nothing.
        batch.slice(0, batch.findLastIndex((tensor) => tensor != null) + 1),
        [
          parts.lossFunctions,
          parts.metricsTensors,
          weights,
          weights?.map(({ trainable }) => trainable),
        ],
      );
      const { iterations } = optimizer;
      // On its own, so that a new learning rate does not trace all again.
      update.call(
        (gradients) => optimizer.applyGradients(gradients),
        gradients,
        [optimizer, optimizer.getConfig()],
      );
      // Counted in JavaScript, so by itself only when it is traced.
      if (optimizer.iterations === iterations) optimizer.incrementIterations();
      dispose(gradients.map(({ tensor }) => tensor ?? []));
      return results;
    };
  };
  parts.makeTestFunction = () => {
    makeTestFunction();
    const step = parts.testFunction;
    parts.testFunction = (batch) =>
      test.call(step, batch, [parts.lossFunctions, parts.metricsTensors]);
  };
  const predictBatch: Step = (batch) =>
    [predictLoop(batch as Tensor[], batch[0]!.shape[0])].flat();
  parts.predictLoop = (inputs, batchSize = 32, verbose) => {
    if (verbose) return predictLoop(inputs, batchSize, verbose);
    return tidy(() => {
      const all = [inputs].flat();
      const samples = all[0]!.shape[0]!;
      const batches: Tensor[][] = [];
      for (let start = 0; start < samples; start += batchSize) {
        const size = Math.min(batchSize, samples - start);
        const batch = all.map((tensor) => tensor.slice(start, size));
        batches.push(predict.call(predictBatch, batch, []));
      }
      const outputs = model.outputs.map((_, i) =>
        concat(batches.map((batch) => batch[i]!))
      );
      return outputs.length === 1 ? outputs[0]! : outputs;
    });
  };
  return steps;
}

/**
 * Runs a step of training without its update.
 *
 * @returns Its results and the gradients.
 */
function withGradients(
  optimizer: OptimizerParts,
  step: () => Tensor[],
): [Tensor[], Gradient[]] {
  if (optimizer.minimize !== Optimizer.prototype.minimize) {
    throw new TypeError(
      `The optimiser has a "minimize" of its own, which a compiled model does ` +
        `not call: override "computeGradients" or "applyGradients" instead.`,
    );
  }
  let gradients: Gradient[] = [];
  optimizer.minimize = (loss, _, variables = []) => {
    const { value, grads } = optimizer.computeGradients(loss, variables);
    gradients = variables.map(({ name }) => ({ name, tensor: grads[name] }));
    return value;
  };
  try {
    return [step(), gradients];
  } finally {
    delete optimizer.minimize;
  }
}

/** A function that is compiled anew when what it reads besides has changed. */
class CompiledStep<Input, Output> implements Disposable {
  readonly #model: LayersModel;
  readonly #options: CompileOptions;
  #settings = "";
  #step: ((input: Input) => Output) | undefined;
  #compiled: Compiled<[Input, Tensor], Output> | undefined;

  constructor(model: LayersModel, options: CompileOptions) {
    this.#model = model;
    this.#options = options;
  }

  /**
   * Runs the function.
   *
   * @param step What to compile: tfjs makes a new function each time, which
   * does the same as long as the settings are the same.
   * @param input Its argument.
   * @param settings What it reads besides.
   * @returns Its results.
   */
  call(
    step: (input: Input) => Output,
    input: Input,
    settings: unknown,
  ): Output {
    if (currentGraph() !== undefined) return step(input);
    const { key } = describeStructure(settings);
    if (key !== this.#settings) this[Symbol.dispose]();
    this.#settings = key;
    dropMasks(this.#model as LayerParts);
    this.#step = step;
    this.#compiled ??= compile((input, seed) => {
      using _draws = drawInGraph(seed);
      const results = this.#step!(input);
      dropMasks(this.#model as LayerParts);
      return results;
    }, this.#options);
    const numbers = [Math.random(), Math.random()].map((x) => x * 2 ** 31);
    const seed = tensor1d(numbers, "int32");
    try {
      return this.#compiled(input, seed);
    } finally {
      seed.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.#compiled?.dispose();
    this.#compiled = undefined;
  }
}

/**
 * Frees the masks of recurrent dropout. A cell keeps those of a batch until the
 * next one, which may be inside of a trace when they are not, or outside.
 */
function dropMasks(part: LayerParts): void {
  dispose([part.dropoutMask ?? [], part.recurrentDropoutMask ?? []]);
  if (part.dropoutMask) part.dropoutMask = null;
  if (part.recurrentDropoutMask) part.recurrentDropoutMask = null;
  const { layer, forwardLayer, backwardLayer, cell } = part;
  const inner = [layer, forwardLayer, backwardLayer, cell];
  for (const each of [part.layers, part.cells, inner].flat()) {
    if (each) dropMasks(each);
  }
}

/**
 * Lets layers draw random numbers by ops of the graph until it is disposed.
 * They call tfjs-core's functions, which draw them in JavaScript, by its
 * exports.
 */
function drawInGraph(seed: Tensor): Disposable {
  const require = createRequire(import.meta.url);
  const core = require("@tensorflow/tfjs-core") as Draws; // As layers see it.
  const { randomUniform: ownUniform, randomNormal: ownNormal, dropout } = core;
  let draws = 0;
  const next = () => seed.add(tensor1d([0, draws++], "int32"));
  const uniform = (shape: number[], low = 0, high = 1) =>
    randomUniform(shape, next()).mul(high - low).add(low);
  core.randomUniform = (shape, low, high, dtype = "float32", seed) =>
    seed == null
      ? uniform(shape, low, high).cast(dtype)
      : ownUniform(shape, low, high, dtype, seed);
  core.randomNormal = (shape, mean = 0, deviation = 1, dtype, seed) =>
    seed == null
      ? randomNormal(shape, next()).mul(deviation).add(mean)
      : ownNormal(shape, mean, deviation, dtype, seed);
  core.dropout = (x, rate, noiseShape, seed) =>
    seed == null
      ? x.mul(uniform(noiseShape ?? x.shape).add(1 - rate).floor())
        .div(1 - rate)
      : dropout(x, rate, noiseShape, seed);
  return {
    [Symbol.dispose]: () => {
      Object.assign(core, {
        randomUniform: ownUniform,
        randomNormal: ownNormal,
        dropout,
      });
    },
  };
}

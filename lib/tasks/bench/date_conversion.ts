/**
 * A network of the kind that translates dates from one form to another, as in
 * TensorFlow.js' own example: two LSTMs, of which the second reads the outputs
 * of the first by attention.
 *
 *     written date [n, 12] ─▶ embedding ─▶ LSTM ─▶ [n, 12, 64] ──┬─────────┐
 *                                                last state      ▼         ▼
 *     digits so far [n, 10] ─▶ embedding ─▶ LSTM ─▶ [n, 10, 64] ─▶ weights ─▶ sum
 *                                                     │                     │
 *                      next digits [n, 10, 13] ◀─ dense ◀─ concatenated ◀───┘
 *
 * @see {@link https://github.com/tensorflow/tfjs-examples/tree/master/date-conversion-attention}
 * @module
 */
import { compileModel, tf } from "@/tensorflow/mod.ts";
import type { Timing } from "./step_table.ts";

const WRITTEN = { length: 12, letters: 35 };
const DIGITS = { length: 10, letters: 13 };
const UNITS = 64;

/** The outputs of a sequence at its last step. */
class LastStep extends tf.layers.Layer {
  static readonly className = "LastStep";
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return [shape[0]!, shape[2]!];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    const [count, length, units] = x!.shape as [number, number, number];
    return tf.tidy(() =>
      x!.slice([0, length - 1, 0], [count, 1, units]).reshape([count, units])
    );
  }
}

function makeNetwork(): tf.LayersModel {
  const { layers } = tf;
  const written = tf.input({ shape: [WRITTEN.length] });
  const digits = tf.input({ shape: [DIGITS.length] });
  const embed = (x: tf.SymbolicTensor, { letters }: { letters: number }) =>
    layers.embedding({
      inputDim: letters,
      outputDim: UNITS,
      maskZero: true,
    }).apply(x) as tf.SymbolicTensor;
  const lstm = () => layers.lstm({ units: UNITS, returnSequences: true });
  const read = lstm().apply(embed(written, WRITTEN)) as tf.SymbolicTensor;
  const last = new LastStep({}).apply(read) as tf.SymbolicTensor;
  const decoded = lstm().apply(embed(digits, DIGITS), {
    initialState: [last, last],
  }) as tf.SymbolicTensor;
  const weights = layers.activation({ activation: "softmax" }).apply(
    layers.dot({ axes: [2, 2] }).apply([decoded, read]),
  ) as tf.SymbolicTensor;
  const seen = layers.dot({ axes: [2, 1] })
    .apply([weights, read]) as tf.SymbolicTensor;
  const each = (units: number, activation: "tanh" | "softmax") =>
    layers.timeDistributed({ layer: layers.dense({ units, activation }) });
  const both = layers.concatenate().apply([seen, decoded]);
  const outputs = each(DIGITS.letters, "softmax")
    .apply(each(UNITS, "tanh").apply(both)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [written, digits], outputs });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  return model;
}

/**
 * Makes a training step.
 *
 * @param timing The `variant`, `eager` or `compiled`, and the batch.
 * @returns A function that trains on a batch and reads its loss back.
 */
export function dateConversionStep(
  { variant, batch, precision }: Timing,
): () => Promise<void> {
  const network = makeNetwork();
  const model = variant === "compiled"
    ? compileModel(network, { precision })
    : network;
  const random = ({ length, letters }: typeof WRITTEN) =>
    tf.randomUniform([batch, length], 1, letters, "int32");
  const [written, digits] = [random(WRITTEN), random(DIGITS)];
  const next = tf.oneHot(digits as tf.Tensor2D, DIGITS.letters);
  return async () => {
    await model.trainOnBatch([written, digits], next);
  };
}

/**
 * Trains a tiny autoencoder on synthetic images, as a process that can be
 * killed: `deno run -A _tiny_run.ts '{"folder": "…", "steps": 20}'`.
 *
 * Prints `step N` after each step and in the end a line of JSON with digests
 * of the history and of the weights.
 */
import { batchOrder } from "@/datasets/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { convAutoencoder } from "@/models/mod.ts";
import { Interrupted, interruptSignal, runTask } from "@/tasks/cli/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  type HistoryRecord,
  learningRate,
  train,
  TrainingStopped,
} from "@/training/mod.ts";

/** The settings of the process. */
export interface TinyRun {
  readonly folder: string;
  readonly steps: number;
  /** Every step is saved with 0. */
  readonly saveEverySeconds?: number;
  /** The loss of this step is not a number. */
  readonly nanAt?: number;
  /** After this step it waits to be killed. */
  readonly holdAfter?: number;
  /** Milliseconds that each step takes longer. */
  readonly pause?: number;
}

/** What the process prints in the end. */
export interface TinyOutcome {
  readonly history: readonly HistoryRecord[];
  readonly weights: Readonly<Record<string, string>>;
}

const SIDE = 8;
const IMAGES = 20;
const BATCH = 4;

const random = seededRandom("tiny run");
const pixels = Float32Array.from(
  { length: IMAGES * SIDE * SIDE * 3 },
  () => random(),
);

function batch(indices: readonly number[]): tf.Tensor4D {
  return tf.tidy(() =>
    tf.tensor4d(pixels, [IMAGES, SIDE, SIDE, 3])
      .gather(tf.tensor1d([...indices], "int32"))
  );
}

const wait = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function* batches(
  first: number,
  { holdAfter = Infinity, pause = 0 }: TinyRun,
): AsyncGenerator<tf.Tensor4D> {
  const perEpoch = IMAGES / BATCH;
  for (let step = first;; step++) {
    const epoch = Math.ceil(step / perEpoch);
    const order = batchOrder(IMAGES, BATCH, 1, epoch);
    if (step > holdAfter) await wait(1e9);
    if (pause > 0) await wait(pause);
    yield batch(order[(step - 1) % perEpoch]!);
  }
}

async function main(args: string[]): Promise<number> {
  const settings: TinyRun = JSON.parse(args[0]!);
  const { steps, nanAt } = settings;
  const model = convAutoencoder({
    size: SIDE,
    widths: [8],
    latentChannels: 2,
    seed: 1,
  });
  const adam = new Adam(model.weights(), { clipNorm: 1 });
  const mse = (images: tf.Tensor4D) =>
    model.decode(model.encode(images)).sub(images).square().mean() as tf.Scalar;
  const step = compile((images: tf.Tensor4D, rate: tf.Scalar) =>
    adam.minimize(rate, () => ({ loss: mse(images) })).loss
  );
  const signal = interruptSignal();
  try {
    const history = await train({
      phase: "Training",
      folder: settings.folder,
      run: "tiny",
      steps,
      stepsPerEpoch: IMAGES / BATCH,
      batchSize: BATCH,
      state: new Map([...model.weights(), ...adam.state()]),
      batches: (first) => batches(first, settings),
      step: (images, number) => {
        const rate = learningRate(number, steps, {
          peak: 0.01,
          warmUpSteps: 3,
        });
        const loss = tf.tidy(() =>
          step(images, tf.scalar(rate)).dataSync()[0]!
        );
        images.dispose();
        return { loss: number === nanAt ? NaN : loss };
      },
      validate: () => {
        const images = batch([0, 1, 2]);
        const validLoss = tf.tidy(() => mse(images).dataSync()[0]!);
        images.dispose();
        return Promise.resolve({
          validLoss,
          validPsnrDb: -10 * Math.log10(validLoss),
        });
      },
    }, {
      signal,
      onProgress: ({ done }) => console.log(`step ${done}`),
      onWarning: (message) => console.error(message),
      saveEverySeconds: settings.saveEverySeconds ?? 20,
    });
    const weights = Object.fromEntries(
      Array.from(model.weights(), ([name, weight]) => [
        name,
        new Uint8Array((weight.dataSync() as Float32Array).slice().buffer)
          .toHex(),
      ]),
    );
    console.log(JSON.stringify({ history, weights }));
    return 0;
  } catch (error) {
    if (!(error instanceof TrainingStopped)) throw error;
    console.error(error.message);
    return signal.reason instanceof Interrupted ? signal.reason.status : 1;
  }
}

if (import.meta.main) await runTask(main);

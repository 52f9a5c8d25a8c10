/**
 * A tiny training run in its own process, alone or as a worker:
 * `deno run -A _workers_run.ts '{"workers": [], "rank": 0, "batch": 8, …}'`.
 *
 * Prints `step N` after each step, `indices […]` for each batch, and in the end
 * a line of JSON. Errors go to stderr.
 */
import { prefetchBatches, SharedPairs } from "@/datasets/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { convAutoencoder } from "@/models/mod.ts";
import { runTask } from "@/tasks/cli/mod.ts";
import { compile, joinCluster, leaveCluster, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  type HistoryRecord,
  shareText,
  train,
  TrainingStopped,
  workerShare,
} from "@/training/mod.ts";

/** The settings of the process. */
export interface WorkersRun {
  /** Addresses; none for a process that works alone. */
  readonly workers: readonly string[];
  readonly rank: number;
  readonly folder: string;
  readonly steps: number;
  /** Images in each step of this worker. */
  readonly batch: number;
  /** First weights differ with it. */
  readonly seed?: number;
  /** Names the run. */
  readonly run?: string;
  /** Ends in good order after this step, as with Ctrl+C. */
  readonly stopAfter?: number;
  /** Kills itself in this step, where the others wait for its gradients. */
  readonly dieIn?: number;
  /** Stops itself in this step, where the others wait for its gradients. */
  readonly haltIn?: number;
  /** Stops itself after this step, before it has shared its loss. */
  readonly haltAfter?: number;
  readonly saveEverySeconds?: number;
  readonly joinSeconds?: number;
  readonly timeoutSeconds?: number;
}

/** What the process prints in the end. */
export interface WorkersOutcome {
  readonly losses: readonly number[];
  /** SHA-256 of all weights. */
  readonly weights: string;
  readonly message?: string;
  /** What worker 0 shared that it had, and that it had not. */
  readonly shared: readonly (string | null)[];
}

const SIDE = 8;
const IMAGES = 40;

async function main(args: string[]): Promise<number> {
  const settings: WorkersRun = JSON.parse(args[0]!);
  const { workers, steps, stopAfter, run = "tiny" } = settings;
  if (workers.length > 0) {
    await joinCluster({
      ...settings,
      onWait: (missing) => console.log(`waiting for ${missing}`),
    });
  }
  const share = workerShare();
  const batchSize = settings.batch * share.count;
  const random = seededRandom("workers run");
  const bytes = (length: number) =>
    Uint8Array.from({ length }, () => Math.floor(256 * random()));
  const pairs = SharedPairs.from(
    "train",
    2 * SIDE,
    Array.from({ length: IMAGES }, (_, i) => `photo ${i}`),
    Array.from({ length: IMAGES }, () => ({
      high: bytes(3 * 4 * SIDE * SIDE),
      medium: bytes(3 * SIDE * SIDE),
    })),
  );
  const model = convAutoencoder({
    size: SIDE,
    widths: [8],
    latentChannels: 2,
    seed: settings.seed ?? 1,
  });
  const weights = model.weights();
  const adam = new Adam(weights, { clipNorm: 1 });
  const step = compile((images: tf.Tensor4D) =>
    adam.minimize(tf.scalar(0.01), () => ({
      loss: model.decode(model.encode(images)).sub(images).square()
        .mean() as tf.Scalar,
    })).loss
  );
  const stopper = new AbortController();
  const losses = (records: readonly HistoryRecord[]) =>
    records.flatMap((record) => record.kind === "step" ? [record.loss] : []);
  let outcome: Omit<WorkersOutcome, "weights" | "shared">;
  try {
    const records = await train({
      phase: "Training",
      folder: settings.folder,
      run,
      steps,
      stepsPerEpoch: IMAGES / batchSize,
      batchSize,
      state: new Map([...weights, ...adam.state()]),
      batches: (firstStep) =>
        prefetchBatches(pairs, {
          batchSize,
          share,
          seed: 1,
          sizes: ["medium"],
          firstStep,
          lastStep: steps,
          workers: 1,
        }),
      step: (batch) => {
        console.log(`indices [${batch.indices}]`);
        if (batch.step === settings.dieIn) Deno.kill(Deno.pid, "SIGKILL");
        if (batch.step === settings.haltIn) Deno.kill(Deno.pid, "SIGSTOP");
        const loss = tf.tidy(() =>
          step(tf.tensor4d(batch.medium, [settings.batch, SIDE, SIDE, 3]))
            .dataSync()[0]!
        );
        if (batch.step === settings.haltAfter) Deno.kill(Deno.pid, "SIGSTOP");
        return { loss };
      },
      validate: () => Promise.resolve({ validLoss: 0, validPsnrDb: 0 }),
    }, {
      signal: stopper.signal,
      onProgress: ({ phase, done }) => {
        console.log(phase === "Training" ? `step ${done}` : phase);
        if (done === stopAfter) stopper.abort();
      },
      saveEverySeconds: settings.saveEverySeconds ?? 20,
    });
    outcome = { losses: losses(records) };
  } catch (error) {
    if (!(error instanceof TrainingStopped)) throw error;
    outcome = { losses: [], message: error.message };
  }
  const told = await shareText(settings.rank === 0 ? "Grüße von 0" : undefined);
  const untold = await shareText(settings.rank === 0 ? undefined : "from 1");
  await leaveCluster();
  const values = Array.from(
    weights.values(),
    (weight) => (weight.dataSync() as Float32Array).slice(),
  );
  const digest = await crypto.subtle.digest(
    "SHA-256",
    await new Blob(values).arrayBuffer(),
  );
  console.log(JSON.stringify({
    ...outcome,
    shared: [told, untold ?? null],
    weights: new Uint8Array(digest).toHex(),
  }));
  return 0;
}

if (import.meta.main) await runTask(main);

/**
 * A process of `deno task bench:workers`: it trains or sums tensors on request,
 * with a line of JSON for each request and each answer.
 *
 * @module
 */
import process from "node:process";
import { convAutoencoder } from "@/models/mod.ts";
import {
  allReduceMean,
  compile,
  type Compiled,
  explainLoss,
  joinCluster,
  sumOverWorkers,
  tf,
} from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import { readLines } from "@/files/read_lines.ts";
import { runTask } from "@/tasks/cli/run_task.ts";

/** The role of a process. */
export interface WorkerSettings {
  /** The addresses of all workers; none for a process that works alone. */
  readonly workers: readonly string[];
  /** Its index among them. */
  readonly rank: number;
  /** Side of the images. */
  readonly size: number;
  /** Images per step. */
  readonly batch: number;
}

/** What to time. */
export type Request =
  /** Training steps, with gradients in messages of at most `bucketBytes`. */
  | {
    readonly kind: "train";
    readonly steps: number;
    readonly bucketBytes: number;
  }
  /** The sum of a number of floats over all workers. */
  | { readonly kind: "reduce"; readonly floats: number; readonly times: number }
  /** The exchange of a loss. */
  | { readonly kind: "exchange"; readonly times: number };

/** What was timed. */
export interface Answer {
  /** Milliseconds of each run. */
  readonly ms: readonly number[];
  /** Milliseconds of processor time of each run. */
  readonly cpuMs: readonly number[];
  /** The number of weights of the network. */
  readonly parameters: number;
}

async function main(args: string[]): Promise<void> {
  const settings: WorkerSettings = JSON.parse(args[0]!);
  if (settings.workers.length > 0) await joinCluster(settings);
  const bench = new Bench(settings);
  console.log('"ready"');
  for await (const line of readLines(Deno.stdin.readable)) {
    try {
      const times = await bench.run(JSON.parse(line));
      const answer: Answer = { ...times, parameters: bench.parameters };
      console.log(JSON.stringify(answer));
    } catch (error) {
      throw await explainLoss(error);
    }
  }
}

type Step = Compiled<[tf.Tensor4D], tf.Scalar>;

class Bench {
  readonly parameters: number;
  readonly #model: ReturnType<typeof convAutoencoder>;
  readonly #images: tf.Tensor4D;
  readonly #steps = new Map<number, Step>();
  readonly #sums = new Map<number, Compiled<[tf.Tensor], tf.Tensor>>();

  constructor({ size, batch, rank }: WorkerSettings) {
    this.#model = convAutoencoder({
      size,
      widths: [32, 64],
      latentChannels: 8,
      seed: 1,
    });
    this.parameters = this.#model.parameters;
    this.#images = tf.fill([batch, size, size, 3], 0.25 * (rank + 1));
  }

  async run(request: Request): Promise<Times> {
    switch (request.kind) {
      case "train":
        return await this.#train(request.steps, request.bucketBytes);
      case "reduce":
        return await this.#reduce(request.floats, request.times);
      case "exchange":
        return await time(request.times, () => sumOverWorkers([0, 0, 1]));
    }
  }

  #train(steps: number, bucketBytes: number): Promise<Times> {
    const step = this.#steps.get(bucketBytes) ?? this.#compileStep(bucketBytes);
    this.#steps.set(bucketBytes, step);
    return time(steps, async () => {
      const loss = step(this.#images);
      const value = loss.dataSync()[0]!;
      loss.dispose();
      await sumOverWorkers([0, 0, value]); // as the training loop does
    });
  }

  #compileStep(bucketBytes: number): Step {
    const adam = new Adam(this.#model.weights(), { bucketBytes });
    const rate = tf.scalar(1e-4);
    return compile((images: tf.Tensor4D) =>
      adam.minimize(rate, () => ({
        loss: this.#model.decode(this.#model.encode(images)).sub(images)
          .square().mean() as tf.Scalar,
      })).loss
    );
  }

  async #reduce(floats: number, times: number): Promise<Times> {
    const sum = this.#sums.get(floats) ??
      compile((values: tf.Tensor) =>
        allReduceMean([values], { bucketBytes: Infinity })[0]!.slice([0], [1])
      );
    this.#sums.set(floats, sum);
    const values = tf.ones([floats]);
    try {
      return await time(times, () => {
        const first = sum(values);
        first.dataSync();
        first.dispose();
        return Promise.resolve();
      });
    } finally {
      values.dispose();
    }
  }
}

type Times = Pick<Answer, "ms" | "cpuMs">;

/** Milliseconds of each run, on the clock and of the processor. */
async function time(
  times: number,
  work: () => Promise<unknown>,
): Promise<Times> {
  const ms: number[] = [], cpuMs: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now(), used = cpuTime();
    await work();
    ms.push(performance.now() - start);
    cpuMs.push(cpuTime() - used);
  }
  return { ms, cpuMs };
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

if (import.meta.main) await runTask(main);

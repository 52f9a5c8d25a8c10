/**
 * What is expected of the next latents, given those before: the prior of a
 * sequence, and of a single vector. The first vector has a distribution of its
 * own.
 *
 *     z(t-1) ─┬─▶ GRU ▶ h(t) ─┬─▶ mean(t)
 *             └─ · a ─────────┘  scale(t)
 *
 * The recurrent unit is that of K. Cho et al., "Learning Phrase Representations
 * using RNN Encoder-Decoder", 2014, with x / (1 + |x|) in place of the
 * hyperbolic tangent. So decoders can compute it with + - * / alone, which
 * IEEE 754 defines exactly: what an entropy coder is told is the same
 * everywhere.
 *
 * @module
 */
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** What decides the shape of a prior. */
export interface PriorShape {
  /** Numbers in a vector of latents, K. */
  readonly size: number;
  /** Numbers of the memory, H; 0 for a prior that has none. */
  readonly hidden: number;
  /** Qualities, L. */
  readonly levels: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/** Distributions of latents, independent in each number. */
export interface Expected {
  /** `[n, K]`. */
  readonly mean: tf.Tensor2D;
  /** Binary logarithms of the standard deviations, `[n, K]`. */
  readonly scale: tf.Tensor2D;
  /** The memory, `[n, H]`; none without one. */
  readonly state: tf.Tensor2D | undefined;
}

/** The same in plain numbers. */
export interface ExpectedNumbers {
  /** K means. */
  readonly mean: Float64Array;
  /** K binary logarithms of standard deviations. */
  readonly scale: Float64Array;
}

/** What is known of latents before training; see {@linkcode LatentPrior}. */
export interface PriorStart {
  /** Binary logarithms of the steps in a unit, for each quality. */
  readonly gains: readonly number[];
  /** Standard deviations in units, K in number. */
  readonly deviations: readonly number[];
  /** How much of a number the next one keeps, 0..1; K in number. */
  readonly kept: readonly number[];
}

/** Latents are divided by it before the recurrent unit sees them. */
const RANGE = 8;

/** A prior, whose weights are trained. */
export class LatentPrior implements Disposable {
  /** What decides its shape. */
  readonly shape: PriorShape;
  readonly #weights: Map<string, tf.Variable>;

  /**
   * Makes one with random weights. At first it expects a standard deviation of
   * 16, and half of the latents before where it has a memory, unless
   * {@linkcode startFrom} says better.
   *
   * @param shape Its shape and seed.
   */
  constructor(shape: PriorShape) {
    const { size, hidden, levels, seed } = shape;
    this.shape = shape;
    const random = seededRandom("prior", seed);
    const uniform = (rows: number, columns: number) => {
      const most = Math.sqrt(3 / rows);
      return tf.tensor2d(
        Float32Array.from(
          { length: rows * columns },
          () => most * (2 * random() - 1),
        ),
        [rows, columns],
      );
    };
    const start: Record<string, () => tf.Tensor> = {
      mean: () => tf.zeros([levels, size]),
      scale: () => tf.fill([levels, size], 4),
    };
    if (hidden > 0) {
      start["next_mean"] = () => tf.zeros([levels, size]);
      start["next_scale"] = () => tf.fill([levels, size], 4);
      start["keep"] = () => tf.fill([size], 0.5);
      start["input"] = () => uniform(size + levels, 3 * hidden);
      start["memory"] = () => uniform(hidden, 3 * hidden);
      start["bias"] = () => tf.zeros([3 * hidden]);
      start["output"] = () => tf.zeros([hidden, 2 * size]);
    }
    this.#weights = new Map(
      Object.entries(start).map(([name, make]) => [
        name,
        tf.tidy(() => tf.variable(make())),
      ]),
    );
  }

  /** What is trained, by name. */
  weights(): Map<string, tf.Variable> {
    return new Map(this.#weights);
  }

  #weight(name: string): tf.Variable {
    return this.#weights.get(name)!;
  }

  /**
   * Expects what was measured.
   *
   * @param start What is known of the latents.
   */
  startFrom({ gains, deviations, kept }: PriorStart): void {
    // Of what is kept, the error of rounding remains: a variance of 1 / 12.
    const scales = (kept: (i: number) => number) =>
      tf.tensor2d(gains.map((gain) =>
        deviations.map((value, i) => {
          const rest = (2 ** gain * value) ** 2 * (1 - kept(i) ** 2);
          return Math.log2(Math.max(1e-6, rest + kept(i) ** 2 / 12)) / 2;
        })
      ));
    tf.tidy(() => {
      this.#weight("scale").assign(scales(() => 0));
      if (this.shape.hidden === 0) return;
      this.#weight("next_scale").assign(scales((i) => kept[i]!));
      this.#weight("keep").assign(tf.tensor1d([...kept]));
    });
  }

  /**
   * What is expected next, with gradients.
   *
   * @param level The quality of each sequence, one-hot, `[n, L]`.
   * @param before The latents before, `[n, K]`; none for the first ones.
   * @param state What the call before returned; none for the first one.
   * @returns The distribution, and the state for the next call.
   */
  expect(
    level: tf.Tensor2D,
    before?: tf.Tensor2D,
    state?: tf.Tensor2D,
  ): Expected {
    const { hidden } = this.shape;
    const [n] = level.shape;
    const of = (name: string) =>
      level.matMul(this.#weight(name)) as tf.Tensor2D;
    if (hidden === 0 || before === undefined) {
      return { mean: of("mean"), scale: of("scale"), state };
    }
    const memory = state ?? tf.zeros<tf.Rank.R2>([n, hidden]);
    const [toReset, toUpdate, toNew] = tf.split(
      tf.concat([before.div(RANGE), level], 1).matMul(this.#weight("input"))
        .add(this.#weight("bias")),
      3,
      1,
    );
    const [fromReset, fromUpdate, fromNew] = tf.split(
      memory.matMul(this.#weight("memory")),
      3,
      1,
    );
    const reset = gate(toReset!.add(fromReset!));
    const update = gate(toUpdate!.add(fromUpdate!));
    const fresh = softsign(toNew!.add(reset.mul(fromNew!)));
    const next = update.mul(memory).add(tf.sub(1, update).mul(fresh));
    const [ofMean, ofScale] = tf.split(
      next.matMul(this.#weight("output")),
      2,
      1,
    );
    return {
      mean: of("next_mean").add(before.mul(this.#weight("keep"))).add(ofMean!),
      scale: of("next_scale").add(ofScale!),
      state: next as tf.Tensor2D,
    };
  }

  /**
   * The same for one sequence in plain numbers, as a coder needs it.
   *
   * @param level The quality, counted from 0.
   * @returns A function to be called with the latents before, none at first,
   * for each vector in turn.
   */
  follow(level: number): (before?: ArrayLike<number>) => ExpectedNumbers {
    const { size, hidden } = this.shape;
    const values = (name: string) => this.#weight(name).dataSync();
    const row = (name: string) =>
      Float64Array.from(
        values(name).subarray(level * size, (level + 1) * size),
      );
    const first = { mean: row("mean"), scale: row("scale") };
    if (hidden === 0) return () => first;
    const [mean, scale] = [row("next_mean"), row("next_scale")];
    const [keep, input, memory, bias, output] = [
      ...["keep", "input", "memory", "bias", "output"].map(values),
    ] as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const state = new Float64Array(hidden);
    const width = 3 * hidden;
    return (before) => {
      if (before === undefined) return first;
      const to = Float64Array.from(
        bias,
        (value, j) => value + input[(size + level) * width + j]!,
      );
      const from = new Float64Array(width);
      for (let i = 0; i < size; i++) {
        addRow(to, input, i * width, before[i]! / RANGE);
      }
      for (let i = 0; i < hidden; i++) {
        addRow(from, memory, i * width, state[i]!);
      }
      for (let j = 0; j < hidden; j++) {
        const at = [j, hidden + j, 2 * hidden + j] as const;
        const reset = openness(to[at[0]]! + from[at[0]]!);
        const update = openness(to[at[1]]! + from[at[1]]!);
        const fresh = soft(to[at[2]]! + reset * from[at[2]]!);
        state[j] = update * state[j]! + (1 - update) * fresh;
      }
      const made = new Float64Array(2 * size);
      for (let j = 0; j < hidden; j++) {
        addRow(made, output, j * 2 * size, state[j]!);
      }
      return {
        mean: mean.map((value, i) => value + keep[i]! * before[i]! + made[i]!),
        scale: scale.map((value, i) => value + made[size + i]!),
      };
    };
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    tf.dispose([...this.#weights.values()]);
  }
}

function softsign(x: tf.Tensor): tf.Tensor {
  return x.div(x.abs().add(1));
}

/** From 0 to 1. */
function gate(x: tf.Tensor): tf.Tensor {
  return softsign(x).mul(0.5).add(0.5);
}

function soft(x: number): number {
  return x / (1 + Math.abs(x));
}

function openness(x: number): number {
  return 0.5 + 0.5 * soft(x);
}

/** Adds a row of a matrix, times a number. */
function addRow(
  sums: Float64Array,
  matrix: Float32Array,
  start: number,
  factor: number,
): void {
  for (let j = 0; j < sums.length; j++) sums[j]! += factor * matrix[start + j]!;
}

/**
 * A variational autoencoder of short clips: a global code for what stays, and a
 * local code for each frame.
 *
 *     frame t ▶ conv /4, then /2 per width, ReLU ▶ features ─┬─▶ + ─▶ local z(t)
 *        └────▶ mean over 4 x 4 ▶ · components ──────────────│───┘   [n, T, K]
 *     means of both over the frames ─────────────────────────┴─▶ global f [n, F]
 *
 *     f, z(t) ─┬─▶ · components ▶ small frame ────┬──────────────────▶ ·4 ─┐
 *              └─▶ transposed conv ·2 per width ──┴─▶ conv, blocks ─▶ ·4 ──┴─▶ frame t
 *
 * The linear part alone is a network already, and a good one if it begins with
 * principal components: see `fitSequentialStart`. The rest adds nothing at
 * first.
 *
 * The posterior is a uniform distribution of width 1 around what the encoder
 * gives, so that noise in training stands for rounding. A factor for each
 * number and quality decides how much such a step is: one network for several
 * rates, as in Z. Cui et al., "Asymmetric Gained Deep Image Compression With
 * Continuous Rate Adaptation", 2021.
 *
 * J. Han, S. Lombardo, C. Schroers and S. Mandt, "Deep Generative Video
 * Compression", 2019.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { IMAGE_OFFSET, trainable } from "./autoencoder.ts";
import { LatentPrior, type PriorStart } from "./latent_prior.ts";
import {
  conv2d,
  conv2dTranspose,
  dense,
  halvings,
  residualBlocks,
  sum,
} from "./layers.ts";

/** What decides the shape of the network. */
export interface SequentialShape {
  /** Width and height of the frames in pixels. */
  readonly side: number;
  /** Frames of a segment, T. */
  readonly frames: number;
  /** Channels at a quarter of the size, and after each further halving. */
  readonly widths: readonly number[];
  /** Residual blocks of the decoder at a quarter of the size. */
  readonly blocks: number;
  /** Numbers that the encoder makes of a frame first. */
  readonly features: number;
  /** Numbers of each local code, K. */
  readonly localSize: number;
  /** Numbers of the global code, F; 0 for none. */
  readonly globalSize: number;
  /** Numbers of the local prior's memory; 0 for none. */
  readonly memory: number;
  /** Qualities, L. */
  readonly levels: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/** A linear code, and what its numbers are like. */
export interface LinearStart {
  /** Orthonormal columns, one for each number of the code. */
  readonly components: tf.Tensor2D;
  /** What is known of the numbers. */
  readonly prior: PriorStart;
}

/** Where training begins, for small frames of D = 3 (side / 4)² numbers. */
export interface SequentialStart {
  /** The mean of small frames minus 0.5, `[D]`. */
  readonly mean: tf.Tensor1D;
  /** `[D, K]`. */
  readonly local: LinearStart;
  /** `[D, F]`, orthogonal to the local ones; none without a global code. */
  readonly global: LinearStart | undefined;
}

/** The codes of some segments, in steps of 1. */
export interface SegmentCodes {
  /** `[n, F]`; none where there is no global code. */
  readonly global: tf.Tensor2D | undefined;
  /** `[n, T, K]`. */
  readonly local: tf.Tensor3D;
}

/** Side of the squares whose means are the pixels of small frames. */
export const CELL = 4;

/**
 * Binary logarithm of the first factor of the best quality: codes begin far
 * above the noise, since training shrinks them at once.
 */
const FIRST_GAIN = 6;

/**
 * The linear weights are kept as multiples of it, so that they change slowly
 * beside the others: a thousandth is much for a component's entry.
 */
const SLOW = 0.1;

/** A sequential variational autoencoder. */
export class SequentialVae implements Disposable {
  /** What decides its shape. */
  readonly shape: SequentialShape;
  /** The prior of the local codes. */
  readonly localPrior: LatentPrior;
  /** The prior of the global code. */
  readonly globalPrior: LatentPrior | undefined;
  readonly #encoder: tf.LayersModel;
  readonly #toGlobal: tf.LayersModel | undefined;
  readonly #decoder: tf.LayersModel;
  readonly #gains: Map<string, tf.Variable>;
  readonly #linear: Map<string, tf.Variable>;

  /**
   * Makes one with random weights.
   *
   * @param shape Its shape and seed.
   * @throws {RangeError} If the codes have more numbers than a small frame.
   */
  constructor(shape: SequentialShape) {
    const { side, features, localSize, globalSize, levels, seed } = shape;
    const pixels = 3 * (side / CELL) ** 2;
    if (localSize + globalSize > pixels) {
      const most = `at most ${pixels - localSize} beside the local code`;
      throw invalid("globalSize", most, globalSize);
    }
    this.shape = shape;
    this.#encoder = makeEncoder(shape);
    this.#decoder = makeDecoder(shape);
    this.localPrior = new LatentPrior({
      ...{ size: localSize, hidden: shape.memory, levels, seed },
    });
    this.#gains = new Map([["gain/local", gainsOf(levels, localSize)]]);
    this.#linear = new Map([
      ["linear/mean", tf.tidy(() => tf.variable(tf.zeros([pixels])))],
      ["linear/local", randomMatrix(pixels, localSize, seed)],
      ["linear/synthesis", randomMatrix(localSize + globalSize, pixels, seed)],
    ]);
    if (globalSize === 0) return;
    this.#toGlobal = tf.sequential({
      layers: [
        tf.layers.inputLayer({ inputShape: [features] }),
        dense({
          ...{ name: "analysis_global", units: globalSize, gain: 0 },
          seed: seed + 150,
        }),
      ],
    });
    this.globalPrior = new LatentPrior({
      ...{ size: globalSize, hidden: 0, levels, seed },
    });
    this.#gains.set("gain/global", gainsOf(levels, globalSize));
    this.#linear.set("linear/global", randomMatrix(pixels, globalSize, seed));
  }

  /**
   * Takes a linear code as the start.
   *
   * @param start Of as many numbers and qualities as the network has.
   */
  startFrom({ mean, local, global }: SequentialStart): void {
    tf.tidy(() => {
      const both = [local, ...global === undefined ? [] : [global]]
        .map(({ components }) => components);
      this.#linear.get("linear/mean")!.assign(mean);
      this.#linear.get("linear/synthesis")!
        .assign(tf.concat(both, 1).transpose().div(SLOW));
    });
    this.#startCode("local", this.localPrior, local);
    if (global !== undefined) {
      this.#startCode("global", this.globalPrior!, global);
    }
  }

  #startCode(
    kind: "local" | "global",
    prior: LatentPrior,
    start: LinearStart,
  ): void {
    tf.tidy(() => {
      this.#linear.get(`linear/${kind}`)!.assign(start.components.div(SLOW));
      const { gains, deviations } = start.prior;
      this.#gains.get(`gain/${kind}`)!.assign(
        tf.tensor2d([...gains], [gains.length, 1])
          .tile([1, deviations.length]),
      );
    });
    prior.startFrom(start.prior);
  }

  /** What is trained, by unique names. */
  weights(): Map<string, tf.Variable> {
    return new Map([
      ...trainable(this.#models()).weights(),
      ...this.#gains,
      ...this.#linear,
      ...named("prior/local", this.localPrior),
      ...named("prior/global", this.globalPrior),
    ]);
  }

  #models(): tf.LayersModel[] {
    const toGlobal = this.#toGlobal === undefined ? [] : [this.#toGlobal];
    return [this.#encoder, ...toGlobal, this.#decoder];
  }

  /**
   * Encodes segments.
   *
   * @param frames `[n, T, side, side, 3]` in 0..1.
   * @param level The quality of each, one-hot, `[n, L]`.
   * @returns The means of their codes, in steps.
   */
  encode(frames: tf.Tensor5D, level: tf.Tensor2D): SegmentCodes {
    const [n, count, height, width] = frames.shape;
    const { localSize, features } = this.shape;
    const single = frames.reshape([n * count, height, width, 3])
      .sub(IMAGE_OFFSET) as tf.Tensor4D;
    const [seen, added] = this.#encoder.apply(single) as tf.Tensor[];
    const small = tf.avgPool(single, CELL, CELL, "valid")
      .reshape([n * count, -1]).sub(this.#linear.get("linear/mean")!);
    const local = small.matMul(this.#linearWeight("local")).add(added!);
    const overFrames = (values: tf.Tensor, size: number) =>
      values.reshape([n, count, size]).mean(1);
    const ofAll = (this.#toGlobal?.apply(
      overFrames(seen!, features),
    ) as tf.Tensor | undefined)
      ?.add(
        overFrames(small, small.shape[1]!)
          .matMul(this.#linearWeight("global")),
      );
    return {
      local: local.reshape([n, count, localSize])
        .mul(this.#gain("local", level).expandDims(1)) as tf.Tensor3D,
      global: ofAll?.mul(this.#gain("global", level)) as tf.Tensor2D,
    };
  }

  /**
   * Decodes segments.
   *
   * @param codes In steps, with noise or rounded.
   * @param level The quality of each, one-hot, `[n, L]`.
   * @returns `[n, T, side, side, 3]`, about 0..1.
   */
  decode({ global, local }: SegmentCodes, level: tf.Tensor2D): tf.Tensor5D {
    const { side } = this.shape;
    const [n, count] = local.shape;
    const ofFrames = local.div(this.#gain("local", level).expandDims(1));
    const ofAll = global?.div(this.#gain("global", level)).expandDims(1)
      .tile([1, count, 1]);
    const codes =
      (ofAll === undefined ? ofFrames : tf.concat([ofFrames, ofAll], 2))
        .reshape([n * count, -1]);
    const small = codes.matMul(this.#linearWeight("synthesis"))
      .add(this.#linear.get("linear/mean")!)
      .reshape([n * count, side / CELL, side / CELL, 3]);
    const images = this.#decoder.apply([codes, small]) as tf.Tensor;
    return images.add(IMAGE_OFFSET).reshape([n, count, side, side, 3]);
  }

  #linearWeight(name: "local" | "global" | "synthesis"): tf.Tensor {
    return this.#linear.get(`linear/${name}`)!.mul(SLOW);
  }

  #gain(kind: "local" | "global", level: tf.Tensor2D): tf.Tensor {
    return level.matMul(this.#gains.get(`gain/${kind}`)!).mul(Math.LN2).exp();
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.#models().forEach((model) => model.dispose());
    tf.dispose([...this.#gains.values(), ...this.#linear.values()]);
    this.localPrior[Symbol.dispose]();
    this.globalPrior?.[Symbol.dispose]();
  }
}

function named(
  prefix: string,
  prior: LatentPrior | undefined,
): [string, tf.Variable][] {
  return [...prior?.weights() ?? []]
    .map(([name, weight]) => [`${prefix}/${name}`, weight]);
}

/** Binary logarithms, half an octave from one quality to the next. */
function gainsOf(levels: number, size: number): tf.Variable {
  return tf.tidy(() => {
    const rows = tf.range(0, levels).sub(levels - 1).div(2).add(FIRST_GAIN);
    return tf.variable(rows.expandDims(1).tile([1, size]));
  });
}

/** Random numbers, of which sums over the rows have about the inputs' size. */
function randomMatrix(
  rows: number,
  columns: number,
  seed: number,
): tf.Variable {
  const random = seededRandom("linear", rows, columns, seed);
  const most = Math.sqrt(3 / rows) / SLOW;
  return tf.tidy(() =>
    tf.variable(tf.tensor2d(
      Float32Array.from(
        { length: rows * columns },
        () => most * (2 * random() - 1),
      ),
      [rows, columns],
    ))
  );
}

/** Frames minus 0.5 to features `[n, features]` and local codes `[n, K]`. */
function makeEncoder(
  { side, widths, features, localSize, seed }: SequentialShape,
): tf.LayersModel {
  const input = tf.input({ shape: [side, side, 3] });
  const [first, ...others] = widths;
  const cells = conv2d(input, {
    name: "analysis_cells",
    filters: first!,
    kernelSize: CELL,
    strides: CELL,
    activation: "relu",
    seed: seed + 50,
  }); // [n, side / 4, side / 4, widths[0]]
  const flat = tf.layers.flatten().apply(halvings(cells, others, seed));
  const seen = dense({
    name: "analysis_features",
    units: features,
    activation: "relu",
    seed: seed + 100,
  }).apply(flat) as tf.SymbolicTensor;
  const local = dense({
    ...{ name: "analysis_local", units: localSize, gain: 0 },
    seed: seed + 101,
  }).apply(seen) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [seen, local] });
}

/** Codes `[n, K + F]` and small frames to frames, both minus 0.5. */
function makeDecoder(
  { side, widths, blocks, localSize, globalSize, seed }: SequentialShape,
): tf.LayersModel {
  const input = tf.input({ shape: [localSize + globalSize] });
  const cells = side / CELL;
  const small = tf.input({ shape: [cells, cells, 3] });
  const first = cells / 2 ** (widths.length - 1);
  let hidden = dense({
    name: "synthesis_code",
    units: first * first * widths.at(-1)!,
    activation: "relu",
    seed: seed + 200,
  }).apply(input) as tf.SymbolicTensor;
  hidden = tf.layers.reshape({ targetShape: [first, first, widths.at(-1)!] })
    .apply(hidden) as tf.SymbolicTensor;
  for (let i = widths.length - 1; i > 0; i--) {
    hidden = conv2dTranspose(hidden, {
      name: `synthesis_${i}`,
      filters: widths[i - 1]!,
      kernelSize: 4,
      strides: 2,
      activation: "relu",
      // A pixel is a sum over 2 x 2 of the 4 x 4 places of the kernel.
      gain: 2 * Math.sqrt(widths[i - 1]! / widths[i]!),
      seed: seed + 300 + i,
    }); // [n, side / (2^i · 2), side / (2^i · 2), widths[i - 1]]
  }
  hidden = conv2d(
    tf.layers.concatenate().apply([hidden, small]) as tf.SymbolicTensor,
    {
      name: "synthesis_cells",
      filters: widths[0]!,
      kernelSize: 3,
      activation: "relu",
      seed: seed + 250,
    },
  ); // [n, side / 4, side / 4, widths[0]]
  hidden = residualBlocks(hidden, {
    name: "synthesis_fine",
    filters: widths[0]!,
    blocks,
    seed: seed + 260,
  });
  const added = conv2dTranspose(hidden, {
    name: "synthesis_0",
    filters: 3,
    kernelSize: CELL,
    strides: CELL,
    gain: 0,
    seed: seed + 300,
  });
  const large = tf.layers.upSampling2d({ size: [CELL, CELL] })
    .apply(small) as tf.SymbolicTensor;
  return tf.model({
    inputs: [input, small],
    outputs: sum("synthesis_sum", large, added),
  });
}

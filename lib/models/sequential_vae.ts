/**
 * A variational autoencoder of short clips: a global code for what stays, and a
 * local code for each frame.
 *
 *     frame t ▶ conv /2, ReLU, per width ▶ features ─┬─▶ local z(t)    [n, T, K]
 *     features of all frames ────────────────────────┴─▶ global f      [n, F]
 *     f, z(t) ▶ fully connected ▶ transposed conv ·2 per width ▶ frame t
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
import { tf } from "@/tensorflow/mod.ts";
import { IMAGE_OFFSET, trainable } from "./autoencoder.ts";
import { LatentPrior } from "./latent_prior.ts";
import { conv2dTranspose, dense, halvings } from "./layers.ts";

/** What decides the shape of the network. */
export interface SequentialShape {
  /** Width and height of the frames in pixels. */
  readonly side: number;
  /** Frames of a segment, T. */
  readonly frames: number;
  /** Channels after each halving. */
  readonly widths: readonly number[];
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

/** The codes of some segments, in steps of 1. */
export interface SegmentCodes {
  /** `[n, F]`; none where there is no global code. */
  readonly global: tf.Tensor2D | undefined;
  /** `[n, T, K]`. */
  readonly local: tf.Tensor3D;
}

/**
 * Binary logarithm of the first factor of the best quality: codes begin far
 * above the noise, since training shrinks them at once.
 */
const FIRST_GAIN = 6;

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

  /**
   * Makes one with random weights.
   *
   * @param shape Its shape and seed.
   */
  constructor(shape: SequentialShape) {
    const { frames, features, localSize, globalSize, levels, seed } = shape;
    this.shape = shape;
    this.#encoder = makeEncoder(shape);
    this.#decoder = makeDecoder(shape);
    this.localPrior = new LatentPrior({
      ...{ size: localSize, hidden: shape.memory, levels, seed },
    });
    const gains = new Map([["gain/local", gainsOf(levels, localSize)]]);
    if (globalSize > 0) {
      this.#toGlobal = tf.sequential({
        layers: [
          tf.layers.inputLayer({ inputShape: [frames * features] }),
          dense({
            name: "analysis_global",
            units: globalSize,
            seed: seed + 150,
          }),
        ],
      });
      this.globalPrior = new LatentPrior({
        ...{ size: globalSize, hidden: 0, levels, seed },
      });
      gains.set("gain/global", gainsOf(levels, globalSize));
    }
    this.#gains = gains;
  }

  /** What is trained, by unique names. */
  weights(): Map<string, tf.Variable> {
    return new Map([
      ...trainable(this.#models()).weights(),
      ...this.#gains,
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
    const single = frames.reshape([n * count, height, width, 3]);
    const [seen, local] = this.#encoder.apply(
      single.sub(IMAGE_OFFSET),
    ) as tf.Tensor[];
    const ofAll = this.#toGlobal?.apply(
      seen!.reshape([n, count * features]),
    ) as tf.Tensor | undefined;
    return {
      local: local!.reshape([n, count, localSize])
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
    const [n, count, size] = local.shape;
    const ofFrames = local.div(this.#gain("local", level).expandDims(1));
    const ofAll = global?.div(this.#gain("global", level)).expandDims(1)
      .tile([1, count, 1]);
    const codes = ofAll === undefined
      ? ofFrames
      : tf.concat([ofFrames, ofAll], 2);
    const length = size + this.shape.globalSize;
    const images = this.#decoder.apply(
      codes.reshape([n * count, length]),
    ) as tf.Tensor;
    return images.add(IMAGE_OFFSET).reshape([n, count, side, side, 3]);
  }

  #gain(kind: "local" | "global", level: tf.Tensor2D): tf.Tensor {
    return level.matMul(this.#gains.get(`gain/${kind}`)!).mul(Math.LN2).exp();
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.#models().forEach((model) => model.dispose());
    tf.dispose([...this.#gains.values()]);
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

/** Frames minus 0.5 to features `[n, features]` and local codes `[n, K]`. */
function makeEncoder(
  { side, widths, features, localSize, seed }: SequentialShape,
): tf.LayersModel {
  const input = tf.input({ shape: [side, side, 3] });
  const hidden = halvings(input, widths, seed);
  const flat = tf.layers.flatten().apply(hidden);
  const seen = dense({
    name: "analysis_features",
    units: features,
    activation: "relu",
    seed: seed + 100,
  }).apply(flat) as tf.SymbolicTensor;
  const local = dense({
    name: "analysis_local",
    units: localSize,
    seed: seed + 101,
  }).apply(seen) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [seen, local] });
}

/** Codes `[n, K + F]` to frames minus 0.5. */
function makeDecoder(
  { side, widths, localSize, globalSize, seed }: SequentialShape,
): tf.LayersModel {
  const input = tf.input({ shape: [localSize + globalSize] });
  const small = side / 2 ** widths.length;
  const last = widths.at(-1)!;
  let hidden = dense({
    name: "synthesis_code",
    units: small * small * last,
    activation: "relu",
    seed: seed + 200,
  }).apply(input) as tf.SymbolicTensor;
  hidden = tf.layers.reshape({ targetShape: [small, small, last] })
    .apply(hidden) as tf.SymbolicTensor;
  for (let i = widths.length - 1; i >= 0; i--) {
    const filters = i === 0 ? 3 : widths[i - 1]!;
    // A pixel is a sum over 2 x 2 of the 4 x 4 places of the kernel.
    const even = 2 * Math.sqrt(filters / widths[i]!);
    hidden = conv2dTranspose(hidden, {
      name: `synthesis_${i}`,
      filters,
      kernelSize: 4,
      strides: 2,
      activation: i === 0 ? "linear" : "relu",
      // If frames were far from grey at first, training would begin by
      // shrinking the codes, into the noise.
      gain: i === 0 ? 0.3 * even : even,
      seed: seed + 300 + i,
    }); // [n, side / 2^i, side / 2^i, …]
  }
  return tf.model({ inputs: input, outputs: hidden });
}

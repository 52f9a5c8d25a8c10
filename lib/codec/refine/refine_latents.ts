/**
 * The encoder's effort: latents of one photo, refined for it by gradient steps
 * through the decoder's networks. The decoder follows whatever is coded.
 *
 * The transform tells how much an error of each latent costs, so a step goes to
 * a share of where the minimum would be: η · gradient / (2 e) for an error of
 * e · (x - wanted)². One that does not help is taken back. J. Campos et al.,
 * "Content Adaptive Optimization for Neural Image Compression", 2019, refine by
 * gradients, too; with these few steps neither Adam nor the soft rounding of Y.
 * Yang, R. Bamler and S. Mandt, "Improving Inference for Neural Image
 * Compression", 2020, came down.
 *
 * This needs gradients, so it is not in `mod.ts`, which a browser loads.
 *
 * @module
 */

import { compile, type Compiled, tf } from "@/tensorflow/mod.ts";
import { errorCosts } from "@/codec/encode/choose_value.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, GROUP_SIZES } from "@/codec/model/colour_dct.ts";
import { atQuality, OCTAVE } from "@/codec/entropy/log_steps.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import {
  refineCost,
  type RefineQuality,
  type RefineTarget,
  roundHyper,
  stepsOf,
} from "./refine_cost.ts";
import { bitsOfTables } from "./refine_rounding.ts";

/** η in the beginning: how far to go to where the minimum would be. */
const FIRST_RATE = 0.4;

/** η changes by it after a step that made latents cheaper. */
const RISE = 1.2;

/** And by it after one that did not; that step is taken back. */
const FALL = 0.5;

/**
 * How much bits count where refined latents are rounded, as a share of what they
 * do in training. On parts of Kodak's photos 0.45, 0.6 and 0.8 gave files of the
 * same size at equal PSNR within 0.2 %, and 1 gave 1 % more.
 */
export const REFINED_RATE_WEIGHT = 0.6;

/**
 * Channels that are refined: all but the high colours. Those are nearly always
 * coded as 0, so the networks hardly learned what else they mean, and errors of
 * them cost up to a hundred times what the transform tells.
 */
const REFINED = CHANNELS - GROUP_SIZES.at(-1)!;

/** Traced steps that are kept, one a size. */
const KEPT_TRACES = 12;

/** Where refinement starts. */
export interface RefineStart {
  /** The hyper-latent, `[1, h / 4, w / 4, Z]`; it stays. */
  readonly hyper: tf.Tensor4D;
  /** Latents in standard deviations, `[1, h, w, 192]`. */
  readonly latents: tf.Tensor4D;
}

type Step = (
  y: tf.Tensor4D,
  hyper: tf.Tensor4D,
  target: RefineTarget,
  quality: RefineQuality,
) => { readonly cost: tf.Scalar; readonly change: tf.Tensor4D };

/** Latents, what they cost, and where to go from them. */
interface Found {
  readonly y: tf.Tensor4D;
  readonly cost: number;
  /** To the minimum, if the transform were all. */
  readonly change: tf.Tensor4D;
}

/** Refines latents by steps that are traced once a size. */
export class LatentRefiner {
  readonly #loaded: LoadedModel;
  readonly #tableBits: tf.Tensor1D;
  readonly #step: Compiled<Parameters<Step>, ReturnType<Step>>;

  /** @param loaded The model; it must outlive this. */
  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#tableBits = bitsOfTables(loaded);
    const refined = Float32Array.from(
      { length: CHANNELS },
      (_, channel) => channel < REFINED ? 1 : 0,
    );
    const step: Step = (y, hyper, target, quality) => {
      const { value, grad } = tf.valueAndGrad((y) =>
        refineCost(
          loaded,
          y as tf.Tensor4D,
          hyper,
          target,
          quality,
          REFINED_RATE_WEIGHT,
          this.#tableBits,
        )
      )(y);
      const change = grad.div(quality.errorCosts.mul(2))
        .mul(tf.tensor1d(refined)) as tf.Tensor4D;
      return { cost: value as tf.Scalar, change };
    };
    this.#step = compile(step, { name: "refinement of latents" });
  }

  /**
   * Refines the latents of a part of a photo.
   *
   * @param start From the analysis.
   * @param target What is to come out.
   * @param quality 1..100.
   * @param steps How many; none leaves the latents as they are.
   * @param onStep Called after each; it may throw to stop.
   * @returns Latents in standard deviations, `[1, h, w, 192]`.
   */
  async refine(
    start: RefineStart,
    target: RefineTarget,
    quality: number,
    steps: number,
    onStep?: () => void,
  ): Promise<tf.Tensor4D> {
    if (this.#step.traces % KEPT_TRACES === 0) this.#step.dispose();
    const ofQuality = refineQuality(this.#loaded, quality);
    const hyper = tf.tidy(() => roundHyper(this.#loaded, start.hyper));
    let y = tf.tidy(() => start.latents.mul(stepsOf(ofQuality))) as tf.Tensor4D;
    let best: Found | undefined;
    let rate = FIRST_RATE;
    try {
      for (let step = 0; step < steps; step++) {
        const { cost, change } = this.#step(y, hyper, target, ofQuality);
        const found = { y, change, cost: (await cost.data())[0]! };
        cost.dispose();
        if (best === undefined || found.cost < best.cost) {
          tf.dispose(best === undefined ? [] : [best.y, best.change]);
          best = found;
          rate *= RISE;
        } else {
          tf.dispose([y, change]);
          rate *= FALL;
        }
        const from: Found = best;
        y = tf.tidy(() => from.y.sub(from.change.mul(rate)));
        onStep?.();
      }
      const { y: last } = best ?? { y };
      return tf.tidy(() => last.div(stepsOf(ofQuality)) as tf.Tensor4D);
    } finally {
      const found = best === undefined ? [] : [best.y, best.change];
      tf.dispose([hyper, y, ...found, { ...ofQuality }]);
    }
  }

  /** Frees what was made; nothing can be refined from then on. */
  dispose(): void {
    this.#step.dispose();
    this.#tableBits.dispose();
  }
}

function refineQuality(
  { model }: LoadedModel,
  quality: number,
): RefineQuality {
  const level = levelOf(quality);
  return {
    lambda: tf.scalar(lambdaAt(level)),
    level: tf.scalar(level),
    stepLogs: tf.tensor1d(
      Float32Array.from(
        atQuality(model.logSteps, quality),
        (log) => log / OCTAVE,
      ),
    ),
    errorCosts: tf.tensor1d(Float32Array.from(errorCosts(model, quality))),
  };
}

/**
 * The encoder's effort: the latents of a photo, refined for it by gradient steps
 * through the decoder's networks. The decoder accepts whatever is coded.
 *
 * The transform sets the cost of an error of each latent, so a step goes a
 * fraction of the way to the minimum: η · gradient / (2 e) for an error of
 * e · (x - wanted)². A step that does not help is undone. J. Campos et al.,
 * "Content Adaptive Optimization for Neural Image Compression", 2019, also
 * refine by gradients; in so few steps neither Adam nor the soft rounding of Y.
 * Yang, R. Bamler and S. Mandt, "Improving Inference for Neural Image
 * Compression", 2020, lowered the cost.
 *
 * This needs gradients, so it is not in `mod.ts`, which a browser loads.
 *
 * @module
 */

import { errorCosts } from "@/codec/encode/choose_value.ts";
import { atQuality, OCTAVE } from "@/codec/entropy/log_steps.ts";
import { CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import type { CodecModel, LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import { compile, type Compiled, tf } from "@/tensorflow/mod.ts";
import {
  refineCost,
  type RefineInputs,
  type RefineQuality,
  type RefineTarget,
  roundHyper,
  stepsOf,
} from "./refine_cost.ts";
import { bitsOfTables } from "./refine_rounding.ts";

/** η at the start: the fraction of the way to the minimum. */
const FIRST_RATE = 0.4;

/** Factor of η after a step that lowered the cost. */
const RISE = 1.2;

/** Factor of η after a step that did not; that step is undone. */
const FALL = 0.5;

/**
 * The weight of bits when refined latents are rounded, relative to training. On
 * parts of Kodak's photos 0.45, 0.6 and 0.8 gave files of the same size at equal
 * PSNR within 0.2 %, and 1 gave files 1 % larger.
 */
export const REFINED_RATE_WEIGHT = 0.6;

/**
 * Channels that are refined: all but the high colours. Those are nearly always
 * coded as 0, so the networks hardly learned other values, and errors of them
 * cost up to a hundred times what the transform predicts.
 */
const REFINED_CHANNELS = CHANNEL_GROUPS.at(-1)!.first;

/** Traced steps that are kept, one per size. */
const KEPT_TRACES = 12;

/** Where refinement starts, and where it should lead. */
export interface RefineTask {
  /** The hyper-latent, `[1, h / 4, w / 4, Z]`; it stays as it is. */
  readonly hyper: tf.Tensor4D;
  /** Latents in standard deviations, `[1, h, w, 192]`. */
  readonly latents: tf.Tensor4D;
  /** What the latents are refined towards. */
  readonly target: RefineTarget;
  /** 1..100. */
  readonly quality: number;
}

/** How long latents are refined. */
export interface RefineOptions {
  /** Gradient steps; 0 leaves the latents as they are. */
  readonly steps: number;
  /** Called after each step; it may throw to stop. */
  readonly onStep?: () => void;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

type Step = (
  y: tf.Tensor4D,
  hyper: tf.Tensor4D,
  target: RefineTarget,
  quality: RefineQuality,
) => { readonly cost: tf.Scalar; readonly change: tf.Tensor4D };

/** Latents, their cost, and the way to the estimated minimum. */
interface Candidate {
  readonly y: tf.Tensor4D;
  readonly cost: number;
  readonly change: tf.Tensor4D;
}

/** Refines latents by steps that are traced once per size. */
export class LatentRefiner {
  readonly #loaded: LoadedModel;
  readonly #tableBits: tf.Tensor1D;
  readonly #step: Compiled<Parameters<Step>, ReturnType<Step>>;

  /**
   * Makes a refiner.
   *
   * @param loaded The model; it must outlive the refiner.
   */
  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#tableBits = bitsOfTables(loaded.model);
    const refined = Float32Array.from(
      { length: CHANNELS },
      (_, channel) => channel < REFINED_CHANNELS ? 1 : 0,
    );
    const rounding = {
      rateWeight: REFINED_RATE_WEIGHT,
      tableBits: this.#tableBits,
    };
    const step: Step = (y, hyper, target, quality) => {
      const { value, grad } = tf.valueAndGrad((y) => {
        const inputs = { y, hyper, target, quality } as RefineInputs;
        return refineCost(loaded, inputs, rounding);
      })(y);
      const change = grad.div(quality.errorCosts.mul(2))
        .mul(tf.tensor1d(refined)) as tf.Tensor4D;
      return { cost: value as tf.Scalar, change };
    };
    this.#step = compile(step, { name: "refinement of latents" });
  }

  /**
   * Refines the latents of a part of a photo.
   *
   * @param task Where refinement starts, and where it should lead.
   * @param options How long.
   * @returns Latents in standard deviations, `[1, h, w, 192]`.
   * @throws The signal's reason, once it is aborted.
   */
  async refine(
    { hyper: startHyper, latents, target, quality }: RefineTask,
    { steps, onStep, signal }: RefineOptions,
  ): Promise<tf.Tensor4D> {
    if (this.#step.traces % KEPT_TRACES === 0) this.#step.dispose();
    const ofQuality = refineQuality(this.#loaded.model, quality);
    const hyper = tf.tidy(() => roundHyper(this.#loaded, startHyper));
    let y = tf.tidy(() => latents.mul(stepsOf(ofQuality))) as tf.Tensor4D;
    let best: Candidate | undefined;
    let rate = FIRST_RATE;
    const pauses = new Pauses(signal);
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
        const from: Candidate = best;
        y = tf.tidy(() => from.y.sub(from.change.mul(rate)));
        onStep?.();
        await pauses.pause();
      }
      const { y: last } = best ?? { y };
      return tf.tidy(() => last.div(stepsOf(ofQuality)) as tf.Tensor4D);
    } finally {
      const found = best === undefined ? [] : [best.y, best.change];
      tf.dispose([hyper, y, ...found, { ...ofQuality }]);
    }
  }

  /** Frees the traced steps; nothing can be refined afterwards. */
  [Symbol.dispose](): void {
    this.#step.dispose();
    this.#tableBits.dispose();
  }
}

function refineQuality(model: CodecModel, quality: number): RefineQuality {
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

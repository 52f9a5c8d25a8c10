/**
 * The encoder's effort: the latents of a photo, refined for it. The decoder
 * accepts whatever is coded.
 *
 *     blocks of other sizes ─┐
 *     a step by gradients ───┴▶ cost of each superblock ▶ the cheaper one stays
 *
 * Other sizes are those that the analysis chooses if it leans towards small
 * blocks, or towards large ones. A step moves coefficients and the hyper-latent.
 * The transform sets the cost of an error of each coefficient, so a step goes a
 * fraction of the way to the minimum: η · gradient / (2 e) for an error of
 * e · (x - wanted)². Each superblock has its own η. Where no step helps any more,
 * one of a random half of the latents often does. J. Campos et al., "Content
 * Adaptive Optimization for Neural Image Compression", 2019, also refine by
 * gradients.
 *
 * This needs gradients, so it is not in `mod.ts`, which a browser loads.
 *
 * @module
 */

import { RATE_WEIGHT } from "@/codec/encode/encode_image.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { CELL_KINDS } from "@/codec/transform/block_sizes.ts";
import { CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import { lambdaAt, levelOf, MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { compile, type Compiled, randomUniform, tf } from "@/tensorflow/mod.ts";
import {
  refineCost,
  type RefineLatents,
  type RefineQuality,
  type RefineTarget,
} from "./refine_cost.ts";
import { bitsOfTables } from "./refine_rounding.ts";

/**
 * How far the sizes that are tried lean: first as analysed, then to large blocks,
 * then to small ones.
 */
const LEANS: readonly number[] = [1, 1.04, 0.96];

/** Steps of all latents; after them each moves a random half. */
const WHOLE_MOVES = 8;

/** η of a step that moves a random half. */
const HALF_RATE = 0.15;

/** η at the start: the fraction of the way to the minimum. */
const FIRST_RATE = 0.2;

/** Factor of η after a step that lowered the cost. */
const RISE = 1.2;

/** Factor of η after a step that did not; that step is undone. */
const FALL = 0.5;

/** Steps of the hyper-latent for η and a gradient of 1. */
const HYPER_RATE = 0.03;

/**
 * Channels that are refined: all but the high colours. Those are nearly always
 * coded as 0, so the networks hardly learned other values, and errors of them
 * cost more than the transform predicts.
 */
const REFINED_CHANNELS = CHANNEL_GROUPS.at(-1)!.first;

/** Traced steps that are kept, one per size. */
const KEPT_TRACES = 12;

/** Where refinement starts, and where it should lead. */
export interface RefineTask {
  /**
   * Makes latents, to be disposed by the caller.
   *
   * @param lean How far the sizes of blocks lean; see `chooseSizes`.
   */
  readonly analyse: (lean: number) => Promise<RefineLatents>;
  /** What the latents are refined towards. */
  readonly target: RefineTarget;
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
}

/** How long latents are refined. */
export interface RefineOptions {
  /** Trials, at least 1; the first one is what the analysis finds. */
  readonly steps: number;
  /** Called after each trial; it may throw to stop. */
  readonly onStep?: () => void;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** Latents that were tried, and what was found. */
interface Trial extends RefineLatents {
  /** The cost of each superblock, `[1, h / 8, w / 8, 1]`. */
  readonly cost: tf.Tensor4D;
  /** The way from the estimated minimum to the coefficients. */
  readonly change: tf.Tensor4D;
  /** The gradient of the hyper-latent. */
  readonly hyperSlope: tf.Tensor4D;
}

/** The best latents so far, and η of each superblock. */
interface Best extends Trial {
  /** `[1, h / 8, w / 8, 1]`. */
  readonly rate: tf.Tensor4D;
}

type Step = (
  latents: RefineLatents,
  target: RefineTarget,
  quality: RefineQuality,
) => Pick<Trial, "cost" | "change" | "hyperSlope">;

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
    this.#tableBits = bitsOfTables(loaded.model.tables);
    const rounding = {
      rateWeight: RATE_WEIGHT,
      tableBits: this.#tableBits,
    };
    const step: Step = (latents, target, quality) => {
      let cost: tf.Tensor4D | undefined;
      const { grads } = tf.valueAndGrads((y, hyper) => {
        const moved = { ...latents, y, hyper } as RefineLatents;
        cost = tf.keep(refineCost(loaded, moved, target, quality, rounding));
        return cost.sum() as tf.Scalar;
      })([latents.y, latents.hyper]);
      return {
        cost: cost!,
        change: grads[0]!.mul(fractions(quality)) as tf.Tensor4D,
        hyperSlope: grads[1] as tf.Tensor4D,
      };
    };
    this.#step = compile(step, { name: "refinement of latents" });
  }

  /**
   * Refines the latents of a part of a photo.
   *
   * @param task Where refinement starts, and where it should lead.
   * @param options How long.
   * @returns The latents, to be disposed.
   * @throws The signal's reason, once it is aborted.
   */
  async refine(
    { analyse, target, quality, coarseness }: RefineTask,
    { steps, onStep, signal }: RefineOptions,
  ): Promise<RefineLatents> {
    if (this.#step.traces % KEPT_TRACES === 0) this.#step.dispose();
    const ofQuality = refineQuality(this.#loaded, quality, coarseness);
    // About a third of the trials.
    const leans = LEANS.slice(0, 1 + Math.ceil(steps / 3));
    let best: Best | undefined;
    const pauses = new Pauses(signal);
    try {
      for (let step = 0; step < steps; step++) {
        const before = best;
        const isMove = before !== undefined && step >= leans.length;
        const latents = isMove
          ? tf.tidy(() => ({ ...move(before, step - leans.length) }))
          : await analyse(leans[step]!);
        const found = this.#step({ ...latents }, target, ofQuality);
        const trial = { ...latents, ...found };
        if (before === undefined) {
          const rate = tf.fill(trial.cost.shape, FIRST_RATE) as tf.Tensor4D;
          best = { ...trial, rate };
        } else {
          best = tf.tidy(() => ({ ...keepCheaper(trial, before, isMove) }));
          tf.dispose([trial, { ...before }]);
        }
        onStep?.();
        await pauses.pause();
      }
      const { cost, change, hyperSlope, rate, ...latents } = best!;
      best = undefined;
      tf.dispose([cost, change, hyperSlope, rate]);
      return latents;
    } finally {
      tf.dispose([{ ...best }, { ...ofQuality }]);
    }
  }

  /** Frees the traced steps; nothing can be refined afterwards. */
  [Symbol.dispose](): void {
    this.#step.dispose();
    this.#tableBits.dispose();
  }
}

/** Fractions of the gradient that lead to the minimum, `[192]`. */
function fractions({ lambda, greyLevels }: RefineQuality): tf.Tensor {
  const images = Float32Array.from({ length: CHANNELS }, (_, channel) => {
    if (channel >= REFINED_CHANNELS) return 0;
    return 0.5 / (channel < MEDIUM_CHANNELS ? 1 + MEDIUM_SHARE : 1);
  });
  return tf.tensor1d(images).div(lambda.div(3).mul(greyLevels.square()));
}

/** A step from the best latents; `index` counts steps from 0. */
function move(
  { change, hyperSlope, rate, ...latents }: Best,
  index: number,
): RefineLatents {
  const rateOf = (x: tf.Tensor4D) => {
    if (index < WHOLE_MOVES) return enlarge(rate, x);
    const draws = randomUniform(x.shape, tf.tensor1d([index, 0], "int32"));
    return draws.less(0.5).toFloat().mul(HALF_RATE);
  };
  const ofHyper = rateOf(hyperSlope).mul(HYPER_RATE);
  return {
    y: latents.y.sub(change.mul(rateOf(change))) as tf.Tensor4D,
    hyper: latents.hyper.sub(hyperSlope.mul(ofHyper)) as tf.Tensor4D,
    sizes: latents.sizes.clone(),
    used: latents.used.clone(),
  };
}

/** Of each superblock, what costs less. */
function keepCheaper(trial: Trial, before: Best, isMove: boolean): Best {
  const isCheaper = trial.cost.less(before.cost).toFloat() as tf.Tensor4D;
  const pick = (name: keyof Trial) => {
    const mask = enlarge(isCheaper, trial[name]);
    const kept = before[name].mul(tf.sub(1, mask));
    return trial[name].mul(mask).add(kept) as tf.Tensor4D;
  };
  const factor = isMove ? isCheaper.mul(RISE - FALL).add(FALL) : tf.scalar(1);
  return {
    y: pick("y"),
    hyper: pick("hyper"),
    sizes: pick("sizes"),
    used: pick("used"),
    cost: pick("cost"),
    change: pick("change"),
    hyperSlope: pick("hyperSlope"),
    rate: before.rate.mul(factor) as tf.Tensor4D,
  };
}

/** Values of superblocks for all places of a larger tensor. */
function enlarge(values: tf.Tensor4D, { shape }: tf.Tensor4D): tf.Tensor4D {
  return tf.image.resizeNearestNeighbor(values, [shape[1], shape[2]]);
}

/**
 * What depends on the quality and the coarseness.
 *
 * @param loaded The model.
 * @param quality 1..100.
 * @param coarseness Place in `COARSENESS`.
 * @returns Tensors, to be disposed.
 */
export function refineQuality(
  { model }: LoadedModel,
  quality: number,
  coarseness: number,
): RefineQuality {
  const level = levelOf(quality);
  const { logSteps, greyLevels } = kindUnits(model, quality);
  const logs = Float32Array.from(logSteps, (log) => log / OCTAVE);
  return {
    lambda: tf.scalar(lambdaAt(level)),
    level: tf.scalar(level),
    coarseness: tf.scalar(coarseness / (COARSENESS.length - 1)),
    cells: tf.tensor1d([...COARSENESS[coarseness]!]),
    stepLogs: tf.tensor2d(logs, [CELL_KINDS, CHANNELS]),
    greyLevels: tf.scalar(greyLevels),
  };
}

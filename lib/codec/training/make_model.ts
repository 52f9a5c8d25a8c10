/**
 * From trained weights to the codec that is shipped: the networks that predict
 * probabilities come out in whole numbers.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  STEP_PARTS,
} from "@/codec/model/code_latents.ts";
import type { CodecModel, RealWeight } from "@/codec/model/codec_model.ts";
import {
  type CodecSettings,
  TWO_PASS_GROUPS,
} from "@/codec/model/codec_weights.ts";
import { CHANNELS, GROUP_SIZES } from "@/codec/model/colour_dct.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import {
  GREATEST_INPUT,
  greatestUnits,
  type IntegerWeights,
  quantiseLayer,
  type RealWeights,
} from "@/codec/model/integer_layer.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { type Layer, realLayer } from "@/codec/model/networks.ts";
import { type CodecBatch, codecPass } from "./objective.ts";

/** Trained weights, by name. */
export type TrainedWeights = ReadonlyMap<string, RealWeight>;

/** The greatest result of each channel of each layer. */
export type Activations = Map<string, Float32Array>;

/** Whether a weight belongs to what predicts probabilities. */
const isEntropyWeight = (name: string) =>
  /^(hyper_synthesis|group|hyper|gains)\b/.test(name);

/** Weights that are the transform's own, and not shipped. */
const FIXED = ["high_analysis", "high_pixels", "medium_pixels"];

/**
 * The greatest activations of the networks that predict probabilities.
 *
 * @param weights Trained ones.
 * @param batches Photos of several qualities.
 */
export function observeActivations(
  weights: (name: string) => tf.Tensor,
  batches: Iterable<CodecBatch>,
): Activations {
  const greatest: Activations = new Map();
  const real = realLayer(weights);
  const layer: Layer = (x, name, options) => {
    const result = real(x, name, options);
    const found = result.max([0, 1, 2]).dataSync();
    const before = greatest.get(name);
    greatest.set(
      name,
      Float32Array.from(found, (value, i) => Math.max(value, before?.[i] ?? 0)),
    );
    return result;
  };
  for (const batch of batches) {
    tf.tidy(() => void codecPass(batch, weights, undefined, layer));
  }
  return greatest;
}

/**
 * Makes a model with tables of normal distributions.
 *
 * @param settings Widths.
 * @param weights Trained ones.
 * @param activations From {@linkcode observeActivations}.
 */
export function makeModel(
  settings: CodecSettings,
  weights: TrainedWeights,
  activations: Activations,
): CodecModel {
  const real = new Map(
    [...weights].filter(([name]) =>
      !isEntropyWeight(name) && !FIXED.includes(name)
    ),
  );
  const norms = weights.get("norms")!.values;
  const rows = (
    name: string,
    width: number,
    value: (x: number, i: number) => number,
  ) => {
    const { values } = weights.get(name)!;
    return Array.from(
      { length: values.length / width },
      (_, row) =>
        Int16Array.from(
          { length: width },
          (_, i) => Math.round(value(values[row * width + i]!, i)),
        ),
    );
  };
  const hyper = settings.hyperChannels;
  return {
    settings,
    id: new Uint8Array(8),
    real,
    integer: integerLayers(settings, weights, activations),
    logSteps: rows(
      "gains",
      CHANNELS,
      (gain, i) => OCTAVE * (gain + Math.log2(norms[i]!)),
    ),
    hyperMeans: rows(
      "hyper/mean",
      hyper,
      (mean) => Math.round(mean * HYPER_UNIT) * (STEP_PARTS / HYPER_UNIT),
    )[0]!,
    hyperScales: rows("hyper/scale", hyper, (scale) => OCTAVE * scale),
    tables: gaussianTables(),
  };
}

function integerLayers(
  settings: CodecSettings,
  weights: TrainedWeights,
  activations: Activations,
): Map<string, IntegerWeights> {
  const layers = new Map<string, IntegerWeights>();
  const layerOf = (name: string): RealWeights => {
    const { shape, values } = weights.get(`${name}/filters`)!;
    return {
      shape: shape as [number, number, number, number],
      filters: values,
      bias: weights.get(`${name}/bias`)!.values,
    };
  };
  const add = (
    name: string,
    inputs: ArrayLike<number>,
    outputs: ArrayLike<number>,
  ) => {
    layers.set(name, quantiseLayer(layerOf(name), inputs, outputs));
  };
  /** Adds a layer whose results are inputs of others, and gives their units. */
  const addHidden = (
    name: string,
    inputs: ArrayLike<number>,
    channels?: number,
  ): Float64Array => {
    const most = greatestUnits(layerOf(name), inputs);
    const outputs = unitsOf(activations.get(name)!, most, channels);
    add(name, inputs, outputs);
    return outputs.subarray(0, channels);
  };
  const fill = (count: number, unit: number) => Array(count).fill(unit);

  const { hyperChannels, hyperWidth, featureChannels } = settings;
  const name = "hyper_synthesis";
  let known: ArrayLike<number> = [
    ...fill(hyperChannels, HYPER_UNIT),
    LEVEL_UNIT,
  ];
  known = addHidden(`${name}/0`, known);
  // Four neighbours come out of channels side by side and share a unit.
  known = addHidden(`${name}/1`, known, hyperWidth);
  known = addHidden(`${name}/2`, known);
  known = addHidden(`${name}/3`, known, featureChannels);

  let inputs = Array.from(known);
  GROUP_SIZES.forEach((size, group) => {
    const own = fill(size, LATENT_UNIT);
    const all = TWO_PASS_GROUPS.includes(group) ? [...inputs, ...own] : inputs;
    const hidden = `group/${group}`;
    const first = addHidden(`${hidden}/0`, all);
    const second = addHidden(`${hidden}/1`, first);
    add(`${hidden}/2`, second, [
      ...fill(size, MEAN_UNIT),
      ...fill(size, OCTAVE),
    ]);
    inputs = [...inputs, ...own];
  });
  return layers;
}

/**
 * The unit in which the greatest activation is the greatest input.
 *
 * @param greatest One a channel.
 * @param most What the weights allow, which is less where a channel is idle.
 * @param channels So many units, for channels that share them.
 */
function unitsOf(
  greatest: Float32Array,
  most: Float64Array,
  channels = greatest.length,
): Float64Array {
  const shared = new Float64Array(channels).fill(Infinity);
  greatest.forEach((value, i) => {
    const unit = GREATEST_INPUT / Math.max(value, LEAST_ACTIVATION);
    shared[i % channels] = Math.min(shared[i % channels]!, unit, most[i]!);
  });
  return Float64Array.from(greatest, (_, i) => shared[i % channels]!);
}

/** Activations that stay below it are as good as none. */
const LEAST_ACTIVATION = 1e-2;

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
} from "./code_latents.ts";
import type { CodecModel, RealWeight } from "./codec_model.ts";
import { type CodecSettings, TWO_PASS_GROUPS } from "./codec_weights.ts";
import { CHANNELS, GROUP_SIZES } from "./colour_dct.ts";
import { gaussianTables } from "./gaussian_tables.ts";
import {
  GREATEST_INPUT,
  type IntegerWeights,
  quantiseLayer,
} from "./integer_layer.ts";
import { OCTAVE } from "./log_steps.ts";
import { type Layer, realLayer } from "./networks.ts";
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
    hyperMeans: rows("hyper/mean", hyper, (mean) => STEP_PARTS * mean)[0]!,
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
  const add = (
    name: string,
    inputs: ArrayLike<number>,
    outputs: ArrayLike<number>,
  ) => {
    const { shape, values } = weights.get(`${name}/filters`)!;
    layers.set(
      name,
      quantiseLayer(
        {
          shape: shape as [number, number, number, number],
          filters: values,
          bias: weights.get(`${name}/bias`)!.values,
        },
        inputs,
        outputs,
      ),
    );
    return outputs;
  };
  const units = (name: string, channels?: number) =>
    unitsOf(activations.get(name)!, channels);
  const fill = (count: number, unit: number) => Array(count).fill(unit);

  const { hyperChannels, hyperWidth, featureChannels } = settings;
  const name = "hyper_synthesis";
  let known: ArrayLike<number> = [
    ...fill(hyperChannels, HYPER_UNIT),
    LEVEL_UNIT,
  ];
  known = add(`${name}/0`, known, units(`${name}/0`));
  // Four neighbours come out of channels side by side and share a unit.
  const double = units(`${name}/1`, hyperWidth);
  add(`${name}/1`, known, double);
  known = add(`${name}/2`, double.slice(0, hyperWidth), units(`${name}/2`));
  const features = units(`${name}/3`, featureChannels);
  add(`${name}/3`, known, features);

  let inputs = Array.from(features.slice(0, featureChannels));
  GROUP_SIZES.forEach((size, group) => {
    const own = fill(size, LATENT_UNIT);
    const all = TWO_PASS_GROUPS.includes(group) ? [...inputs, ...own] : inputs;
    const hidden = `group/${group}`;
    const first = add(`${hidden}/0`, all, units(`${hidden}/0`));
    const second = add(`${hidden}/1`, first, units(`${hidden}/1`));
    add(`${hidden}/2`, second, [
      ...fill(size, MEAN_UNIT),
      ...fill(size, OCTAVE),
    ]);
    inputs = [...inputs, ...own];
  });
  return layers;
}

/** The unit in which the greatest activation is the greatest input. */
function unitsOf(
  greatest: Float32Array,
  channels = greatest.length,
): Float64Array {
  const shared = new Float64Array(channels);
  greatest.forEach((value, i) => {
    shared[i % channels] = Math.max(shared[i % channels]!, value);
  });
  return Float64Array.from(
    greatest,
    (_, i) => GREATEST_INPUT / Math.max(shared[i % channels]!, 1e-2),
  );
}

/**
 * From trained weights to the codec that is published: the networks that predict
 * probabilities are converted to whole numbers.
 *
 * @module
 */

import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { MODEL_ID_BYTES } from "@/codec/format/header_fields.ts";
import {
  beforeInputs,
  CHANNEL_GROUPS,
  ownInputs,
} from "@/codec/model/channel_groups.ts";
import { CELL_PLANES, SQUARES } from "@/codec/transform/block_sizes.ts";
import type { CodecModel, RealWeight } from "@/codec/model/codec_model.ts";
import type { CodecSettings } from "@/codec/model/codec_settings.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { type IntegerWeights, MAX_INPUT } from "@/codec/model/integer_layer.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  SHARE_UNIT,
} from "@/codec/model/latent_units.ts";
import { COARSENESS_UNIT, PLANE_UNIT } from "@/codec/model/hyper_coder.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import { type Layer, realLayer } from "@/codec/model/networks.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { CodecBatch } from "./codec_batch.ts";
import { priorTables, SplitCounter } from "./fit_tables.ts";
import { codecPass } from "./objective.ts";
import {
  finestUnits,
  quantiseLayer,
  type RealLayerWeights,
} from "./quantise_layer.ts";

/** Trained weights by name. */
type TrainedWeights = ReadonlyMap<string, RealWeight>;

/** The maximum result of each channel of each layer, by the layer's name. */
export type Activations = Map<string, Float32Array>;

/** Channels whose activations stay below it count as idle. */
const MIN_ACTIVATION = 1e-2;

/** Whether a weight belongs to what predicts probabilities. */
const isEntropyWeight = (name: string) =>
  /^(hyper_synthesis|hyper_prior|before|group|kind_norms)\b/
    .test(name);

/** The transform's own weights, which are not published. */
const FIXED = ["high_pixels", "medium_pixels"];

/**
 * Observes activations.
 *
 * @param weights Trained weights by name.
 * @param batches Photos at several qualities.
 * @param pass Passes a batch through the networks; `codecPass` by default.
 * @returns The maximum result of each channel of each layer.
 */
export function observeActivations<Batch = CodecBatch>(
  weights: (name: string) => tf.Tensor,
  batches: Iterable<Batch>,
  pass: (batch: Batch, layer: Layer) => unknown = (batch, layer) =>
    codecPass(batch as CodecBatch, weights, undefined, layer),
): Activations {
  const peaks: Activations = new Map();
  const real = realLayer(weights);
  const layer: Layer = (x, name, options) => {
    const result = real(x, name, options);
    const found = result.max([0, 1, 2]).dataSync();
    const before = peaks.get(name);
    peaks.set(
      name,
      Float32Array.from(found, (value, i) => Math.max(value, before?.[i] ?? 0)),
    );
    return result;
  };
  for (const batch of batches) {
    tf.tidy(() => void pass(batch, layer));
  }
  return peaks;
}

/**
 * The model of trained weights, with tables of normal distributions and even
 * chances of splits. Weights for clips make a model of later frames, whose values
 * do not follow the trellis.
 *
 * @param settings Widths of the networks.
 * @param trained Trained weights by name; they are read.
 * @param activations The maximum result of each channel of each layer.
 * @returns The model, without an id.
 */
export function makeCodecModel(
  settings: CodecSettings,
  trained: ReadonlyMap<string, tf.Tensor>,
  activations: Activations,
): CodecModel {
  const weights: TrainedWeights = new Map(
    Array.from(trained, ([name, weight]) => [
      name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ]),
  );
  const real = new Map(
    [...weights].filter(([name]) =>
      !isEntropyWeight(name) && !FIXED.includes(name)
    ),
  );
  const rows = (name: string, value: (x: number) => number) => {
    const { values } = weights.get(name)!;
    return Array.from(
      { length: values.length / CHANNELS },
      (_, row) =>
        Int16Array.from(
          { length: CHANNELS },
          (_, i) => Math.round(value(values[row * CHANNELS + i]!)),
        ),
    );
  };
  return {
    settings,
    id: new Uint8Array(MODEL_ID_BYTES),
    real,
    integer: integerLayers(settings, weights, activations),
    logSteps: Int16Array.from(
      { length: 100 },
      (_, i) => Math.round(-OCTAVE * Math.log2(bestStep(lambdaAt(i / 99)))),
    ),
    kindNorms: rows("kind_norms", (norm) => OCTAVE * Math.log2(norm)),
    tables: new FrequencyTables(priorTables(!isForClips(weights))),
    splits: new SplitCounter(
      (isForClips(weights) ? 2 : 1) * settings.anchors,
    ).tables(),
  };
}

/** Whether weights are those of `clipWeights`. */
function isForClips(weights: TrainedWeights): boolean {
  return weights.has("before/0/filters");
}

function integerLayers(
  settings: CodecSettings,
  weights: TrainedWeights,
  activations: Activations,
): Map<string, IntegerWeights> {
  const { layers, add, addHidden } = layerMaker(weights, activations);
  const fill = (count: number, unit: number) => Array<number>(count).fill(unit);

  const { hyperChannels, hyperWidth, featureChannels } = settings;
  const prior = [
    ...fill(SQUARES.length, PLANE_UNIT),
    LEVEL_UNIT,
    COARSENESS_UNIT,
  ];
  const isLater = isForClips(weights);
  const before = isLater
    ? addHidden("before/0", fill(MEDIUM_CHANNELS, LATENT_UNIT))
    : [];
  const given = [
    ...prior,
    ...fill(hyperChannels, HYPER_UNIT),
    ...Array.from(before),
  ];
  add("hyper_prior/1", addHidden("hyper_prior/0", given), [
    ...fill(hyperChannels, HYPER_UNIT),
    ...fill(hyperChannels, OCTAVE),
  ]);
  const name = "hyper_synthesis";
  let known: ArrayLike<number> = [...fill(hyperChannels, HYPER_UNIT), ...prior];
  known = addHidden(`${name}/0`, known);
  // Four neighbours come out of channels side by side and share a unit.
  known = addHidden(`${name}/1`, known, hyperWidth);
  known = addHidden(`${name}/2`, known);
  known = addHidden(`${name}/3`, known, featureChannels);

  for (const group of CHANNEL_GROUPS) {
    const name = `group/${group.index}`;
    const latents = group.first + ownInputs(group) +
      (isLater ? beforeInputs(group) : 0);
    const inputs = [
      ...Array.from(known),
      ...fill(CELL_PLANES, PLANE_UNIT),
      ...fill(latents, LATENT_UNIT),
    ];
    const first = addHidden(`${name}/0`, inputs);
    const second = addHidden(`${name}/1`, first);
    add(`${name}/2`, second, [
      ...fill(group.size, MEAN_UNIT),
      ...fill(group.size, OCTAVE),
      ...fill(isLater ? group.size : 0, SHARE_UNIT),
    ]);
  }
  return layers;
}

/** Makes layers of whole numbers of trained ones. */
interface LayerMaker {
  /** The layers that were added, by name. */
  readonly layers: Map<string, IntegerWeights>;
  /**
   * Adds a layer.
   *
   * @param name Its name.
   * @param inputs Units of its inputs.
   * @param outputs Units of its results.
   */
  add(
    name: string,
    inputs: ArrayLike<number>,
    outputs: ArrayLike<number>,
  ): void;
  /**
   * Adds a layer whose results are inputs of others.
   *
   * @param name Its name.
   * @param inputs Units of its inputs.
   * @param channels The number of units, for channels that share them.
   * @returns Units of its results.
   */
  addHidden(
    name: string,
    inputs: ArrayLike<number>,
    channels?: number,
  ): Float64Array;
}

function layerMaker(
  weights: TrainedWeights,
  activations: Activations,
): LayerMaker {
  const layers = new Map<string, IntegerWeights>();
  const layerOf = (name: string): RealLayerWeights => {
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
  const addHidden = (
    name: string,
    inputs: ArrayLike<number>,
    channels?: number,
  ): Float64Array => {
    const limits = finestUnits(layerOf(name), inputs);
    const outputs = unitsOf(activations.get(name)!, limits, channels);
    add(name, inputs, outputs);
    return outputs.subarray(0, channels);
  };
  return { layers, add, addHidden };
}

/**
 * The units in which the maximum activation is the maximum input.
 *
 * @param peaks The maximum activation of each channel.
 * @param limits The units that the weights allow, which are lower for a channel
 * that is idle.
 * @param channels The number of units, for channels that share them.
 */
function unitsOf(
  peaks: Float32Array,
  limits: Float64Array,
  channels = peaks.length,
): Float64Array {
  const shared = new Float64Array(channels).fill(Infinity);
  peaks.forEach((value, i) => {
    const unit = MAX_INPUT / Math.max(value, MIN_ACTIVATION);
    shared[i % channels] = Math.min(shared[i % channels]!, unit, limits[i]!);
  });
  return Float64Array.from(peaks, (_, i) => shared[i % channels]!);
}

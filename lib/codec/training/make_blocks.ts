/**
 * Trained weights to a model that encodes and decodes: the networks that
 * predict probabilities become networks of whole numbers, and tables are fitted
 * to the values of photos.
 *
 * @module
 */

import {
  FREQUENCY_SUM,
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { MODEL_ID_BYTES } from "@/codec/format/header.ts";
import { CHANNEL_GROUPS, ownInputs } from "@/codec/model/channel_groups.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import type { IntegerWeights } from "@/codec/model/integer_layer.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  type ValueCoder,
} from "@/codec/model/latent_coder.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import { onePair } from "./codec_batch.ts";
import { ValueCounter } from "./fit_tables.ts";
import {
  type Activations,
  layerMaker,
  observeLayers,
  type TrainedWeights,
} from "./make_model.ts";
import type { Pairs } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunControls } from "@/training/mod.ts";
import { COARSENESS_UNIT, PLANE_UNIT } from "@/codec/model/hyper_coder.ts";
import { type BlockModel, loadBlocks } from "@/codec/model/block_model.ts";
import { BLOCK_CELLS, CELL_PLANES } from "@/codec/model/block_sizes.ts";
import { readBlocks, writeBlocks } from "@/codec/model/weights_file.ts";
import { visitBlocks } from "@/codec/encode/encode_blocks.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import {
  type BlockBatch,
  blockPass,
  withCoarseness,
} from "./block_objective.ts";
import type { BlockSettings } from "@/codec/model/block_settings.ts";
import { SPLIT_CONTEXTS } from "@/codec/model/size_map.ts";

/** The number of photos that activations and values are observed in. */
const OBSERVED_PHOTOS = 48;

/** Levels at which activations are observed. */
const OBSERVED_LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** Qualities at which values are counted. */
const COUNTED_QUALITIES = [1, 12, 21, 31, 41, 50, 60, 70, 80, 90, 100];

/** The weight of an even chance of splits, as a number of decisions. */
const SPLIT_PRIOR = 4;

/** The rate weight at which values are counted. */
const COUNTED_RATE_WEIGHT = 0.5;

/**
 * Makes the file of weights of a trained codec.
 *
 * @param settings Widths of the networks.
 * @param weights Trained weights by name.
 * @param pairs Photos that activations and values are observed in.
 * @param controls How to watch and to stop it.
 * @returns The file.
 * @throws {RangeError} If weights are too large for whole numbers.
 * @throws The signal's reason, once it is aborted.
 */
export async function makeBlocks(
  settings: BlockSettings,
  weights: ReadonlyMap<string, tf.Variable>,
  pairs: Pairs,
  { onProgress, signal }: RunControls = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const every = Math.max(1, Math.floor(pairs.count / OBSERVED_PHOTOS));
  const photos = Array.from(
    { length: Math.min(OBSERVED_PHOTOS, pairs.count) },
    (_, i) => i * every,
  );
  const activations = observeBlocks(
    (name) => weights.get(name)!,
    batches(pairs, photos, settings.anchors),
  );
  const values = new Map(
    Array.from(weights, ([name, weight]) => [
      name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ]),
  );
  const first = makeBlockModel(settings, values, activations);
  // Rounded, as the weights will be read.
  const model = readBlocks(await writeBlocks(first));
  const loaded = loadBlocks(model);
  const counter = new ValueCounter();
  const splits = new SplitCounter(settings.anchors);
  const coder: ValueCoder = {
    code: (tables, indices, values) => {
      const counts = new Map<FrequencyTables, ValueCoder>([
        [model.splits, splits],
        [model.tables, counter],
      ]).get(tables);
      counts?.code(tables, indices, values);
    },
  };
  try {
    const { highSize } = pairs;
    for (const [done, index] of photos.entries()) {
      const data = pairs.high(index);
      const photo = { width: highSize, height: highSize, data };
      for (const quality of COUNTED_QUALITIES) {
        // The finest first layer has only fine values.
        await visitBlocks(loaded, photo, {
          ...{ quality, coarseness: 0, signal },
          rateWeight: COUNTED_RATE_WEIGHT,
        }, coder);
      }
      onProgress?.({
        phase: "Counting the codec's values",
        done: done + 1,
        total: photos.length,
      });
    }
  } finally {
    loaded.dispose();
  }
  return await writeBlocks({
    ...model,
    tables: counter.tables(),
    splits: splits.tables(),
  });
}

/**
 * Observes activations.
 *
 * @param weights Trained weights by name.
 * @param batches Images at various qualities.
 * @returns The maximum result of each channel of each layer.
 */
export function observeBlocks(
  weights: (name: string) => tf.Tensor,
  batches: Iterable<BlockBatch>,
): Activations {
  return observeLayers(weights, batches, (batch, layer) => {
    blockPass(batch, weights, undefined, layer);
  });
}

function* batches(
  pairs: Pairs,
  photos: readonly number[],
  anchors: number,
): Generator<BlockBatch> {
  for (const [i, photo] of photos.entries()) {
    for (const level of OBSERVED_LEVELS) {
      const pair = onePair(pairs, photo, level, anchors);
      const batch = withCoarseness(pair, [i % COARSENESS.length]);
      yield batch;
      tf.dispose({ ...batch });
    }
  }
}

/** Whether a weight belongs to what predicts probabilities. */
const isEntropyWeight = (name: string) =>
  /^(hyper_synthesis|hyper_prior|group|kind_norms)\b/
    .test(name);

/** The transform's own weights, which are not published. */
const FIXED = ["high_pixels", "medium_pixels"];

/**
 * The model of trained weights, with tables of normal distributions and even
 * chances of splits.
 *
 * @param settings Widths of the networks.
 * @param weights Trained weights by name.
 * @param activations The maximum result of each channel of each layer.
 * @returns The model, without an id.
 */
export function makeBlockModel(
  settings: BlockSettings,
  weights: TrainedWeights,
  activations: Activations,
): BlockModel {
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
    tables: gaussianTables(),
    splits: new SplitCounter(settings.anchors).tables(),
  };
}

function integerLayers(
  settings: BlockSettings,
  weights: TrainedWeights,
  activations: Activations,
): Map<string, IntegerWeights> {
  const { layers, add, addHidden } = layerMaker(weights, activations);
  const fill = (count: number, unit: number) => Array<number>(count).fill(unit);

  const { hyperChannels, hyperWidth, featureChannels } = settings;
  const prior = [
    ...fill(BLOCK_CELLS.length, PLANE_UNIT),
    LEVEL_UNIT,
    COARSENESS_UNIT,
  ];
  add("hyper_prior/1", addHidden("hyper_prior/0", prior), [
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
    const latents = group.first + ownInputs(group);
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
    ]);
  }
  return layers;
}

/** Counts decisions to split. */
class SplitCounter implements ValueCoder {
  readonly #counts: Float64Array;

  constructor(anchors: number) {
    this.#counts = new Float64Array(2 * anchors * SPLIT_CONTEXTS)
      .fill(SPLIT_PRIOR / 2);
  }

  code(_: FrequencyTables, indices: Uint16Array, values: Int32Array): void {
    indices.forEach((table, i) => this.#counts[2 * table + values[i]!]!++);
  }

  /** For each table the values 0, -1 and 1; -1 and others never occur. */
  tables(): FrequencyTables {
    const tables: FrequencyTable[] = [];
    for (let at = 0; at < this.#counts.length; at += 2) {
      const [stays, splits] = this.#counts.subarray(at, at + 2);
      const share = splits! / (stays! + splits!);
      const free = FREQUENCY_SUM - 4;
      const split = 1 + Math.round(share * free);
      tables.push({
        centre: 0,
        frequencies: [FREQUENCY_SUM - 2 - split, 1, split, 1],
      });
    }
    return new FrequencyTables(tables);
  }
}

/**
 * Tables fitted to how often values occur, made once when a model is trained.
 * The numbers of the tables are then part of the model.
 *
 * J. Ballé, D. Minnen, S. Singh, S. J. Hwang and N. Johnston, "Variational
 * image compression with a scale hyperprior", 2018, appendix 6.1.
 *
 * @module
 */

import {
  FREQUENCY_SUM,
  type FrequencyTable,
  FrequencyTables,
  TABLE_LIMIT,
} from "@/codec/entropy/frequency_tables.ts";
import {
  centredTable,
  errorFunction,
  GAUSSIAN_SCALES,
  gaussianScale,
  gaussianTable,
} from "@/codec/entropy/gaussian_tables.ts";
import {
  FINE_STEP,
  multipleOf,
  TRELLIS_SCALE,
} from "@/codec/entropy/trellis.ts";
import type { CodecModel, LoadedModel } from "@/codec/model/codec_model.ts";
import { STEP_PARTS, type ValueCoder } from "@/codec/model/latent_units.ts";
import { DECISIONS, SPLIT_CONTEXTS } from "@/codec/model/size_map.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import { invalid } from "@/errors/invalid.ts";

/** Values beyond it, of either sign, are left to the escape. */
const REACH = 400;

/** The weight of the normal distribution, as a number of values. */
const PRIOR = 2000;

/** What squares are, from the centre of a table outwards. */
const SPLIT_VALUES: readonly number[] = [
  DECISIONS.one,
  DECISIONS.wide,
  DECISIONS.four,
  DECISIONS.tall,
];

/** The weight of an even chance, as a number of each decision. */
const SPLIT_PRIOR = 1;

/** Counts values instead of coding them. */
export class ValueCounter implements ValueCoder {
  /** For each table, how often -400..400 and all other values occurred. */
  readonly #counts: Float64Array[];
  readonly #priors: readonly FrequencyTable[];

  /**
   * Starts with no values counted.
   *
   * @param priors What tables are without values; by default those of normal
   * distributions.
   */
  constructor(priors: readonly FrequencyTable[] = priorTables(false)) {
    this.#priors = priors;
    this.#counts = priors.map(() => new Float64Array(2 * REACH + 2));
  }

  /**
   * Counts values.
   *
   * @param _ The tables, which do not matter.
   * @param indices The index of each value's table.
   * @param values The values.
   */
  code(_: FrequencyTables, indices: Uint16Array, values: Int32Array): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const place = Math.abs(value) > REACH ? 2 * REACH + 1 : value + REACH;
      this.#counts[indices[i]!]![place]!++;
    }
  }

  /**
   * Fits tables to the values that were counted.
   *
   * @returns One table per prior.
   */
  tables(): FrequencyTables {
    return new FrequencyTables(
      this.#counts.map((counts, i) => fitOne(counts, this.#priors[i]!)),
    );
  }
}

/** Counts what squares are instead of coding it. */
export class SplitCounter implements ValueCoder {
  readonly #counts: Float64Array[];

  /**
   * Starts with even chances.
   *
   * @param anchors The number of qualities that have tables of their own.
   */
  constructor(anchors: number) {
    this.#counts = Array.from(
      { length: anchors * SPLIT_CONTEXTS },
      () => new Float64Array(SPLIT_VALUES.length).fill(SPLIT_PRIOR),
    );
  }

  /**
   * Counts decisions.
   *
   * @param _ The tables, which do not matter.
   * @param indices The index of each decision's table.
   * @param values The decisions, of `DECISIONS`.
   */
  code(_: FrequencyTables, indices: Uint16Array, values: Int32Array): void {
    indices.forEach((table, i) =>
      this.#counts[table]![SPLIT_VALUES.indexOf(values[i]!)]!++
    );
  }

  /**
   * Fits tables to the decisions that were counted.
   *
   * @returns Tables of the values 0, -1, 1 and -2; others never occur.
   */
  tables(): FrequencyTables {
    return new FrequencyTables(this.#counts.map((counts) => {
      const sum = counts.reduce((a, b) => a + b);
      const free = FREQUENCY_SUM - SPLIT_VALUES.length - 1;
      const [first, ...others] = Array.from(
        counts,
        (count) => 1 + Math.floor(count / sum * free),
      );
      const rest = free + counts.length - first! -
        others.reduce((a, b) => a + b);
      return { centre: 0, frequencies: [first! + rest, ...others, 1] };
    }));
  }
}

/**
 * Tables for normal distributions of values.
 *
 * @param follow Whether large values follow the trellis.
 * @returns One table for each scale; then, for values that follow it, one for
 * each scale and quantiser 0, and for 1.
 */
export function priorTables(follow: boolean): FrequencyTable[] {
  const scales = Array.from({ length: GAUSSIAN_SCALES }, (_, scale) => scale);
  const paths = (state: number) =>
    scales.slice(TRELLIS_SCALE).map((scale) => {
      const width = gaussianScale(scale) * Math.SQRT2;
      // A value has all that is nearer to it than to its neighbours.
      return centredTable((size) => {
        const edge = multipleOf(size, state) + multipleOf(size + 1, state);
        return errorFunction(edge / 2 * FINE_STEP / STEP_PARTS / width);
      });
    });
  return [
    ...scales.map(gaussianTable),
    ...follow ? [...paths(0), ...paths(1)] : [],
  ];
}

/**
 * Codes values of images.
 *
 * @param loaded The model that codes them.
 * @param coder Counts them.
 */
export type ValueVisit = (
  loaded: LoadedModel,
  coder: ValueCoder,
) => Promise<void>;

/** How often images are visited if values follow the trellis. */
export const VISITS = 3;

/**
 * Writes a model with tables that are fitted to the values which it codes. Those
 * of values that follow the trellis are fitted to values that were chosen by such
 * tables.
 *
 * @param made The model, whose tables are not fitted.
 * @param load Loads it, rounded as the weights will be read.
 * @param visit Codes values of images by the coder that it is given.
 * @returns The file of weights.
 */
export async function writeFitted(
  made: CodecModel,
  load: (model: CodecModel) => LoadedModel,
  visit: ValueVisit,
): Promise<Uint8Array<ArrayBuffer>> {
  const written = readWeights(await writeWeights(made));
  const priors = frequenciesOf(written.tables);
  const splits = new SplitCounter(written.splits.count / SPLIT_CONTEXTS);
  const count = async (model: CodecModel, priors: FrequencyTable[]) => {
    const values = new ValueCounter(priors);
    await visitLoaded(load(model), visit, values, splits);
    return frequenciesOf(values.tables());
  };
  const byScale = priors.slice(0, GAUSSIAN_SCALES);
  let model = { ...written, tables: new FrequencyTables(byScale) };
  const scales = await count(model, byScale);
  const withPaths = (paths: FrequencyTable[]) => ({
    ...model,
    tables: new FrequencyTables([...scales, ...paths]),
    splits: splits.tables(),
  });
  model = withPaths(priors.slice(GAUSSIAN_SCALES));
  if (model.tables.count > GAUSSIAN_SCALES) {
    for (let visits = 1; visits < VISITS; visits++) {
      model = withPaths((await count(model, priors)).slice(GAUSSIAN_SCALES));
    }
  }
  return await writeWeights(model);
}

async function visitLoaded(
  loaded: LoadedModel,
  visit: ValueVisit,
  values: ValueCoder,
  splits: ValueCoder,
): Promise<void> {
  const { model } = loaded.clip ?? loaded;
  try {
    await visit(loaded, {
      code: (tables, ...part) => {
        if (tables === model.tables) values.code(tables, ...part);
        if (tables === model.splits) splits.code(tables, ...part);
      },
    });
  } finally {
    loaded.dispose();
  }
}

/** The frequencies of tables, one of each. */
function frequenciesOf(
  { count, centres, sizes, starts, cumulative }: FrequencyTables,
): FrequencyTable[] {
  return Array.from({ length: count }, (_, table) => ({
    centre: centres[table]!,
    frequencies: Array.from({ length: sizes[table]! + 1 }, (_, place) => {
      const at = starts[table]! + place;
      return cumulative[at + 1]! - cumulative[at]!;
    }),
  }));
}

function fitOne(counts: Float64Array, prior: FrequencyTable): FrequencyTable {
  const { frequencies } = prior;
  const size = frequencies.length - 1;
  const listed = (size - 1) / 2;
  const weights = Float64Array.from(frequencies, (frequency, place) => {
    const value = (place >>> 1) ^ -(place & 1);
    // Either sign is as likely.
    const found = place === size
      ? counts.at(-1)!
      : Math.abs(value) > REACH
      ? 0
      : (counts[REACH + value]! + counts[REACH - value]!) / 2;
    return found + PRIOR * frequency / FREQUENCY_SUM;
  });
  for (let value = listed + 1; value <= REACH; value++) {
    weights[size]! += counts[REACH + value]! + counts[REACH - value]!;
  }
  return { centre: 0, frequencies: apportion(weights, FREQUENCY_SUM) };
}

/**
 * Fits a table to counts or probabilities, centred on the most frequent value.
 *
 * @param first The value that the first weight belongs to.
 * @param weights Counts or probabilities of `first`, `first + 1`, …, all in the
 * same unit and none negative.
 * @param escape The weight of all other values.
 * @returns The table.
 * @throws {RangeError} If a weight is negative or not finite, none is
 * positive, or the table would list more than 4096 values.
 *
 * @example
 * ```ts
 * import { fitTable } from "./fit_tables.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { centre, frequencies } = fitTable(-1, [1, 2, 1]);
 * assertEquals(centre, 0);
 * assertEquals(Array.from(frequencies), [32767, 16384, 16384, 1]);
 * ```
 */
export function fitTable(
  first: number,
  weights: ArrayLike<number>,
  escape = 0,
): FrequencyTable {
  const centre = mostFrequent(weights);
  // The longer side decides the places on both sides of the centre.
  const reach = Math.max(centre, weights.length - 1 - centre);
  const size = 2 * reach + 1;
  if (size > TABLE_LIMIT) {
    throw invalid("The table's size", `at most ${TABLE_LIMIT}`, size);
  }
  const ordered = Float64Array.from({ length: size + 1 }, (_, place) => {
    if (place === size) return escape;
    return weights[centre + ((place >>> 1) ^ -(place & 1))] ?? 0;
  });
  return {
    centre: first + centre,
    frequencies: apportion(ordered, FREQUENCY_SUM),
  };
}

function mostFrequent(weights: ArrayLike<number>): number {
  let place = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! > weights[place]!) place = i;
  }
  return place;
}

/** Splits a sum by weight into whole numbers, none below 1. */
function apportion(weights: Float64Array, sum: number): Uint32Array {
  let total = 0;
  weights.forEach((weight, place) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw invalid(`weights[${place}]`, "a number from 0", weight);
    }
    total += weight;
  });
  if (total === 0) throw invalid("The sum of weights", "positive", 0);
  const spread = sum - weights.length;
  const shares = new Uint32Array(weights.length);
  let weight = 0, before = 0;
  for (let place = 0; place < weights.length; place++) {
    weight += weights[place]!;
    const upTo = place + 1 + Math.round(weight / total * spread);
    shares[place] = upTo - before;
    before = upTo;
  }
  return shares;
}

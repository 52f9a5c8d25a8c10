/**
 * A trained codec as it is shipped: real weights for what makes images, whole
 * numbers for what predicts probabilities.
 *
 * @module
 */

import type { Tensor } from "@tensorflow/tfjs";
import { tensor } from "@tensorflow/tfjs";
import type { CodecSettings } from "./codec_weights.ts";
import {
  analysisFilters,
  BLOCK,
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "./colour_dct.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  type IntegerTensors,
  integerTensors,
  type IntegerWeights,
} from "./integer_layer.ts";

/** A weight of real numbers. */
export interface RealWeight {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values, in the order of the shape. */
  readonly values: Float32Array;
}

/** What a codec consists of. */
export interface CodecModel {
  /** Widths of its networks. */
  readonly settings: CodecSettings;
  /** Tells models apart; 8 bytes. */
  readonly id: Uint8Array;
  /** Weights of real numbers, by name. */
  readonly real: ReadonlyMap<string, RealWeight>;
  /** Layers of whole numbers, by name. */
  readonly integer: ReadonlyMap<string, IntegerWeights>;
  /**
   * Steps in a standard deviation of each channel, as binary logarithms in
   * 1/48; one row of 192 an anchor.
   */
  readonly logSteps: readonly Int16Array[];
  /** Means of the hyper-latent's channels, in 1/16. */
  readonly hyperMeans: Int16Array;
  /** Their scales, as binary logarithms in 1/48; one row an anchor. */
  readonly hyperScales: readonly Int16Array[];
  /** Probabilities of values, one table a scale. */
  readonly tables: FrequencyTables;
}

/** A model's weights as tensors of the backend in use. */
export interface LoadedModel {
  /** Where they come from. */
  readonly model: CodecModel;
  /** A weight of real numbers. */
  real(name: string): Tensor;
  /** A layer of whole numbers. */
  integer(name: string): IntegerTensors;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Loads a model's weights into tensors.
 *
 * @throws {RangeError} By the functions of the result, when there is no weight
 * of a name.
 */
export function loadModel(model: CodecModel): LoadedModel {
  const make = (values: ArrayLike<number>, shape: readonly number[]) =>
    tensor(Float32Array.from(values), [...shape]);
  const real = new Map(
    Array.from(
      model.real,
      ([name, { values, shape }]) => [name, make(values, shape)] as const,
    ),
  );
  real.set(
    "high_analysis",
    make(analysisFilters(), [BLOCK, BLOCK, 3, CHANNELS]),
  );
  real.set("high_pixels", make(highFilters(), [1, 1, CHANNELS, CHANNELS]));
  real.set(
    "medium_pixels",
    make(mediumFilters(), [1, 1, MEDIUM_CHANNELS, MEDIUM_CHANNELS]),
  );
  const integer = new Map(
    Array.from(
      model.integer,
      ([name, weights]) => [name, integerTensors(weights)] as const,
    ),
  );
  return {
    model,
    real: (name) => found(real, name),
    integer: (name) => found(integer, name),
    dispose: () => {
      for (const weight of real.values()) weight.dispose();
      for (const layer of integer.values()) {
        for (const weight of Object.values(layer)) weight.dispose();
      }
    },
  };
}

function found<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) {
    throw new RangeError(`The model has no weight "${name}".`);
  }
  return value;
}

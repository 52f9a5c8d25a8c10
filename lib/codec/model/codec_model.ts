/**
 * A trained codec as it is published: the networks that make images have real
 * weights, those that predict probabilities have whole numbers.
 *
 * @module
 */

import type { Tensor } from "@tensorflow/tfjs";
import { tensor } from "@tensorflow/tfjs";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { BLOCK } from "@/codec/format/tiles.ts";
import {
  analysisFilters,
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "./colour_dct.ts";
import {
  type IntegerTensors,
  integerTensors,
  type IntegerWeights,
} from "./integer_layer.ts";

/** Widths of the codec's networks, in channels. */
export interface CodecSettings {
  /** Hidden layers of the analysis. */
  readonly analysisWidth: number;
  /** The hyper-latent. */
  readonly hyperChannels: number;
  /** Hidden layers of the hyper analysis and synthesis. */
  readonly hyperWidth: number;
  /** The features that the hyper synthesis makes for the entropy networks. */
  readonly featureChannels: number;
  /** Hidden layers of each group's entropy network. */
  readonly groupWidths: readonly number[];
  /** Hidden layers of the high synthesis at 1/8 of the size. */
  readonly synthesisWidth: number;
  /** Hidden layers of the high synthesis at 1/4 of the size. */
  readonly detailWidth: number;
  /** Hidden layers of the medium synthesis. */
  readonly mediumWidth: number;
  /**
   * The number of qualities that gains are learned for, at least 2; others are
   * interpolated.
   */
  readonly anchors: number;
}

/** A weight of real numbers. */
export interface RealWeight {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values, in the order of the shape. */
  readonly values: Float32Array;
}

/** The settings, weights and tables of a codec. */
export interface CodecModel {
  /** Widths of its networks. */
  readonly settings: CodecSettings;
  /** Identifies the model; 8 bytes. */
  readonly id: Uint8Array;
  /** Weights of real numbers, by name. */
  readonly real: ReadonlyMap<string, RealWeight>;
  /** Layers of whole numbers, by name. */
  readonly integer: ReadonlyMap<string, IntegerWeights>;
  /**
   * Steps per standard deviation of each channel, as binary logarithms in 1/48:
   * one row of 192 per anchor.
   */
  readonly logSteps: readonly Int16Array[];
  /** `[Z]`: means of the hyper-latent's channels, in 1/16. */
  readonly hyperMeans: Int16Array;
  /** Their scales, as binary logarithms in 1/48: one row per anchor. */
  readonly hyperScales: readonly Int16Array[];
  /** Probabilities of values: one table per scale. */
  readonly tables: FrequencyTables;
}

/** A model's weights as tensors of the backend in use. */
export interface LoadedModel {
  /** The model itself. */
  readonly model: CodecModel;
  /**
   * Returns a weight of real numbers.
   *
   * @param name Its name.
   * @throws {RangeError} If there is no such weight.
   */
  real(name: string): Tensor;
  /**
   * Returns a layer of whole numbers.
   *
   * @param name Its name.
   * @throws {RangeError} If there is no such layer.
   */
  integer(name: string): IntegerTensors;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Loads a model's weights into tensors.
 *
 * @param model The model.
 * @returns The tensors, until they are disposed.
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

/**
 * A trained codec as it is published: the networks that make images have real
 * weights, those that predict probabilities have whole numbers.
 *
 * @module
 */

import type { Tensor } from "@tensorflow/tfjs";
import { tensor } from "@tensorflow/tfjs";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { powerOf } from "@/codec/entropy/log_steps.ts";
import {
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "@/codec/transform/colour_dct.ts";
import {
  type IntegerTensors,
  integerTensors,
  type IntegerWeights,
} from "./integer_layer.ts";
import {
  type NestedTables,
  nestedTables,
} from "@/codec/entropy/nested_tables.ts";
import type { CodecSettings } from "./codec_settings.ts";

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
   * Steps per grey level for each quality, as binary logarithms in 1/48,
   * `[100]`.
   */
  readonly logSteps: Int16Array;
  /**
   * Grey levels in a unit of the latents, as binary logarithms in 1/48: 15
   * rows of 192.
   */
  readonly kindNorms: readonly Int16Array[];
  /** Probabilities of values: one table per scale. */
  readonly tables: FrequencyTables;
  /**
   * Probabilities of what squares are, for each anchor one table per context of
   * `SizeMap`.
   */
  readonly splits: FrequencyTables;
}

/** A model's weights as tensors of the backend in use. */
export interface LoadedModel {
  /** The model itself. */
  readonly model: CodecModel;
  /**
   * Returns tables of nested values, which are made when they are first needed.
   *
   * @param cells Fine cells in a coarse one; with 1 there are no such tables.
   */
  nested(cells: number): NestedTables | undefined;
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
  /**
   * The model of frames that are predicted from the one before, if it is
   * loaded.
   */
  readonly clip?: LoadedModel;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Loads a model's weights into tensors.
 *
 * @param model The model.
 * @param clip The model of frames that are predicted from the one before, for
 * clips.
 * @returns The tensors, until they are disposed.
 */
export function loadModel(model: CodecModel, clip?: CodecModel): LoadedModel {
  const further = clip && loadModel(clip);
  const make = (values: ArrayLike<number>, shape: readonly number[]) =>
    tensor(Float32Array.from(values), [...shape]);
  const real = new Map(
    Array.from(
      model.real,
      ([name, { values, shape }]) => [name, make(values, shape)] as const,
    ),
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
  const nested = new Map<number, NestedTables>();
  return {
    model,
    nested: (cells) => {
      if (cells > 1 && !nested.has(cells)) {
        nested.set(cells, nestedTables(model.tables, cells));
      }
      return nested.get(cells);
    },
    real: (name) => found(real, name),
    integer: (name) => found(integer, name),
    ...further && { clip: further },
    dispose: () => {
      further?.dispose();
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

/** The units of latents at a quality. */
export interface LatentUnits {
  /** Steps in a unit of the latents, as binary logarithms, `[15, 192]`. */
  readonly logSteps: Int32Array;
  /** Grey levels in a step. */
  readonly greyLevels: number;
}

/**
 * The units of latents.
 *
 * @param model The model.
 * @param quality 1..100.
 * @returns Units by kind of cell and channel.
 */
export function kindUnits(
  { logSteps, kindNorms }: CodecModel,
  quality: number,
): LatentUnits {
  const log = logSteps[quality - 1]!;
  const norms = kindNorms.flatMap((row) => Array.from(row));
  return {
    logSteps: Int32Array.from(norms, (norm) => log + norm),
    greyLevels: powerOf(-log),
  };
}

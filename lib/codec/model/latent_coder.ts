/**
 * Latents to values of the entropy coder and back. The encoder and the decoder
 * share this code, so that they cannot disagree.
 *
 *     hyper-latent ▶ features ▶ the walk over the groups of channels
 *
 * Every number on the way is whole; see `integer_layer.ts` and
 * `log_steps.ts`.
 *
 * @module
 */

import { tensor4d, tidy } from "@tensorflow/tfjs";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { atQuality, OCTAVE, powerOf } from "@/codec/entropy/log_steps.ts";
import { HYPER_BLOCKS, type Tile } from "@/codec/format/tiles.ts";
import {
  type Blocks,
  type ChannelGroup,
  ChannelGroups,
  type CodingPass,
} from "./channel_groups.ts";
import type { CodecModel, LoadedModel } from "./codec_model.ts";
import { CHANNELS } from "./colour_dct.ts";
import { integerLayer, MAX_INPUT } from "./integer_layer.ts";
import { hyperSynthesise, type Layer } from "./networks.ts";
import type { Pauses } from "./pauses.ts";

/** Latents are stored in this fraction of a step. */
export const STEP_PARTS = 16;

/** The whole number that stands for a standard deviation in latent inputs. */
export const LATENT_UNIT = 32;

/** The whole number that stands for 1 in the hyper-latent's inputs. */
export const HYPER_UNIT = 4;

/** The whole number that stands for 1 in the quality's input. */
export const LEVEL_UNIT = 99;

/** The whole number that stands for a standard deviation in predicted means. */
export const MEAN_UNIT = 256;

/** Tables per octave, as in `gaussian_tables.ts`. */
const TABLES_PER_OCTAVE = 6;

/** Maximum of a latent, of either sign, in 1/16 of a step. */
export const MAX_LATENT = 32767;

/** One half of the entropy coder: it consumes values or produces them. */
export interface ValueCoder {
  /**
   * Codes values, or fills them in.
   *
   * @param tables The tables of values.
   * @param indices The index of each value's table.
   * @param values As many values as indices.
   */
  code(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
  ): void;
}

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param difference The latent minus its predicted mean, in steps.
 * @param table Index of the table of its scale, which sets the values' costs.
 * @param channel Of the latent.
 * @returns A whole number of 32 bits.
 */
export type ValueChooser = (
  difference: number,
  table: number,
  channel: number,
) => number;

/**
 * Chooses the nearest value; see {@linkcode ValueChooser}.
 *
 * @param difference The latent minus its predicted mean, in steps.
 * @returns The nearest whole number; halves are rounded away from 0.
 */
export const nearestValue: ValueChooser = (difference) =>
  Math.sign(difference) * Math.floor(Math.abs(difference) + 0.5);

/** What the encoder wants to code. */
export interface WantedLatents {
  /** The hyper-latent, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: ArrayLike<number>;
  /** The latents in standard deviations, `[rows, columns, 192]`. */
  readonly latents: ArrayLike<number>;
  /** How values are chosen; to the nearest by default. */
  readonly choose?: ValueChooser;
}

/** Options of {@linkcode LatentCoder}. */
export interface LatentCoderOptions {
  /** The tile. */
  readonly tile: Tile;
  /** 1..100. */
  readonly quality: number;
  /** The channels that are stored: all, or those of the first layer. */
  readonly channels: number;
  /** The latents to encode; without it values are decoded. */
  readonly wanted?: WantedLatents;
  /** Made before each pass over a group of channels. */
  readonly pauses?: Pauses;
}

/** The latents of a tile while they are coded. */
export class LatentCoder {
  readonly #model: CodecModel;
  readonly #options: LatentCoderOptions;
  readonly #layer: Layer;
  readonly #logSteps: Int32Array;
  #groups: ChannelGroups | undefined;
  /** Latents that are known, in 1/16 of a step, `[rows, columns, channels]`. */
  readonly latents: Int16Array<ArrayBuffer>;

  /**
   * Starts with no latent known.
   *
   * @param loaded The model.
   * @param options What is coded.
   */
  constructor(loaded: LoadedModel, options: LatentCoderOptions) {
    const { tile, quality, channels } = options;
    this.#model = loaded.model;
    this.#options = options;
    this.#layer = integerLayer((name) => loaded.integer(name));
    this.#logSteps = atQuality(this.#model.logSteps, quality);
    this.latents = new Int16Array(tile.rows * tile.columns * channels);
  }

  /**
   * Codes a layer; the first one comes first and holds all that the medium
   * image needs.
   *
   * @param layer The layer.
   * @param coder Consumes or produces its values.
   */
  async code(layer: ChannelGroup["layer"], coder: ValueCoder): Promise<void> {
    this.#groups ??= this.#codeHyper(coder);
    await this.#groups.code(layer, async (pass) => {
      await this.#options.pauses?.pause();
      this.#codePass(pass, coder);
      await this.#options.pauses?.pause();
    });
  }

  /** Frees the tensors that were kept. */
  dispose(): void {
    this.#groups?.dispose();
  }

  #codeHyper(coder: ValueCoder): ChannelGroups {
    const { hyperMeans, hyperScales, tables } = this.#model;
    const { tile, quality, wanted } = this.#options;
    const channels = hyperMeans.length;
    const rows = tile.rows / HYPER_BLOCKS,
      columns = tile.columns / HYPER_BLOCKS;
    const length = rows * columns * channels;
    const tableOfChannel = atQuality(hyperScales, quality).map(tableOf);
    const indices = Uint16Array.from(
      { length },
      (_, i) => tableOfChannel[i % channels]!,
    );
    const values = Int32Array.from({ length }, (_, i) => {
      if (wanted === undefined) return 0;
      const mean = hyperMeans[i % channels]! / STEP_PARTS;
      return Math.round(wanted.hyper[i]! - mean);
    });
    coder.code(tables, indices, values);
    const inputs = Float32Array.from(values, (value, i) => {
      const whole = STEP_PARTS * value + hyperMeans[i % channels]!;
      const input = Math.floor(whole * HYPER_UNIT / STEP_PARTS + 0.5);
      return clip(input, MAX_INPUT);
    });
    const features = tidy(() => {
      const hyper = tensor4d(inputs, [1, rows, columns, channels]);
      const level = new Float32Array(rows * columns).fill(quality - 1);
      const plane = tensor4d(level, [1, rows, columns, 1]);
      return hyperSynthesise(hyper, plane, this.#layer);
    });
    return new ChannelGroups(features, this.#layer);
  }

  #codePass(
    { group, blocks, predicted, inputs }: CodingPass,
    coder: ValueCoder,
  ) {
    const { tables } = this.#model;
    const { tile, channels, wanted } = this.#options;
    const { first, size } = group;
    const logs = this.#logSteps.subarray(first, first + size);
    const perLog = (unit: (log: number) => number) =>
      Float64Array.from(logs, unit);
    const steps = perLog(powerOf);
    const meanUnits = perLog((log) => powerOf(log) * STEP_PARTS / MEAN_UNIT);
    const inputUnits = perLog((log) =>
      powerOf(-log) * LATENT_UNIT / STEP_PARTS
    );
    const { coded, others } = cutBlocks(tile, blocks);
    const places = [...coded, ...others];
    const means = new Int32Array(places.length * size);
    const indices = new Uint16Array(coded.length * size);
    const values = new Int32Array(coded.length * size);
    const choose = wanted?.choose ?? nearestValue;
    for (let i = 0, at = 0; i < places.length; i++) {
      const block = places[i]!;
      for (let c = 0; c < size; c++, at++) {
        const place = block * 2 * size + c;
        const mean = Math.floor(predicted[place]! * meanUnits[c]! + 0.5);
        means[at] = mean;
        if (i >= coded.length) continue;
        const table = tableOf(predicted[place + size]! + logs[c]!);
        indices[at] = table;
        if (wanted === undefined) continue;
        const latent = wanted.latents[block * CHANNELS + first + c]! *
          steps[c]!;
        values[at] = choose(latent - mean / STEP_PARTS, table, first + c);
      }
    }
    coder.code(tables, indices, values);
    for (let i = 0, at = 0; i < places.length; i++) {
      const block = places[i]!;
      for (let c = 0; c < size; c++, at++) {
        const value = i < coded.length ? values[at]! : 0;
        const whole = STEP_PARTS * value + means[at]!;
        const latent = clip(whole, MAX_LATENT);
        this.latents[block * channels + first + c] = latent;
        const input = Math.floor(latent * inputUnits[c]! + 0.5);
        inputs[block * size + c] = clip(input, MAX_INPUT);
      }
    }
  }
}

/** The blocks of a pass, row by row: those that are coded, and the others. */
function cutBlocks(
  { rows, columns, usedRows, usedColumns }: Tile,
  blocks: Blocks,
): { coded: number[]; others: number[] } {
  const coded: number[] = [], others: number[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const which = (y + x) % 2 === 0 ? "even" : "odd";
      if (blocks !== "all" && blocks !== which) continue;
      const isUsed = y < usedRows && x < usedColumns;
      (isUsed ? coded : others).push(y * columns + x);
    }
  }
  return { coded, others };
}

/**
 * The table of a scale.
 *
 * @param log Its binary logarithm in 1/48, in steps.
 * @returns The index of the table.
 */
export function tableOf(log: number): number {
  const sixths = Math.floor((log + 4) / (OCTAVE / TABLES_PER_OCTAVE));
  return Math.max(0, Math.min(GAUSSIAN_SCALES - 1, sixths + UNIT_SCALE));
}

/**
 * Clips a number.
 *
 * @param value The number.
 * @param limit Its maximum, of either sign.
 */
export function clip(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/**
 * The factors that turn stored latents into standard deviations.
 *
 * @param model The model.
 * @param quality 1..100.
 * @returns One factor per channel.
 */
export function latentUnits(
  { logSteps }: CodecModel,
  quality: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    atQuality(logSteps, quality),
    (log) => powerOf(-log) / STEP_PARTS,
  );
}

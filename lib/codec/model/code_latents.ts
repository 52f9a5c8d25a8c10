/**
 * Latents to values of the entropy coder and back: one walk that the encoder
 * and the decoder both take, so that they cannot part.
 *
 *     hyper-latent ▶ features ─┬─▶ group 0, first blocks ▶ group 0, the others
 *                              └─▶ group 1 … with all that is known before
 *
 * Every number on the way is whole; see `integer_layer.ts` and
 * `log_steps.ts`.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { concat, tensor4d, tidy } from "@tensorflow/tfjs";
import type { CodecModel, LoadedModel } from "./codec_model.ts";
import {
  nearestValue,
  type ValueChooser,
} from "@/codec/encode/choose_value.ts";
import { TWO_PASS_GROUPS } from "./codec_weights.ts";
import {
  CHANNELS,
  GROUP_SIZES,
  MEDIUM_CHANNELS,
  MEDIUM_GROUPS,
} from "./colour_dct.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { GREATEST_INPUT, integerLayer } from "./integer_layer.ts";
import { atQuality, OCTAVE, powerOf } from "@/codec/entropy/log_steps.ts";
import { hyperSynthesise, type Layer, predictGroup } from "./networks.ts";
import type { Tile } from "@/codec/format/tiles.ts";

/** Latents are kept in these parts of a step. */
export const STEP_PARTS = 16;

/** What stands for a standard deviation where latents are inputs. */
export const LATENT_UNIT = 32;

/** What stands for 1 where the hyper-latent is an input. */
export const HYPER_UNIT = 4;

/** What stands for 1 where the quality is an input. */
export const LEVEL_UNIT = 99;

/** What stands for a standard deviation in predicted means. */
export const MEAN_UNIT = 256;

/** Tables an octave, as in `gaussian_tables.ts`. */
const TABLES_AN_OCTAVE = 6;

/** Latents stay within it, of either sign, in parts of a step. */
const GREATEST_LATENT = 32767;

/** Takes or gives values: one half of the entropy coder. */
export interface ValueCoder {
  /**
   * Codes values, or fills them in.
   *
   * @param indices The table of each.
   * @param values As many.
   */
  code(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
  ): void;
}

/** What the encoder wants to code. */
export interface WantedLatents {
  /** The hyper-latent, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: ArrayLike<number>;
  /** The latents in standard deviations, `[rows, columns, 192]`. */
  readonly latents: ArrayLike<number>;
  /** How values are chosen; to the nearest by default. */
  readonly choose?: ValueChooser;
}

/**
 * The table of a scale.
 *
 * @param log Binary logarithm of the scale in steps, in 1/48.
 */
export function tableOf(log: number): number {
  const sixths = Math.floor((log + 4) / (OCTAVE / TABLES_AN_OCTAVE));
  return Math.max(0, Math.min(GAUSSIAN_SCALES - 1, sixths + UNIT_SCALE));
}

/**
 * What makes latents standard deviations: one factor a channel.
 *
 * @param quality 1..100.
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

/** The latents of a tile while they are coded. */
export class LatentCoder {
  readonly #loaded: LoadedModel;
  readonly #model: CodecModel;
  readonly #tile: Tile;
  readonly #quality: number;
  readonly #wanted: WantedLatents | undefined;
  readonly #layer: Layer;
  readonly #logSteps: Int32Array;
  #features: Tensor4D | undefined;
  readonly #known: Tensor4D[] = [];
  /**
   * Those that are known, in 1/16 of a step, `[rows, columns, channels]`.
   */
  readonly latents: Int16Array<ArrayBuffer>;
  readonly #channels: number;

  /**
   * Starts with nothing known.
   *
   * @param loaded The model.
   * @param quality 1..100.
   * @param tile Its size.
   * @param channels Of both layers, or of the first one alone.
   * @param wanted What is coded; without it values are read.
   */
  constructor(
    loaded: LoadedModel,
    quality: number,
    tile: Tile,
    channels: typeof CHANNELS | typeof MEDIUM_CHANNELS,
    wanted?: WantedLatents,
  ) {
    this.#loaded = loaded;
    this.#model = loaded.model;
    this.#quality = quality;
    this.#tile = tile;
    this.#wanted = wanted;
    this.#layer = integerLayer((name) => loaded.integer(name));
    this.#logSteps = atQuality(this.#model.logSteps, quality);
    this.#channels = channels;
    this.latents = new Int16Array(tile.rows * tile.columns * channels);
  }

  /** Codes the first layer: all that the medium image needs. */
  async codeFirst(coder: ValueCoder): Promise<void> {
    this.#features = this.#codeHyper(coder);
    for (let group = 0; group < MEDIUM_GROUPS; group++) {
      await this.#codeGroup(group, coder);
    }
  }

  /** Codes the second layer, after the first. */
  async codeSecond(coder: ValueCoder): Promise<void> {
    for (let group = MEDIUM_GROUPS; group < GROUP_SIZES.length; group++) {
      await this.#codeGroup(group, coder);
    }
  }

  /** Frees what was kept. */
  dispose(): void {
    this.#features?.dispose();
    for (const known of this.#known) known.dispose();
  }

  #codeHyper(coder: ValueCoder): Tensor4D {
    const { hyperMeans, hyperScales, tables } = this.#model;
    const channels = hyperMeans.length;
    const [rows, columns] = [this.#tile.rows / 4, this.#tile.columns / 4];
    const ofChannel = atQuality(hyperScales, this.#quality).map(tableOf);
    const count = rows * columns * channels;
    const indices = Uint16Array.from(
      { length: count },
      (_, i) => ofChannel[i % channels]!,
    );
    const wanted = this.#wanted?.hyper;
    const values = Int32Array.from({ length: count }, (_, i) => {
      if (wanted === undefined) return 0;
      return Math.round(wanted[i]! - hyperMeans[i % channels]! / STEP_PARTS);
    });
    coder.code(tables, indices, values);
    const inputs = Float32Array.from(values, (value, i) => {
      const whole = STEP_PARTS * value + hyperMeans[i % channels]!;
      return clip(Math.floor(whole * HYPER_UNIT / STEP_PARTS + 0.5));
    });
    return tidy(() => {
      const hyper = tensor4d(inputs, [1, rows, columns, channels]);
      const level = new Float32Array(rows * columns).fill(this.#quality - 1);
      const plane = tensor4d(level, [1, rows, columns, 1]);
      return hyperSynthesise(hyper, plane, this.#layer);
    });
  }

  async #codeGroup(group: number, coder: ValueCoder): Promise<void> {
    const { rows, columns } = this.#tile;
    const size = GROUP_SIZES[group]!;
    const own = new Float32Array(rows * columns * size);
    const shape: [number, number, number, number] = [1, rows, columns, size];
    const passes = TWO_PASS_GROUPS.includes(group) ? [0, 1] : [undefined];
    for (const parity of passes) {
      const predicted = tidy(() => {
        const more = parity === undefined ? [] : [tensor4d(own, shape)];
        const known = [this.#features!, ...this.#known, ...more];
        return predictGroup(group, concat(known, 3) as Tensor4D, this.#layer);
      });
      const numbers = await predicted.data();
      predicted.dispose();
      this.#codePass(group, parity, numbers, own, coder);
    }
    this.#known.push(tensor4d(own, shape));
  }

  /** Codes the blocks of one parity, or all. */
  #codePass(
    group: number,
    parity: number | undefined,
    predicted: ArrayLike<number>,
    own: Float32Array,
    coder: ValueCoder,
  ): void {
    const size = GROUP_SIZES[group]!;
    const first = GROUP_SIZES.slice(0, group).reduce((sum, n) => sum + n, 0);
    const logs = this.#logSteps.subarray(first, first + size);
    const meanScale = Float64Array.from(
      logs,
      (log) => powerOf(log) * STEP_PARTS / MEAN_UNIT,
    );
    const unit = Float64Array.from(
      logs,
      (log) => powerOf(-log) * LATENT_UNIT / STEP_PARTS,
    );
    const steps = Float64Array.from(logs, powerOf);
    const blocks = this.#blocks(parity);
    const means = new Int32Array(blocks.length * size);
    const coded = this.#coded(blocks);
    const indices = new Uint16Array(coded * size);
    const values = new Int32Array(coded * size);
    const wanted = this.#wanted?.latents;
    const choose = this.#wanted?.choose ?? nearestValue;
    for (let i = 0, at = 0; i < blocks.length; i++) {
      const block = blocks[i]!;
      for (let c = 0; c < size; c++, at++) {
        const place = block * 2 * size + c;
        const mean = Math.floor(predicted[place]! * meanScale[c]! + 0.5);
        means[at] = mean;
        if (i >= coded) continue;
        const table = tableOf(predicted[place + size]! + logs[c]!);
        indices[at] = table;
        if (wanted === undefined) continue;
        const latent = wanted[block * CHANNELS + first + c]! * steps[c]!;
        values[at] = choose(latent - mean / STEP_PARTS, table, first + c);
      }
    }
    coder.code(this.#model.tables, indices, values);
    for (let i = 0, at = 0; i < blocks.length; i++) {
      const block = blocks[i]!;
      for (let c = 0; c < size; c++, at++) {
        const value = i < coded ? values[at]! : 0;
        const latent = bounded(STEP_PARTS * value + means[at]!);
        this.latents[block * this.#channels + first + c] = latent;
        own[block * size + c] = clip(Math.floor(latent * unit[c]! + 0.5));
      }
    }
  }

  /** Blocks of a parity, or all: those that are coded, then the others. */
  #blocks(parity: number | undefined): Uint32Array {
    const { rows, columns, usedRows, usedColumns } = this.#tile;
    const [coded, others]: [number[], number[]] = [[], []];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        if (parity !== undefined && (y + x) % 2 !== parity) continue;
        const isUsed = y < usedRows && x < usedColumns;
        (isUsed ? coded : others).push(y * columns + x);
      }
    }
    return Uint32Array.from([...coded, ...others]);
  }

  #coded(blocks: Uint32Array): number {
    const { columns, usedRows, usedColumns } = this.#tile;
    return blocks.filter((block) =>
      Math.floor(block / columns) < usedRows && block % columns < usedColumns
    ).length;
  }
}

function clip(value: number): number {
  return Math.max(-GREATEST_INPUT, Math.min(GREATEST_INPUT, value));
}

function bounded(value: number): number {
  return Math.max(-GREATEST_LATENT, Math.min(GREATEST_LATENT, value));
}

/**
 * The units of latents as whole numbers, and how they become values of the
 * entropy coder.
 *
 * @module
 */

import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";

/** Latents are stored in this fraction of a step. */
export const STEP_PARTS = 16;

/** The whole number that stands for a norm in latent inputs. */
export const LATENT_UNIT = 32;

/** The whole number that stands for 1 in the hyper-latent's inputs. */
export const HYPER_UNIT = 4;

/** The whole number that stands for 1 in the quality's input. */
export const LEVEL_UNIT = 99;

/** The whole number that stands for a norm in predicted means. */
export const MEAN_UNIT = 256;

/** The whole number that stands for 1 in shares of the frame before. */
export const SHARE_UNIT = 256;

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
   * @param tableOf For values that are filled in: gives the index of a value's
   * table, once the values before it are known; by default it is in `indices`.
   */
  code(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
    tableOf?: (i: number) => number,
  ): void;
}

/**
 * Codes one value.
 *
 * @param coder Consumes or produces it.
 * @param tables The tables of values.
 * @param index The index of its table.
 * @param wanted The value to encode.
 * @returns The value.
 */
export function codeOne(
  coder: ValueCoder,
  tables: FrequencyTables,
  index: number,
  wanted: number,
): number {
  const values = Int32Array.of(wanted);
  coder.code(tables, Uint16Array.of(index), values);
  return values[0]!;
}

/**
 * The nearest value.
 *
 * @param difference The latent minus its predicted mean, in steps.
 * @returns The nearest whole number; halves are rounded away from 0.
 */
export function nearestValue(difference: number): number {
  return Math.sign(difference) * Math.floor(Math.abs(difference) + 0.5);
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
  return value > limit ? limit : value < -limit ? -limit : value;
}

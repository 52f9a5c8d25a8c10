/**
 * Trellis-coded quantisation: values of large scales are multiples of a fine
 * step, of which the next value may only take some. Two quantisers, twice as
 * coarse, share the multiples:
 *
 *     multiples    -5 -4 -3 -2 -1  0  1  2  3  4  5
 *     quantiser 0     -2    -1     0     1     2
 *     quantiser 1  -3    -2    -1  0  1     2     3
 *
 * Which one a value has follows from all earlier values, by a state that their
 * parities drive. An encoder that looks for the best path through the states
 * gets the error of a fine quantiser for about the bits of a coarse one.
 *
 * The state is that of a convolutional code: G. Ungerboeck, "Channel Coding with
 * Multilevel/Phase Signals", 1982, table I. Quantisers with entropy coding: T.
 * Fischer and M. Wang, "Entropy-Constrained Trellis-Coded Quantization", 1992;
 * with a 0 in both: H. Schwarz et al., "Hybrid Video Coding with Trellis-Coded
 * Quantization", 2019.
 *
 * @module
 */
import { GAUSSIAN_SCALES } from "./gaussian_tables.ts";

/** The number of states. */
export const STATES = 128;

/** The code's parity checks, without their first bits: octal 235 and 126. */
const [FEEDBACK, FORWARD] = [0o235 >> 1, 0o126 >> 1];

/** The first scale whose values follow the trellis. */
export const TRELLIS_SCALE = 3;

/** Scales whose values follow the trellis. */
export const TRELLIS_SCALES: number = GAUSSIAN_SCALES - TRELLIS_SCALE;

/** The fine step, in 1/16 of a step. */
export const FINE_STEP = 13;

/** Maximum of a value that follows the trellis, of either sign. */
export const MAX_PATH_VALUE = 4095;

/**
 * The state after a value.
 *
 * @param state The state before it, within 0..127. An even state means quantiser
 * 0, an odd one quantiser 1.
 * @param value The value.
 * @returns The next state.
 */
export function nextState(state: number, value: number): number {
  return (state >> 1) ^ (state & 1 ? FEEDBACK : 0) ^ (value & 1 ? FORWARD : 0);
}

/**
 * The multiple of the fine step that a value stands for.
 *
 * @param value The value.
 * @param state The state before it.
 * @returns A whole number.
 */
export function multipleOf(value: number, state: number): number {
  return 2 * value - (state & 1) * Math.sign(value);
}

/**
 * The value that stands for a multiple, whichever quantiser has it.
 *
 * @param multiple The multiple of the fine step.
 * @returns The value.
 */
export function valueOf(multiple: number): number {
  return Math.sign(multiple) * ((Math.abs(multiple) + 1) >> 1) + 0;
}

/**
 * The table of a value that follows the trellis, after those of all scales.
 *
 * @param scale The scale, from {@linkcode TRELLIS_SCALE} on.
 * @param state The state before the value.
 * @returns The index of the table.
 */
export function trellisTable(scale: number, state: number): number {
  return GAUSSIAN_SCALES + TRELLIS_SCALES * (state & 1) + scale - TRELLIS_SCALE;
}

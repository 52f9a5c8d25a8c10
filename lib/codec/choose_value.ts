/**
 * The encoder's choice of whole numbers. The decoder follows any.
 *
 * @module
 */

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param latent What is wanted, in steps.
 * @param mean What is predicted, in steps.
 * @param table Of its scale, which says what each value costs.
 * @returns A whole number of 32 bits.
 */
export type ValueChooser = (
  latent: number,
  mean: number,
  table: number,
) => number;

/**
 * Rounds to the nearest value, or to the next nearer to 0. A value of 0 is
 * cheap, so that a dead zone saves more bits than it costs in errors.
 *
 * G. Sullivan, "Efficient Scalar Quantization of Exponential and Laplacian
 * Random Variables", 1996.
 *
 * @param deadZone Added to the half from which a value is 1, in 0..0.5.
 *
 * @example
 * ```ts
 * import { roundValues } from "@/codec/choose_value.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(roundValues()(3.7, 3, 21), 1);
 * assertEquals(roundValues(0.25)(3.7, 3, 21), 0);
 * ```
 */
export function roundValues(deadZone = 0): ValueChooser {
  if (!(deadZone >= 0 && deadZone <= 0.5)) {
    throw new RangeError(
      `A dead zone must be within 0..0.5, but it is ${deadZone}.`,
    );
  }
  return (latent, mean) => {
    const difference = latent - mean;
    const size = Math.floor(Math.abs(difference) + 0.5 - deadZone);
    return difference < 0 ? -size : size;
  };
}

/**
 * The form of all errors about an argument, an option or a setting.
 *
 * @module
 */

/**
 * Makes an error that says what is wrong, what is allowed and what was given.
 *
 * @param name The parameter, option or field, as its user writes it.
 * @param expected What is allowed, to follow "must be", with units.
 * @param given The offending value.
 * @returns An error to throw.
 *
 * @example
 * ```ts
 * import { invalid } from "@/errors/invalid.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   invalid("bitsPerPixel", "positive", 0).message,
 *   "bitsPerPixel must be positive, got 0.",
 * );
 * assertEquals(
 *   invalid("--format", "png, webp or jpeg", "gif").message,
 *   '--format must be png, webp or jpeg, got "gif".',
 * );
 * ```
 */
export function invalid(
  name: string,
  expected: string,
  given: unknown,
): RangeError {
  return new RangeError(`${name} must be ${expected}, got ${inWords(given)}.`);
}

/**
 * Checks an argument that must be a whole number.
 *
 * @param name The parameter, option or field, as its user writes it.
 * @param value Its value.
 * @param min The smallest that is allowed.
 * @param max The largest that is allowed.
 * @throws {RangeError} If it is not a whole number within these limits.
 */
export function requireWhole(
  name: string,
  value: number,
  min = -Infinity,
  max = Infinity,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const range = max < Infinity
    ? ` from ${min} to ${max}`
    : min > -Infinity
    ? ` of at least ${min}`
    : "";
  throw invalid(name, `a whole number${range}`, value);
}

/** Strings and lists as JSON, all else as JavaScript prints it. */
function inWords(value: unknown): string {
  const isText = typeof value === "string" || Array.isArray(value);
  return isText ? JSON.stringify(value) : String(value);
}

/**
 * How figures write numbers.
 *
 * @module
 */

/**
 * Writes a number with commas between thousands and a minus sign, which zero
 * never has.
 *
 * @param value Any finite number.
 * @param digits Digits after the decimal point; as few as it needs by default.
 * @returns Such as `14,856` or `−0.20`.
 */
export function numberText(value: number, digits?: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: digits ?? 20,
    signDisplay: "negative",
  }).replace("-", "−");
}

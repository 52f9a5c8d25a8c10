/**
 * Tone curves of ICC profiles.
 *
 * @see ICC.1:2022, sections 10.6 and 10.18
 * @module
 */

/** Gives linear values for encoded ones, both 0..1. */
export type ToneCurve = (value: number) => number;

/**
 * Reads a curve: a table, an exponent or a formula.
 *
 * @param view The profile.
 * @param at Where the curve begins.
 * @returns The curve; undefined if there is none, or one of another kind.
 */
export function readCurve(
  view: DataView,
  at: number | undefined,
): ToneCurve | undefined {
  if (at === undefined) return undefined;
  const type = view.getUint32(at);
  const count = view.getUint32(at + 8);
  if (type === 0x63757276) { // "curv"
    if (count === 0) return (value) => value;
    const numbers = Array.from(
      { length: count },
      (_, i) => view.getUint16(at + 12 + 2 * i),
    );
    if (count === 1) return (value) => value ** (numbers[0]! / 256);
    return tabulated(numbers.map((number) => number / 65535));
  }
  if (type !== 0x70617261) return undefined; // "para"
  const kind = view.getUint16(at + 8);
  const length = [1, 3, 4, 5, 7][kind];
  if (length === undefined) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
    { length },
    (_, i) => view.getInt32(at + 12 + 4 * i) / 65536,
  );
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  if (kind === 0) return power;
  if (kind === 1) return (value) => value >= -b / a ? power(value) : 0;
  if (kind === 2) return (value) => value >= -b / a ? power(value) + c : c;
  return (value) => value >= d ? power(value) + e : c * value + f;
}

/**
 * Interpolates between values in equal steps.
 *
 * @param values At least two, the first for 0 and the last for 1.
 * @returns The curve; what is beyond 0 and 1 is clipped.
 */
export function tabulated(values: ArrayLike<number>): ToneCurve {
  const last = values.length - 1;
  return (value) => {
    const place = last * Math.min(1, Math.max(0, value));
    const left = Math.min(last - 1, Math.floor(place));
    const [low, high] = [values[left]!, values[left + 1]!];
    return low + (high - low) * (place - left);
  };
}

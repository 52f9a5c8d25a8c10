/**
 * Piecewise cubic curves through given points that never overshoot (PCHIP), and
 * their exact integrals.
 *
 * F. N. Fritsch and J. Butland, "A Method for Constructing Local Monotone
 * Piecewise Cubic Interpolants", 1984. End conditions are those of SciPy, which
 * the field's scripts use.
 *
 * @module
 */

/** A curve through `(x[i], y[i])` with slope `slope[i]` there. */
export interface Cubic {
  /** Places of the points, strictly rising. */
  readonly x: readonly number[];
  /** Values at the points. */
  readonly y: readonly number[];
  /** Derivatives at the points. */
  readonly slope: readonly number[];
}

/**
 * Puts a curve through points.
 *
 * @param x Places of the points, at least two, strictly rising.
 * @param y Values at the points.
 * @returns The curve.
 */
export function pchip(x: readonly number[], y: readonly number[]): Cubic {
  const steps = x.slice(1).map((right, i) => right - x[i]!);
  const chords = steps.map((step, i) => (y[i + 1]! - y[i]!) / step);
  const slope = chords.length === 1
    ? [chords[0]!, chords[0]!]
    : slopesOf(steps, chords);
  return { x, y, slope };
}

function slopesOf(
  steps: readonly number[],
  chords: readonly number[],
): number[] {
  const last = chords.length - 1;
  const slopes = [endSlope(steps[0]!, steps[1]!, chords[0]!, chords[1]!)];
  for (let i = 1; i <= last; i++) {
    const left = chords[i - 1]!, right = chords[i]!;
    const w1 = 2 * steps[i]! + steps[i - 1]!;
    const w2 = steps[i]! + 2 * steps[i - 1]!;
    // The weighted harmonic mean; flat where the chords turn.
    slopes.push(
      left * right > 0 ? (w1 + w2) / (w1 / left + w2 / right) : 0,
    );
  }
  slopes.push(
    endSlope(steps[last]!, steps[last - 1]!, chords[last]!, chords[last - 1]!),
  );
  return slopes;
}

/** The three-point slope at an end, cut so that the curve keeps its shape. */
function endSlope(h0: number, h1: number, m0: number, m1: number): number {
  const slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
  if (Math.sign(slope) !== Math.sign(m0)) return 0;
  if (Math.sign(m0) !== Math.sign(m1) && Math.abs(slope) > 3 * Math.abs(m0)) {
    return 3 * m0;
  }
  return slope;
}

/**
 * The value of a curve.
 *
 * @param curve The curve.
 * @param at A place within its ends.
 * @returns The value there.
 */
export function evaluate(curve: Cubic, at: number): number {
  const i = piece(curve, at);
  const { c0, c1, c2, c3 } = coefficients(curve, i);
  const t = at - curve.x[i]!;
  return c0 + t * (c1 + t * (c2 + t * c3));
}

/**
 * The integral of a curve.
 *
 * @param curve The curve.
 * @param from A place within its ends.
 * @param to Another place within its ends.
 * @returns The integral between them.
 */
export function integrate(curve: Cubic, from: number, to: number): number {
  let sum = 0;
  for (let i = 0; i < curve.x.length - 1; i++) {
    const start = curve.x[i]!;
    const low = Math.max(from, start) - start;
    const high = Math.min(to, curve.x[i + 1]!) - start;
    if (high <= low) continue;
    const { c0, c1, c2, c3 } = coefficients(curve, i);
    const whole = (t: number): number =>
      t * (c0 + t * (c1 / 2 + t * (c2 / 3 + t * c3 / 4)));
    sum += whole(high) - whole(low);
  }
  return sum;
}

function piece({ x }: Cubic, at: number): number {
  let i = 0;
  while (i < x.length - 2 && at > x[i + 1]!) i++;
  return i;
}

function coefficients(
  { x, y, slope }: Cubic,
  i: number,
): { c0: number; c1: number; c2: number; c3: number } {
  const step = x[i + 1]! - x[i]!;
  const chord = (y[i + 1]! - y[i]!) / step;
  const c1 = slope[i]!;
  const c3 = (c1 + slope[i + 1]! - 2 * chord) / (step * step);
  return { c0: y[i]!, c1, c2: (chord - c1) / step - c3 * step, c3 };
}

/**
 * A frame moved to where its parts are in the next one, in whole numbers, so
 * that every decoder moves alike.
 *
 * A square of 32 x 32 pixels has a vector of its own, in quarters of a pixel of
 * the high frame. Between pixels the four nearest ones of a row, and then of a
 * column, are weighed as H.265 does for colour (ITU-T H.265, 8.5.3.3.3.3).
 *
 * @module
 */

/** Planes of colour, centred on 0, in 1/8 of a grey level. */
export interface Planes {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** `[3, height, width]`. */
  readonly values: Int16Array<ArrayBuffer>;
}

/** The whole number that stands for a grey level in {@linkcode Planes}. */
export const GREY_PARTS = 8;

/** Pixels of the high frame along a square that has a vector. */
export const MOVED_SIDE = 32;

/** Parts of a pixel of the high frame in vectors. */
export const VECTOR_PARTS = 4;

/** Weights of four pixels, in 1/64, for each eighth of a pixel. */
const WEIGHTS: readonly (readonly [number, number, number, number])[] = [
  [0, 64, 0, 0],
  [-2, 58, 10, -2],
  [-4, 54, 16, -2],
  [-6, 46, 28, -4],
  [-4, 36, 36, -4],
  [-4, 28, 46, -6],
  [-2, 16, 54, -4],
  [-2, 10, 58, -2],
];

/** A square of a frame, and where it comes from. */
export interface MovedSquare {
  /** Its first row. */
  readonly top: number;
  /** Its first column. */
  readonly left: number;
  /** Its side in pixels. */
  readonly side: number;
  /** How far below its own place it comes from, in 1/8 of a pixel. */
  readonly down: number;
  /** How far to the right of its own place it comes from, in 1/8 of a pixel. */
  readonly right: number;
}

/**
 * Moves a frame.
 *
 * @param before The frame.
 * @param vectors Down and right for each square, row by row, in 1/4 of a pixel
 * of the high frame.
 * @param side Side of the squares in pixels: 32, or 16 in the medium frame;
 * sides of the frame are multiples of it.
 * @returns The moved frame.
 */
export function movePlanes(
  before: Planes,
  vectors: ArrayLike<number>,
  side: number,
): Planes {
  const { height, width } = before;
  const values = new Int16Array(before.values.length);
  const across = width / side;
  // A quarter of a pixel of the high frame is an eighth of one of the medium.
  const eighths = 2 * side / MOVED_SIDE;
  for (let axis = 0; axis < 3; axis++) {
    const first = axis * height * width;
    for (let i = 0; i < vectors.length / 2; i++) {
      const top = side * Math.floor(i / across), left = side * (i % across);
      moveSquare(
        before,
        axis,
        {
          ...{ top, left, side },
          down: eighths * vectors[2 * i]!,
          right: eighths * vectors[2 * i + 1]!,
        },
        values.subarray(first + top * width + left),
        width,
      );
    }
  }
  return { height, width, values };
}

/**
 * Moves a square of a plane. Beyond its edges the plane repeats its last values.
 *
 * @param before The frame.
 * @param axis Which of its planes.
 * @param square The square.
 * @param into Receives the square's rows.
 * @param stride Values from a row to the next one in `into`.
 */
export function moveSquare(
  { height, width, values }: Planes,
  axis: number,
  { top, left, side, down, right }: MovedSquare,
  into: Int16Array,
  stride: number,
): void {
  const first = axis * height * width;
  const y0 = top + (down >> 3), x0 = left + (right >> 3);
  const [a, b, c, d] = WEIGHTS[right & 7]!;
  const isWhole = ((down | right) & 7) === 0;
  const extra = isWhole ? 0 : 3, before = isWhole ? 0 : 1;
  const rows = new Int32Array((side + extra) * side);
  for (let y = 0; y < side + extra; y++) {
    const from = first +
      Math.max(0, Math.min(height - 1, y0 + y - before)) * width;
    const x1 = x0 - 1;
    const isInside = x1 >= 0 && x1 + side + 3 <= width;
    for (let x = 0; x < side; x++) {
      const at = (i: number) =>
        values[from + Math.max(0, Math.min(width - 1, x1 + x + i))]!;
      const place = from + x1 + x;
      rows[y * side + x] = isWhole
        ? (isInside ? values[place + 1]! : at(1))
        : isInside
        ? a * values[place]! + b * values[place + 1]! + c * values[place + 2]! +
          d * values[place + 3]!
        : a * at(0) + b * at(1) + c * at(2) + d * at(3);
    }
  }
  const [e, f, g, h] = WEIGHTS[down & 7]!;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * side + x;
      into[y * stride + x] = isWhole
        ? rows[at]!
        : (e * rows[at]! + f * rows[at + side]! + g * rows[at + 2 * side]! +
          h * rows[at + 3 * side]! + 2048) >> 12;
    }
  }
}

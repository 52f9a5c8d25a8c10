/**
 * The encoder's search for where the squares of a frame come from in the one
 * before; the decoder accepts any vectors.
 *
 * A search by whole pixels at a quarter of the size gives candidates; the best
 * of them is moved by pixels, halves and quarters as long as it gets better.
 *
 * @module
 */
import { COLOURS } from "@/codec/transform/colour_dct.ts";
import {
  GREY_PARTS,
  MOVED_SIDE,
  moveSquare,
  type Planes,
  VECTOR_PARTS,
} from "@/codec/transform/motion.ts";

/**
 * Pixels as planes of colour.
 *
 * @param pixels `[height, width, 3]`, 0..255.
 * @param height In pixels.
 * @param width In pixels.
 * @returns The planes.
 */
export function toWholePlanes(
  pixels: ArrayLike<number>,
  height: number,
  width: number,
): Planes {
  const count = height * width;
  const values = new Int16Array(3 * count);
  for (let axis = 0; axis < 3; axis++) {
    const [red, green, blue] = COLOURS[axis]!;
    for (let i = 0; i < count; i++) {
      const sum = red! * (pixels[3 * i]! - 127.5) +
        green! * (pixels[3 * i + 1]! - 127.5) +
        blue! * (pixels[3 * i + 2]! - 127.5);
      values[axis * count + i] = Math.round(GREY_PARTS * sum);
    }
  }
  return { height, width, values };
}

/** How far the search at a quarter of the size reaches, in its pixels. */
const REACH = 6;

/** Side of the pixels that are one at a quarter of the size. */
const COARSE = 4;

/**
 * Squared errors that a vector other than its neighbour's has to save for each
 * pixel of a square, in squared units of `Planes`.
 */
const WORTH = 200;

/** Steps of the refinement, in 1/4 of a pixel. */
const STEPS = [4, 2, 1];

/**
 * Searches for motion.
 *
 * @param before The previous frame, original or decoded; its sides are multiples
 * of 32.
 * @param frame The frame.
 * @returns Down and right for each square of 32 x 32 pixels, row by row, in 1/4
 * of a pixel.
 */
export function searchMotion(
  before: Planes,
  frame: Planes,
): Int16Array<ArrayBuffer> {
  const { height, width } = frame;
  const [down, across] = [height / MOVED_SIDE, width / MOVED_SIDE];
  const vectors = new Int16Array(2 * down * across);
  const small = { before: shrink(before), frame: shrink(frame) };
  const moved = new Int16Array(MOVED_SIDE ** 2);
  for (let i = 0; i < down * across; i++) {
    const top = MOVED_SIDE * Math.floor(i / across);
    const left = MOVED_SIDE * (i % across);
    const errorOf = ([y, x]: readonly number[], most: number) => {
      const square = { top, left, side: MOVED_SIDE };
      const [down, right] = [2 * y!, 2 * x!];
      moveSquare(before, 0, { ...square, down, right }, moved, MOVED_SIDE);
      let sum = 0;
      for (let y = 0; y < MOVED_SIDE && sum < most; y++) {
        const from = (top + y) * width + left;
        for (let x = 0; x < MOVED_SIDE; x++) {
          sum += (moved[y * MOVED_SIDE + x]! - frame.values[from + x]!) ** 2;
        }
      }
      return sum;
    };
    const vectorAt = (i: number) => [vectors[2 * i]!, vectors[2 * i + 1]!];
    const near = i % across > 0
      ? vectorAt(i - 1)
      : i >= across
      ? vectorAt(i - across)
      : [0, 0];
    const cost = WORTH * MOVED_SIDE ** 2;
    let best = { vector: near, error: errorOf(near, Infinity) };
    const offer = (vector: number[]) => {
      const isNear = vector[0] === near[0] && vector[1] === near[1];
      const extra = isNear ? 0 : cost;
      const error = errorOf(vector, best.error - extra) + extra;
      if (error < best.error) best = { vector, error };
    };
    // No motion can save more than what there is.
    if (best.error > cost) {
      offer([0, 0]);
      if (i >= across) offer(vectorAt(i - across));
      offer(searchCoarsely(small.before, small.frame, top, left));
      for (const step of STEPS) {
        for (let turns = 0; turns < 4; turns++) {
          const [y, x] = best.vector as [number, number];
          for (const [j, k] of [[-1, 0], [1, 0], [0, -1], [0, 1]] as const) {
            offer([y + j * step, x + k * step]);
          }
          if (best.vector[0] === y && best.vector[1] === x) break;
        }
      }
    }
    vectors.set(best.vector, 2 * i);
  }
  return vectors;
}

/** Means of 4 x 4 pixels of the brightness. */
function shrink({ height, width, values }: Planes): Planes {
  const [rows, columns] = [height / COARSE, width / COARSE];
  const small = new Int16Array(rows * columns);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / COARSE) * columns;
    for (let x = 0; x < width; x++) {
      small[row + Math.floor(x / COARSE)]! += values[y * width + x]! >> 4;
    }
  }
  return { height: rows, width: columns, values: small };
}

/** The best whole vector at a quarter of the size, in 1/4 of a pixel. */
function searchCoarsely(
  before: Planes,
  frame: Planes,
  top: number,
  left: number,
): number[] {
  const { height, width } = frame;
  const side = MOVED_SIDE / COARSE;
  const [y0, x0] = [top / COARSE, left / COARSE];
  let best = [0, 0], least = Infinity;
  for (let down = -REACH; down <= REACH; down++) {
    if (y0 + down < 0 || y0 + down + side > height) continue;
    for (let right = -REACH; right <= REACH; right++) {
      if (x0 + right < 0 || x0 + right + side > width) continue;
      let sum = 0;
      for (let y = 0; y < side && sum < least; y++) {
        const to = (y0 + y) * width + x0;
        const from = to + down * width + right;
        for (let x = 0; x < side; x++) {
          sum += Math.abs(before.values[from + x]! - frame.values[to + x]!);
        }
      }
      if (sum >= least) continue;
      least = sum;
      best = [down, right];
    }
  }
  return best.map((pixels) => pixels * COARSE * VECTOR_PARTS);
}

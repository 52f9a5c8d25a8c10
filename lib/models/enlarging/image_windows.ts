/**
 * Large images in overlapping windows: each window is worked on with a margin
 * around it, and only what is inside of the margin is kept. If the margin is as
 * wide as a network sees, the whole comes out as if it had been done at once.
 *
 * @module
 */

import type { Rectangle } from "@/images/mod.ts";

/** A part of an image, and what is needed around it. */
export interface ImageWindow {
  /** What is kept; the windows' parts make up the image. */
  readonly kept: Rectangle;
  /** What is worked on: more by the margin, but never beyond the image. */
  readonly seen: Rectangle;
}

/**
 * Divides an image into windows, row by row.
 *
 * @param width Of the image in pixels.
 * @param height Of the image in pixels.
 * @param side Of the windows; those at the right and lower edges are smaller.
 * @param margin Pixels around each.
 * @yields The windows.
 *
 * @example
 * ```ts
 * import { imageWindows } from "./image_windows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [first, second] = imageWindows(50, 20, 32, 4);
 * assertEquals(first!.seen, { left: 0, top: 0, width: 36, height: 20 });
 * assertEquals(second!.kept, { left: 32, top: 0, width: 18, height: 20 });
 * assertEquals(second!.seen, { left: 28, top: 0, width: 22, height: 20 });
 * ```
 */
export function* imageWindows(
  width: number,
  height: number,
  side: number,
  margin: number,
): Generator<ImageWindow> {
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const right = Math.min(width, left + side);
      const bottom = Math.min(height, top + side);
      const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
      yield {
        kept: { left, top, width: right - left, height: bottom - top },
        seen: {
          left: x,
          top: y,
          width: Math.min(width, right + margin) - x,
          height: Math.min(height, bottom + margin) - y,
        },
      };
    }
  }
}

/** Numbers at each pixel of an image, row by row. */
export interface Grid<Values extends Float32Array | Uint8Array> {
  /** Pixels in a row. */
  readonly width: number;
  /** Numbers at a pixel. */
  readonly channels: number;
  /** `height * width * channels` numbers. */
  readonly data: Values;
}

/**
 * Copies a rectangle out of a grid.
 *
 * @param grid The grid.
 * @param rectangle Inside of it.
 * @returns Its numbers, row by row.
 */
export function cutGrid(
  { width, channels, data }: Grid<Float32Array>,
  rectangle: Rectangle,
): Float32Array {
  const row = rectangle.width * channels;
  const cut = new Float32Array(rectangle.height * row);
  for (let y = 0; y < rectangle.height; y++) {
    const start = ((rectangle.top + y) * width + rectangle.left) * channels;
    cut.set(data.subarray(start, start + row), y * row);
  }
  return cut;
}

/**
 * Copies numbers into a rectangle of a grid.
 *
 * @param grid The grid; it is changed.
 * @param rectangle Inside of it.
 * @param values Its new numbers, row by row.
 */
export function pasteGrid<Values extends Float32Array | Uint8Array>(
  { width, channels, data }: Grid<Values>,
  rectangle: Rectangle,
  values: Values,
): void {
  const row = rectangle.width * channels;
  for (let y = 0; y < rectangle.height; y++) {
    const start = ((rectangle.top + y) * width + rectangle.left) * channels;
    data.set(values.subarray(y * row, (y + 1) * row), start);
  }
}

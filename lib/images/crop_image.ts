/**
 * A rectangle cut out of pixels.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "./pixels.ts";

/** A rectangle in pixels, counted from the top left corner. */
export interface Rectangle {
  /** Columns to the left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
  /** Its width. */
  readonly width: number;
  /** Its height. */
  readonly height: number;
}

/**
 * Cuts a rectangle out of pixels.
 *
 * @param pixels 8-bit sRGB.
 * @param rectangle The part to keep; it must be inside the image.
 * @returns New pixels, a copy.
 * @throws {RangeError} If the rectangle is empty or reaches outside.
 * @example
 * ```ts
 * import { cropImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const two = { width: 2, height: 1, data: new Uint8Array([1, 2, 3, 4, 5, 6]) };
 * const right = cropImage(two, { left: 1, top: 0, width: 1, height: 1 });
 * assertEquals(right.data, new Uint8Array([4, 5, 6]));
 * ```
 */
export function cropImage(pixels: Pixels, rectangle: Rectangle): Pixels {
  const { left, top, width, height } = rectangle;
  const inside = Number.isInteger(left) && left >= 0 &&
    Number.isInteger(top) && top >= 0 &&
    Number.isInteger(width) && width >= 1 && left + width <= pixels.width &&
    Number.isInteger(height) && height >= 1 && top + height <= pixels.height;
  if (!inside) {
    throw invalid(
      "A crop",
      `inside the image of ${pixels.width} by ${pixels.height}`,
      `${width} by ${height} at ${left}, ${top}`,
    );
  }
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * pixels.width + left) * 3;
    data.set(
      pixels.data.subarray(start, start + width * 3),
      row * width * 3,
    );
  }
  return { width, height, data };
}

/**
 * Cuts a rectangle out of the middle of an image.
 *
 * @param pixels 8-bit sRGB.
 * @param width Its width, at most the image's.
 * @param height Its height, at most the image's.
 * @returns New pixels.
 * @throws {RangeError} If the rectangle does not fit into the image.
 */
export function cropMiddle(
  pixels: Pixels,
  width: number,
  height: number,
): Pixels {
  const left = (pixels.width - width) >> 1;
  const top = (pixels.height - height) >> 1;
  return cropImage(pixels, { left, top, width, height });
}

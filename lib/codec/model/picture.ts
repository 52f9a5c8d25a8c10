/**
 * Images as the codec takes and gives them.
 *
 * @module
 */

/** An image of 8-bit sRGB. */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array;
}

/** Whole sides and as many numbers, or it is refused. */
export function checkPicture({ width, height, data }: Picture): void {
  const isWhole = (side: number) => Number.isInteger(side) && side > 0;
  if (isWhole(width) && isWhole(height) && data.length === width * height * 3) {
    return;
  }
  throw new RangeError(
    `A picture of ${width}x${height} cannot have ${data.length} numbers.`,
  );
}

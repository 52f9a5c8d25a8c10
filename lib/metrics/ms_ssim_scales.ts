import { windowSize } from "./_structure.ts";

/**
 * How many scales of MS-SSIM an image is large enough for, 0 to 5.
 *
 * Each scale halves the image, and the last must still hold the 11x11 window.
 * Following pytorch-msssim, the bound is that the smaller side exceeds
 * `10 * 2^(scales - 1)`: 5 scales from 161 pixels, 2 scales at 32.
 *
 * @example
 * ```ts
 * import { msSsimScales } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(msSsimScales(172, 172), 5);
 * assertEquals(msSsimScales(32, 32), 2);
 * assertEquals(msSsimScales(8, 300), 0);
 * ```
 *
 * @param width In pixels
 * @param height In pixels
 */
export function msSsimScales(width: number, height: number): number {
  const side = Math.min(width, height);
  let scales = 0;
  while (scales < 5 && side > (windowSize - 1) * 2 ** scales) scales++;
  return scales;
}

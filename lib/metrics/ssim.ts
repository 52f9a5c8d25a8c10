import type { Pixels } from "@/images/mod.ts";
import { assertSameSize, channelPlane } from "./_planes.ts";
import { structure, windowSize } from "./_structure.ts";

/**
 * Structural similarity at full resolution, mean of the three RGB channels.
 *
 * Gaussian window of 11x11 pixels with sigma 1.5, no padding, data range 255
 * (Wang, Bovik, Sheikh and Simoncelli, IEEE TIP 2004). Agrees with
 * `pytorch_msssim.ssim`.
 *
 * @example
 * ```ts
 * import { ssim } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 12 * 12 * 3 }, (_, i) => i % 251);
 * const photo = { width: 12, height: 12, data };
 * assertEquals(ssim(photo, photo), 1);
 * ```
 *
 * @param a An image of at least 11x11 pixels
 * @param b An image of the same size
 * @returns -1 to 1; 1 where the images are equal
 * @throws {RangeError} If the sizes differ or a side is under 11 pixels
 */
export function ssim(a: Pixels, b: Pixels): number {
  assertSameSize(a, b);
  if (Math.min(a.width, a.height) < windowSize) {
    throw new RangeError(
      `SSIM needs at least ${windowSize}x${windowSize} pixels, ` +
        `got ${a.width}x${a.height}`,
    );
  }
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    sum += structure(channelPlane(a, channel), channelPlane(b, channel)).ssim;
  }
  return sum / 3;
}

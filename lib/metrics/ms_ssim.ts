import type { Pixels } from "@/images/mod.ts";
import { assertSameSize, channelPlane, halvePlane } from "./_planes.ts";
import { structure } from "./_structure.ts";
import { msSsimScales } from "./ms_ssim_scales.ts";

/** Exponents of the scales, finest first, from Wang et al. 2003; they sum to 1. */
const weights: readonly number[] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Choices of {@linkcode msSsim}. */
export interface MsSsimOptions {
  /**
   * Scales to use, 1 to 5; the published measure has 5. With fewer, the finest
   * are kept and their exponents scaled to sum to 1, so values at different
   * numbers of scales must not be compared.
   *
   * @default {5}
   */
  readonly scales?: number;
}

/**
 * Multi-scale structural similarity, mean of the three RGB channels.
 *
 * Z. Wang, E. P. Simoncelli and A. C. Bovik, "Multi-scale Structural Similarity
 * for Image Quality Assessment", Asilomar 2003: SSIM's contrast-structure part
 * at five scales, its luminance part at the coarsest. Between scales 2x2 means
 * are taken. Details that the paper leaves open follow `pytorch_msssim.ms_ssim`,
 * which learned codecs report: negative factors are cut to 0, and an odd side is
 * padded with zeros at its start.
 *
 * @example
 * ```ts
 * import { msSsim, msSsimScales } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => i % 251);
 * const small = { width: 32, height: 32, data };
 * const scales = msSsimScales(small.width, small.height);
 * assertAlmostEquals(msSsim(small, small, { scales }), 1);
 * ```
 *
 * @param a An image of at least 161x161 pixels, less with fewer scales
 * @param b An image of the same size
 * @param options See {@linkcode MsSsimOptions}
 * @returns 0 to 1; 1 where the images are equal
 * @throws {RangeError} If the sizes differ, the images are too small for the
 *   scales, or `scales` is not 1 to 5
 */
export function msSsim(
  a: Pixels,
  b: Pixels,
  options: MsSsimOptions = {},
): number {
  const scales = options.scales ?? weights.length;
  assertSameSize(a, b);
  assertScales(scales, a);
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    sum += channelMsSsim(a, b, channel, scales);
  }
  return sum / 3;
}

function channelMsSsim(
  a: Pixels,
  b: Pixels,
  channel: number,
  scales: number,
): number {
  const used = weights.slice(0, scales);
  const total = scales === weights.length
    ? 1
    : used.reduce((sum, weight) => sum + weight);
  let planeA = channelPlane(a, channel);
  let planeB = channelPlane(b, channel);
  let product = 1;
  for (const [scale, weight] of used.entries()) {
    if (scale > 0) {
      planeA = halvePlane(planeA, "start");
      planeB = halvePlane(planeB, "start");
    }
    const { ssim, contrast } = structure(planeA, planeB);
    const factor = scale === scales - 1 ? ssim : contrast;
    product *= Math.max(0, factor) ** (weight / total);
  }
  return product;
}

function assertScales(scales: number, { width, height }: Pixels): void {
  if (!Number.isInteger(scales) || scales < 1 || scales > weights.length) {
    throw new RangeError(`MS-SSIM has 1 to 5 scales, got ${scales}`);
  }
  const possible = msSsimScales(width, height);
  if (scales > possible) {
    const side = 10 * 2 ** (scales - 1) + 1;
    throw new RangeError(
      `MS-SSIM with ${scales} scales needs at least ${side}x${side} pixels, ` +
        `got ${width}x${height}` +
        (possible > 0 ? `, which allow ${possible}` : ""),
    );
  }
}

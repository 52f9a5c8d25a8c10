/**
 * Rate-distortion figures that others have published for learned codecs.
 *
 * InterDigitalInc/CompressAI, `results/image/kodak/`: J. Bégaint, F. Racapé, S.
 * Feltman and A. Pushparaja, "CompressAI: a PyTorch library and evaluation
 * platform for end-to-end compression research", 2020. Means over the 24 Kodak
 * photos, trained for mean squared error, rates of real bitstreams; PSNR there
 * is of reconstructions before rounding to 8 bit, which changes it little.
 *
 * @module
 */
import type { BaselinePoint } from "./codec.ts";

/** A published curve, on pictures that may not be ours. */
export interface PublishedCurve {
  /** Name of the model where it was published. */
  readonly name: string;
  /** What kind of model it is. */
  readonly description: string;
  /** Where the figures were published. */
  readonly source: string;
  /** The pictures that they are means over. */
  readonly dataset: string;
  /**
   * By rising rate. `quality` is the level of the pretrained model, 1 to 8;
   * `bytes` is the mean rate as a file of one picture, rounded.
   */
  readonly points: readonly BaselinePoint[];
}

/** Pixels of a Kodak photo, 768x512 or 512x768. */
const kodakPixels = 768 * 512;

type Row = readonly [bpp: number, psnrDb: number, msssim: number];

function curve(
  name: string,
  description: string,
  file: string,
  rows: readonly Row[],
): PublishedCurve {
  return {
    name,
    description,
    source: `InterDigitalInc/CompressAI results/image/kodak/${file}`,
    dataset: "kodak",
    points: rows.map(([bpp, psnrDb, msssim], i) => ({
      codec: name,
      quality: i + 1,
      bytes: Math.round(bpp * kodakPixels / 8),
      bpp,
      psnrDb,
      msssim,
    })),
  };
}

/**
 * CompressAI's Kodak figures of the two models that ours is nearest to.
 *
 * Compare with care: these are Kodak photos of 768x512 pixels, where a header
 * weighs less and neighbours help more than in a picture of 344x344.
 *
 * @example
 * ```ts
 * import { published } from "./mod.ts";
 * import { bdRate } from "@/metrics/mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [factorized, hyperprior] = published;
 * const saving = bdRate(factorized!.points, hyperprior!.points);
 * assertAlmostEquals(saving, -21.14, 0.01);
 * ```
 */
export const published: readonly PublishedCurve[] = [
  curve(
    "bmshj2018-factorized",
    "Factorised prior, Ballé et al., ICLR 2018",
    "compressai-bmshj2018-factorized_mse_cuda.json",
    [
      [0.123, 26.909, 0.910],
      [0.189, 28.218, 0.936],
      [0.288, 29.617, 0.955],
      [0.440, 31.277, 0.970],
      [0.648, 32.956, 0.981],
      [0.967, 35.381, 0.988],
      [1.351, 37.397, 0.992],
      [1.833, 39.621, 0.995],
    ],
  ),
  curve(
    "bmshj2018-hyperprior",
    "Scale hyperprior, Ballé et al., ICLR 2018",
    "compressai-bmshj2018-hyperprior_mse_cuda.json",
    [
      [0.131, 27.582, 0.917],
      [0.209, 29.197, 0.942],
      [0.320, 30.972, 0.961],
      [0.478, 32.838, 0.975],
      [0.669, 34.526, 0.984],
      [0.939, 36.743, 0.989],
      [1.259, 38.584, 0.993],
      [1.660, 40.557, 0.995],
    ],
  ),
];

/** One point of a rate-distortion curve. */
export interface RatePoint {
  /** Bits per pixel of the stored file, over 0. */
  readonly bpp: number;
  /** PSNR of the 8-bit RGB samples in decibels. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
}

/** The measure of quality on a curve's other axis. */
export type QualityMetric = "psnrDb" | "msssim";

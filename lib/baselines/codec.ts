/**
 * The form that all codecs have in common.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/mod.ts";

/** The qualities that a codec accepts. */
export interface QualityRange {
  /** Worst quality, smallest file. */
  readonly low: number;
  /** Best quality, largest file. */
  readonly high: number;
  /** Whether only whole numbers are accepted. */
  readonly whole: boolean;
}

/** An image codec: pixels to a complete file and back. */
export interface Codec {
  /** The usual name, such as `"JPEG XL"`. */
  readonly name: string;
  /** The values that `quality` may have; each codec has its own scale. */
  readonly range: QualityRange;
  /** A ladder of qualities for a rate-distortion curve, rising. */
  readonly qualities: readonly number[];
  /**
   * Compresses an image into a file without metadata.
   *
   * @param pixels The image, at least 1x1 pixels
   * @param quality Within {@linkcode Codec.range}; higher is better
   * @returns The file
   * @throws {RangeError} If the quality is outside of the range
   */
  encode(pixels: Pixels, quality: number): Promise<Uint8Array>;
  /**
   * Restores the image, of the size that was encoded.
   *
   * @param bytes A whole file of this codec
   * @returns The image, 8-bit sRGB
   * @throws {Error} If the bytes are not such a file
   */
  decode(bytes: Uint8Array): Promise<Pixels>;
}

/** One codec at one quality: a point of its rate-distortion curve. */
export interface BaselinePoint {
  /** The codec's name. */
  readonly codec: string;
  /** The codec's own quality setting. */
  readonly quality: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Bits per pixel, `8 * bytes / (width * height)`. */
  readonly bpp: number;
  /** PSNR over 8-bit RGB in decibels; `Infinity` if nothing was lost. */
  readonly psnrDb: number;
  /** MS-SSIM, mean of the RGB channels, 0 to 1. */
  readonly msssim: number;
}

/**
 * Checks a quality.
 *
 * @param codec Name of the codec, for the error.
 * @param range The accepted qualities.
 * @param quality The quality to check.
 * @throws {RangeError} If the quality is outside of the range.
 */
export function checkQuality(
  codec: string,
  { low, high, whole }: QualityRange,
  quality: number,
): void {
  const isValid = quality >= low && quality <= high &&
    (!whole || Number.isInteger(quality));
  if (isValid) return;
  const kind = whole ? "a whole number from" : "from";
  throw invalid(`Quality of ${codec}`, `${kind} ${low} to ${high}`, quality);
}

import type { Pixels } from "@/images/mod.ts";

/** The qualities that a codec takes. */
export interface QualityRange {
  /** Worst quality, smallest file. */
  readonly low: number;
  /** Best quality, largest file. */
  readonly high: number;
  /** Whether only whole numbers count. */
  readonly whole: boolean;
}

/** An image codec: pixels to a complete file and back. */
export interface Codec {
  /** As a reader knows it, e.g. `"JPEG XL"`. */
  readonly name: string;
  /** What `quality` may be; what it means is the codec's own affair. */
  readonly range: QualityRange;
  /** A ladder of qualities for a rate-distortion curve, rising. */
  readonly qualities: readonly number[];
  /**
   * Compresses an image into a file without metadata.
   *
   * @param pixels From 1x1 up
   * @param quality Within {@linkcode Codec.range}, higher is better
   * @throws {RangeError} If the quality is outside of the range
   */
  encode(pixels: Pixels, quality: number): Promise<Uint8Array>;
  /**
   * Restores the image, of the size that was encoded.
   *
   * @param bytes A whole file of this codec
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

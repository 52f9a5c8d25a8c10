/**
 * What a codec makes of a photo: the size of a real file, and how far its
 * images are from the originals.
 *
 * @module
 */

import type { Pixels } from "@/images/mod.ts";
import { finiteDb, msSsim, msSsimScales, psnr } from "@/metrics/mod.ts";
import type { Contestant } from "./contestants.ts";
import type { MeasuredPhoto } from "./photos.ts";

/** A file, measured at both sizes. */
export interface MeasuredFile {
  /** Of the file. */
  readonly bytes: number;
  /** Of the part that is the half; absent where the whole file is. */
  readonly halfBytes?: number;
  /** PSNR of the photo in dB, at most 60. */
  readonly psnrDb: number;
  /** PSNR at half size, against the original scaled down by Lanczos. */
  readonly halfPsnrDb: number;
}

/** A file whose structure was measured too. */
export interface MeasuredStructure extends MeasuredFile {
  /** MS-SSIM of the photo, 0 to 1. */
  readonly msssim: number;
  /** MS-SSIM at half size. */
  readonly halfMsssim: number;
}

/** Encodes a photo, decodes both sizes and compares 8-bit pixels. */
export async function measureFileOf(
  contestant: Contestant,
  photo: MeasuredPhoto,
  quality: number,
): Promise<MeasuredFile> {
  return (await codeBothSizes(contestant, photo, quality)).measured;
}

/**
 * As {@linkcode measureFileOf}, with MS-SSIM, of fewer scales on photos below
 * 321 pixels.
 */
export async function measureStructureOf(
  contestant: Contestant,
  photo: MeasuredPhoto,
  quality: number,
): Promise<MeasuredStructure> {
  const { measured, full, half } = await codeBothSizes(
    contestant,
    photo,
    quality,
  );
  return {
    ...measured,
    msssim: structure(full, photo.full),
    halfMsssim: structure(half, photo.half),
  };
}

async function codeBothSizes(
  contestant: Contestant,
  photo: MeasuredPhoto,
  quality: number,
): Promise<{ measured: MeasuredFile; full: Pixels; half: Pixels }> {
  const file = await contestant.encode(photo.full, quality);
  const part = contestant.halfOf?.(file);
  const full = await contestant.decode(file);
  const half = await contestant.decodeHalf(part ?? file);
  const measured = {
    bytes: file.length,
    ...(part === undefined ? {} : { halfBytes: part.length }),
    psnrDb: finiteDb(psnr(full.data, photo.full.data)),
    halfPsnrDb: finiteDb(psnr(half.data, photo.half.data)),
  };
  return { measured, full, half };
}

function structure(photo: Pixels, original: Pixels): number {
  const scales = msSsimScales(original.width, original.height);
  return msSsim(photo, original, { scales });
}

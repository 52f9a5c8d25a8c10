/**
 * Images to files of a wanted size.
 *
 * @module
 */

import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { encodeImage, type EncoderChoices } from "./encode_image.ts";
import type { Picture } from "@/codec/model/picture.ts";

/** A file of a size that was asked for. */
export interface NearFile {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it was made with, 1..100. */
  readonly quality: number;
  /** Bits of the whole file for a pixel of the high image. */
  readonly bitsPerPixel: number;
}

/**
 * Encodes an image to the largest file that is not above a size, by bisection
 * of the quality in at most 7 trials. Where even quality 1 gives a larger
 * file, that one is taken.
 *
 * Files nearly always grow with the quality. Where one does not, another
 * quality may come a little nearer.
 *
 * @param target Bits a pixel, above 0.
 * @throws {CodecError} "too large" if a side is over the limit.
 * @throws {RangeError} If a choice or the picture makes no sense.
 */
export async function encodeNear(
  loaded: LoadedModel,
  picture: Picture,
  target: number,
  choices: EncoderChoices = {},
): Promise<NearFile> {
  if (!(target > 0)) {
    throw new RangeError(
      `There must be some bits a pixel, but they are ${target}.`,
    );
  }
  const pixels = picture.width * picture.height;
  let fits = 0, above = 101; // qualities
  let best: NearFile | undefined, least: NearFile | undefined;
  while (above - fits > 1) {
    const quality = (fits + above) >> 1;
    const bytes = await encodeImage(loaded, picture, { ...choices, quality });
    const bitsPerPixel = 8 * bytes.length / pixels;
    const file = { bytes, quality, bitsPerPixel };
    if (bitsPerPixel <= target) {
      best = file;
      fits = quality;
    } else {
      least = file;
      above = quality;
    }
  }
  return (best ?? least)!;
}

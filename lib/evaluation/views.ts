/**
 * Photos to look at: test photos by our codec and by others at the same bytes,
 * and both images of our one file.
 *
 *     views.json             qualities and sizes of whole photos
 *     views_original.webp    a square out of the middle of each, one below the
 *     views_ours.webp …      other, as it comes out of each codec
 *     views_medium.webp      the same square of the medium image
 *
 * @module
 */

import { encodeNearSize } from "@/baselines/mod.ts";
import { cropImage, type Pixels } from "@/images/mod.ts";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import type { Contestant } from "./contestants.ts";
import { readBothSizes } from "./photos.ts";
import { type CodecMeasurement, describeSet, origin } from "./rates.ts";
import {
  type CodecViews,
  type ViewedFile,
  type ViewedPhoto,
  viewStrip,
} from "./results.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";

/** Choices of {@linkcode viewPhotos}. */
export interface ViewOptions {
  /** Photos, at most. */
  readonly count: number;
  /** Quality of ours. */
  readonly quality: number;
  /** Side of the squares in pixels; even. */
  readonly side: number;
}

/**
 * Encodes a few photos and writes squares of them.
 *
 * @param folder Takes the squares.
 * @param measurement The photos.
 * @param own Ours, of two layers.
 * @param others The other codecs.
 */
export async function viewPhotos(
  folder: string,
  { set, model, controls }: CodecMeasurement,
  own: Contestant,
  others: readonly Contestant[],
  { count, quality, side }: ViewOptions,
): Promise<CodecViews> {
  const photos = evenlySpread(set.photos, count);
  const total = photos.length;
  const squares = new Map<string, Pixels[]>();
  const keep = (id: string, pixels: Pixels, side: number) => {
    squares.set(id, [...squares.get(id) ?? [], middle(pixels, side)]);
  };
  const views: ViewedPhoto[] = [];
  for (const [done, photo] of photos.entries()) {
    controls.signal?.throwIfAborted();
    controls.onProgress?.({ phase: "Photos to look at", done, total });
    const { full, half } = await readBothSizes(photo);
    keep("original", full, side);
    const file = await own.encode(full, quality);
    const part = own.halfOf!(file);
    const medium = await own.decodeHalf(part);
    keep("medium", medium, side / 2);
    const files: ViewedFile[] = [];
    for (const codec of [own, ...others]) {
      const bytes = codec === own
        ? file
        : (await encodeNearSize(codec, full, file.length)).bytes;
      const decoded = await codec.decode(bytes);
      keep(codec.id, decoded, side);
      const psnrDb = finiteDb(psnr(decoded.data, full.data));
      const { id, name } = codec;
      files.push({ id, name, bytes: bytes.length, psnrDb });
    }
    views.push({
      name: photo.name,
      width: full.width,
      height: full.height,
      mediumBytes: part.length,
      mediumDb: finiteDb(psnr(medium.data, half.data)),
      files,
    });
  }
  for (const [id, pixels] of squares) {
    await writeStrip(`${folder}/${viewStrip(id)}`, pixels);
  }
  return {
    dataset: describeSet(set),
    ...origin(model),
    ...{ quality, side, views },
  };
}

/** A square out of the middle; as large as there is, if the photo is small. */
function middle(photo: Pixels, most: number): Pixels {
  const side = Math.min(most, photo.width, photo.height);
  return cropImage(photo, {
    left: (photo.width - side) >> 1,
    top: (photo.height - side) >> 1,
    width: side,
    height: side,
  });
}

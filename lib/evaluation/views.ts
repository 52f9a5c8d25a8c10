/**
 * Test photos, coded by our codec and by others at the same size, and both
 * images of our one file.
 *
 *     views.json             qualities and sizes of whole photos
 *     views_original.webp    a square crop of the middle of each photo, one
 *     views_ours.webp …      below the other, as each codec decodes it
 *     views_medium.webp      the same crop of the medium image
 *
 * @module
 */

import { encodeNearSize } from "@/baselines/mod.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { cropMiddle, type Pixels } from "@/images/mod.ts";
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

/** Choices of {@linkcode viewPhotos}. */
export interface ViewOptions {
  /** Ours, of two layers. */
  readonly own: Contestant;
  /** The other codecs. */
  readonly others: readonly Contestant[];
  /** Maximum number of photos. */
  readonly count: number;
  /** Quality of ours. */
  readonly quality: number;
  /** Side of the crops in pixels; even. */
  readonly side: number;
}

/**
 * Encodes a few photos and writes crops of them.
 *
 * @param folder Where the crops go, such as `results/codec`.
 * @param measurement The photos.
 * @param options Codecs, number of photos, quality and size of the crops.
 * @returns Sizes and qualities, for `results/codec/views.json`.
 */
export async function viewPhotos(
  folder: string,
  { set, model, controls }: CodecMeasurement,
  { own, others, count, quality, side }: ViewOptions,
): Promise<CodecViews> {
  const photos = evenlySpread(set.photos, count);
  const total = photos.length;
  const crops = new Map<string, Pixels[]>();
  const keep = (id: string, pixels: Pixels, side: number) => {
    const fits = Math.min(side, pixels.width, pixels.height);
    crops.set(id, [...crops.get(id) ?? [], cropMiddle(pixels, fits, fits)]);
  };
  const views: ViewedPhoto[] = [];
  for (const [done, photo] of photos.entries()) {
    controls.signal?.throwIfAborted();
    controls.onProgress?.({ phase: "Photos side by side", done, total });
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
  for (const [id, pixels] of crops) {
    await writeStrip(`${folder}/${viewStrip(id)}`, pixels);
  }
  return {
    dataset: describeSet(set),
    ...origin(model),
    ...{ quality, side, views },
  };
}

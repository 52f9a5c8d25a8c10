/**
 * The photos of the site's gallery: each as our one file, and as two AVIF files
 * that are at least as good as ours at both sizes, by PSNR.
 *
 *     gallery/photos.json
 *     gallery/<photo>.onecode
 *     gallery/<photo>_medium.avif    <photo>_high.avif
 *
 * @module
 */
import type { GalleryPhoto, GalleryPhotos } from "@/web/demo_photos.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Pixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { parseHeader } from "@/codec/mod.ts";
import type { Contestant } from "@/evaluation/contestants.ts";
import { readBothSizes } from "@/evaluation/photos.ts";
import type { CodecMeasurement } from "@/evaluation/rates.ts";
import { leastBytes } from "./least_bytes.ts";

/** Choices of {@linkcode writeGallery}. */
export interface GalleryOptions {
  /** Ours, of two layers. */
  readonly own: Contestant;
  /** AVIF. */
  readonly avif: Contestant;
  /** Maximum number of photos. */
  readonly count: number;
  /** Quality of ours. */
  readonly quality: number;
  /** Gives a photo's author and licence by the name of its file. */
  readonly credit: (file: string) => string;
}

/**
 * Writes the gallery's files.
 *
 * @param folder Where they go, such as `results/codec/gallery`.
 * @param measurement The photos.
 * @param options Codecs, number of photos, quality and credits.
 * @returns The list of photos, which is written too.
 */
export async function writeGallery(
  folder: string,
  { set, model, controls }: CodecMeasurement,
  { own, avif, count, quality, credit }: GalleryOptions,
): Promise<GalleryPhotos> {
  const chosen = evenlySpread(set.photos, count);
  const total = chosen.length;
  const photos: GalleryPhoto[] = [];
  for (const [done, photo] of chosen.entries()) {
    controls.signal?.throwIfAborted();
    controls.onProgress?.({ phase: "Photos of the gallery", done, total });
    const name = photo.name.replace(/\.\w+$/, "");
    const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
    const write = async (path: string, bytes: Uint8Array) => {
      await atomicWrite(`${folder}/${path}`, bytes);
      return { path, bytes: bytes.length };
    };
    const { full, half } = await readBothSizes(photo);
    const file = await own.encode(full, quality);
    const { thumbnailBytes, mediumBytes } = parseHeader(file);
    const [high, medium] = [await own.decode(file), await own.decodeHalf(file)];
    photos.push({
      name: name.replaceAll("-", " "),
      credit: credit(photo.name),
      ...{ width: full.width, height: full.height },
      prefixes: [thumbnailBytes, mediumBytes],
      ours: await write(`${slug}.onecode`, file),
      avif: {
        medium: await write(
          `${slug}_medium.avif`,
          await asGood(avif, half, psnr(medium.data, half.data)),
        ),
        high: await write(
          `${slug}_high.avif`,
          await asGood(avif, full, psnr(high.data, full.data)),
        ),
      },
    });
  }
  const list: GalleryPhotos = { model, quality, photos };
  await atomicWrite(
    `${folder}/photos.json`,
    `${JSON.stringify(list, null, 2)}\n`,
  );
  return list;
}

/** The smallest file that reaches a PSNR in dB, else the best one. */
async function asGood(
  codec: Contestant,
  photo: Pixels,
  targetDb: number,
): Promise<Uint8Array> {
  const { quality } = await leastBytes(codec.range, async (quality) => {
    const file = await codec.encode(photo, quality);
    const { data } = await codec.decode(file);
    return { bytes: file.length, psnrDb: psnr(data, photo.data) };
  }, targetDb);
  return await codec.encode(photo, quality);
}

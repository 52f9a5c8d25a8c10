/**
 * The photos of the site's demo: each at some qualities as our one file, and by
 * other codecs at about the same bytes.
 *
 *     demo/photos.json
 *     demo/<photo>/original.webp          without loss
 *     demo/<photo>/<quality>.onecode      and .jpg, .webp, .avif
 *
 * @module
 */

import { encodeNearSize } from "@/baselines/mod.ts";
import type { DemoPhoto, DemoPhotos } from "@/web/demo_photos.ts";
import { encodePixels as encodePixels } from "@/images/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Contestant } from "./contestants.ts";
import { readPhoto } from "./photos.ts";
import type { CodecMeasurement } from "./rates.ts";
import { evenlySpread } from "@/experiment/samples.ts";

/** Endings of the other codecs' files, by their ids. */
const ENDINGS: Readonly<Record<string, string>> = {
  jpeg: "jpg",
  webp: "webp",
  avif: "avif",
};

/** Choices of {@linkcode writeDemo}. */
export interface DemoOptions {
  /** Photos, at most. */
  readonly count: number;
  /** Of ours. */
  readonly qualities: readonly number[];
  /** Who made a photo, and its licence, by its file's name. */
  readonly credit: (file: string) => string;
}

/**
 * Writes the demo's files.
 *
 * @param folder Such as `results/codec/demo`.
 * @param measurement The photos.
 * @param own Ours.
 * @param others JPEG, WebP and AVIF.
 */
export async function writeDemo(
  folder: string,
  { set, model, controls }: CodecMeasurement,
  own: Contestant,
  others: readonly Contestant[],
  { count, qualities, credit }: DemoOptions,
): Promise<DemoPhotos> {
  const chosen = evenlySpread(set.photos, count);
  const total = chosen.length;
  const write = async (path: string, bytes: Uint8Array) => {
    await atomicWrite(`${folder}/${path}`, bytes);
    return { path, bytes: bytes.length };
  };
  const photos: DemoPhoto[] = [];
  for (const [done, photo] of chosen.entries()) {
    controls.signal?.throwIfAborted();
    controls.onProgress?.({ phase: "Photos of the demo", done, total });
    const name = photo.name.replace(/\.\w+$/, "");
    const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
    const pixels = await readPhoto(photo);
    const { width, height } = pixels;
    const original = await write(
      `${slug}/original.webp`,
      await encodePixels(pixels, "webp", { lossless: true }),
    );
    const made: DemoPhoto["qualities"][number][] = [];
    for (const quality of qualities) {
      const start = `${slug}/${quality}`;
      const ours = await write(
        `${start}.onecode`,
        await own.encode(pixels, quality),
      );
      const files = [];
      for (const codec of others) {
        const { bytes } = await encodeNearSize(codec, pixels, ours.bytes);
        const file = await write(`${start}.${ENDINGS[codec.id]}`, bytes);
        files.push({ name: codec.name.split(",")[0]!, ...file });
      }
      made.push({ quality, ours, others: files });
    }
    photos.push({
      name: name.replaceAll("-", " "),
      credit: credit(photo.name),
      ...{ width, height, original, qualities: made },
    });
  }
  const list: DemoPhotos = { model, photos };
  await atomicWrite(
    `${folder}/photos.json`,
    `${JSON.stringify(list, null, 2)}\n`,
  );
  return list;
}

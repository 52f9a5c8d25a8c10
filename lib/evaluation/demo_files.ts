/**
 * The photos of the site's demo: each at some qualities as our one file, and by
 * other codecs at about the same size. They are those of which the medium image
 * takes the smallest part of the file.
 *
 *     demo/photos.json
 *     demo/<photo>/original.webp          lossless
 *     demo/<photo>/<quality>.onecode      and .jpg, .webp, .avif
 *
 * @module
 */

import { parse } from "csv-parse/sync";
import { encodeNearSize } from "@/baselines/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { encodePixels } from "@/images/mod.ts";
import type { DemoPhoto, DemoPhotos } from "@/web/demo_photos.ts";
import type { Contestant } from "./contestants.ts";
import { type PhotoToMeasure, readPhoto } from "./photos.ts";
import type { CodecMeasurement } from "./rates.ts";

/** Extensions of the other codecs' files, by their ids. */
const ENDINGS: Readonly<Record<string, string>> = {
  jpeg: "jpg",
  webp: "webp",
  avif: "avif",
};

/** Choices of {@linkcode writeDemo}. */
export interface DemoOptions {
  /** Ours, of two layers. */
  readonly own: Contestant;
  /** JPEG, WebP and AVIF. */
  readonly others: readonly Contestant[];
  /** Maximum number of photos. */
  readonly count: number;
  /** Qualities of ours. */
  readonly qualities: readonly number[];
  /** Gives a photo's author and licence by the name of its file. */
  readonly credit: (file: string) => string;
}

/**
 * Writes the demo's files.
 *
 * @param folder Where they go, such as `results/codec/demo`.
 * @param measurement The photos.
 * @param options Codecs, number of photos, qualities and credits.
 * @returns The list of photos, which is written too.
 */
export async function writeDemo(
  folder: string,
  { set, model, controls }: CodecMeasurement,
  { own, others, count, qualities, credit }: DemoOptions,
): Promise<DemoPhotos> {
  const middle = qualities[qualities.length >> 1]!;
  const shares = new Map<PhotoToMeasure, number>();
  for (const [done, photo] of set.photos.entries()) {
    controls.signal?.throwIfAborted();
    const total = set.photos.length;
    controls.onProgress?.({ phase: "Choosing photos", done, total });
    const file = await own.encode(await readPhoto(photo), middle);
    shares.set(photo, own.halfOf!(file).length / file.length);
  }
  const chosen = set.photos
    .toSorted((a, b) => shares.get(a)! - shares.get(b)!).slice(0, count);
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

/**
 * Reads who made the starter photos.
 *
 * @param path Of the list of sources, `data/starter/SOURCES.csv`.
 * @returns A function that gives a sentence with author and licence for the
 * name of a photo, with or without extension; an empty text for other photos.
 */
export async function readCredits(
  path: string,
): Promise<(file: string) => string> {
  const sources = parse(await Deno.readTextFile(path), {
    columns: true,
  }) as { file: string; author: string; licence: string }[];
  const stem = (file: string) => file.replace(/\.\w+$/, "");
  return (file) => {
    const found = sources.find((source) => stem(source.file) === stem(file));
    return found === undefined
      ? ""
      : `Photo: ${found.author}, ${found.licence}.`;
  };
}

/**
 * A thread's batches of fresh crops of whole photos.
 *
 * @module
 */
import { type Pixels, readImage } from "@/images/mod.ts";
import { randomCrop } from "@/datasets/pairs/crop.ts";
import { cutPair } from "@/datasets/pairs/cut_pair.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { imageBytes } from "@/datasets/pairs/pairs.ts";
import type { MakeBatch, PhotoTask } from "./prefetch_worker.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { toUnit } from "./to_batch.ts";

/** Decoded photos that a thread keeps, in bytes. */
const memory = 256e6;

/** Cuts another crop of each photo in each epoch. */
export function batchesFromPhotos(task: PhotoTask): MakeBatch {
  const { photos, highSize, sizes, seed } = task;
  const read = keepRecent(readImage);
  const wanted = (size: "high" | "medium", length: number) =>
    new Float32Array(sizes.includes(size) ? length : 0);
  return async ({ epoch, indices }) => {
    const highBytes = imageBytes(highSize);
    const mediumBytes = imageBytes(highSize / 2);
    const high = wanted("high", indices.length * highBytes);
    const medium = wanted("medium", indices.length * mediumBytes);
    for (const [i, index] of indices.entries()) {
      const { path, sha256 } = photos[index]!;
      const photo = await read(path);
      const { width, height } = photo;
      if (Math.min(width, height) < highSize) {
        throw new DatasetError(
          `Photo "${path}" of ${width} by ${height} is too small for ${highSize}`,
        );
      }
      const random = seededRandom(seed, sha256, "epoch", epoch);
      const crop = randomCrop(width, height, highSize, random);
      const pair = await cutPair(photo, crop, highSize);
      if (high.length > 0) {
        toUnit(pair.high, high.subarray(i * highBytes, (i + 1) * highBytes));
      }
      if (medium.length > 0) {
        const start = i * mediumBytes;
        toUnit(pair.medium, medium.subarray(start, start + mediumBytes));
      }
    }
    return { high, medium };
  };
}

/** Remembers the photos that were used last, as many as fit. */
function keepRecent(
  read: (path: string) => Promise<Pixels>,
): (path: string) => Promise<Pixels> {
  const kept = new Map<string, Pixels>();
  let bytes = 0;
  return async (path) => {
    const photo = kept.get(path) ?? await read(path);
    if (!kept.delete(path)) bytes += photo.data.length;
    kept.set(path, photo);
    for (const [oldest, { data }] of kept) {
      if (bytes <= memory || oldest === path) break;
      kept.delete(oldest);
      bytes -= data.length;
    }
    return photo;
  };
}

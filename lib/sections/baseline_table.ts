/**
 * What JPEG, WebP and AVIF make of the same photos at the same size.
 *
 * @module
 */

import {
  avif,
  type Codec,
  encodeNearSize,
  jpeg,
  measureFile,
  webp,
} from "@/baselines/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, mean } from "./reconstruct.ts";
import type { SectionControls } from "./section.ts";

/** A codec at the size nearest to the wanted one; means over the photos. */
export interface BaselineRow {
  /** The codec's name. */
  readonly codec: string;
  /** Bytes a photo. */
  readonly bytes: number;
  /** Bits a pixel. */
  readonly bpp: number;
  /** PSNR in dB. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
}

/**
 * Encodes each photo with each codec, as near to a size as it comes.
 *
 * @param photos All of one size.
 * @param bytes The size a photo.
 * @param controls Told of progress; stops between two photos.
 */
export async function baselinesNear(
  photos: readonly Pixels[],
  bytes: number,
  controls: SectionControls = {},
): Promise<BaselineRow[]> {
  const codecs: Codec[] = [jpeg, webp, avif];
  const rows: BaselineRow[] = [];
  let done = 0;
  for (const codec of codecs) {
    const points = await mapAtOnce(photos, async (photo) => {
      controls.signal?.throwIfAborted();
      const file = await encodeNearSize(codec, photo, bytes);
      controls.onProgress?.({
        phase: `Encoding with ${codecs.map((c) => c.name).join(", ")}`,
        done: ++done,
        total: codecs.length * photos.length,
      });
      return measureFile(codec, photo, file);
    });
    rows.push({
      codec: codec.name,
      bytes: Math.round(mean(points.map((point) => point.bytes))),
      bpp: mean(points.map((point) => point.bpp)),
      psnrDb: mean(points.map((point) => finiteDb(point.psnrDb))),
      msssim: mean(points.map((point) => point.msssim)),
    });
  }
  return rows;
}

/** `map`, with as many calls at once as there are cores. */
async function mapAtOnce<In, Out>(
  items: readonly In[],
  call: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      results[i] = await call(items[i]!);
    }
  };
  const workers = Math.min(navigator.hardwareConcurrency, items.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

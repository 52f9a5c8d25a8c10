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
import { type Pixels, resizeImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { finiteDb, mean } from "@/experiment/reconstruct.ts";
import type { SectionControls } from "@/experiment/section.ts";

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
  /**
   * PSNR in dB of the decoded photo scaled down by Lanczos, against the photo
   * at half its size: what a server does that keeps one file.
   */
  readonly halfPsnrDb?: number;
}

/**
 * Encodes each photo with each codec, as near to a size as it comes.
 *
 * @param photos All of one size.
 * @param bytes The size a photo.
 * @param controls Told of progress; stops between two photos.
 * @param halves The photos at half their size, to compare with scaled down
 * ones.
 */
export async function baselinesNear(
  photos: readonly Pixels[],
  bytes: number,
  controls: SectionControls = {},
  halves?: readonly Pixels[],
): Promise<BaselineRow[]> {
  const codecs: Codec[] = [jpeg, webp, avif];
  const rows: BaselineRow[] = [];
  let done = 0;
  for (const codec of codecs) {
    const points = await mapAtOnce(photos, async (photo, i) => {
      controls.signal?.throwIfAborted();
      const file = await encodeNearSize(codec, photo, bytes);
      controls.onProgress?.({
        phase: `Encoding with ${codecs.map((c) => c.name).join(", ")}`,
        done: ++done,
        total: codecs.length * photos.length,
      });
      const point = await measureFile(codec, photo, file);
      const half = halves?.[i];
      if (half === undefined) return { ...point, halfPsnrDb: NaN };
      const decoded = await codec.decode(file.bytes);
      const small = await resizeImage(decoded, half.width, half.height);
      return { ...point, halfPsnrDb: psnr(small.data, half.data) };
    });
    rows.push({
      codec: codec.name,
      bytes: Math.round(mean(points.map((point) => point.bytes))),
      bpp: mean(points.map((point) => point.bpp)),
      psnrDb: mean(points.map((point) => finiteDb(point.psnrDb))),
      msssim: mean(points.map((point) => point.msssim)),
      ...halves === undefined
        ? {}
        : { halfPsnrDb: mean(points.map((p) => finiteDb(p.halfPsnrDb))) },
    });
  }
  return rows;
}

/** `map`, with as many calls at once as there are cores. */
async function mapAtOnce<In, Out>(
  items: readonly In[],
  call: (item: In, index: number) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      results[i] = await call(items[i]!, i);
    }
  };
  const workers = Math.min(navigator.hardwareConcurrency, items.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

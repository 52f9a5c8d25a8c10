/**
 * What JPEG, WebP and AVIF make of the same photos at the same size.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  avif,
  avifDefault,
  type Codec,
  encodeNearSize,
  jpeg,
  measureFile,
  webp,
  webpDefault,
} from "@/baselines/mod.ts";
import type { PairSize } from "@/datasets/mod.ts";
import { mapAtOnce } from "@/files/map_at_once.ts";
import { meanPsnr, scaleLike } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { runGrid } from "@/experiment/run_grid.ts";
import type { Profile, SectionControls } from "@/experiment/types.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, mean } from "@/metrics/mod.ts";
import { originals } from "@/training/mod.ts";
import type { BaselineRow } from "./types.ts";

/** What photos are encoded with. */
interface Baselines {
  readonly codecs: readonly Codec[];
  /** By what share the size of a file may be off. */
  readonly tolerance: number;
}

/** At their best and as near as they get, or what takes less time. */
const BASELINES: Readonly<Record<Profile, Baselines>> = {
  full: { codecs: [jpeg, webp, avif], tolerance: 0 },
  quick: { codecs: [jpeg, webpDefault, avifDefault], tolerance: 0.03 },
};

/**
 * Measures the codecs on the test photos, or reads what was measured before:
 * AVIF takes long.
 *
 * @param size Which image of each pair; high ones are also scaled down.
 * @param bytes The wanted size of each file.
 * @param data The photos.
 * @param profile Decides the codecs' effort.
 * @returns A row for each codec.
 */
export async function keptBaselines(
  size: PairSize,
  bytes: number,
  data: SectionData,
  profile: Profile,
): Promise<BaselineRow[]> {
  const { test } = data.pairs;
  const photos = originals(test, size);
  const halves = size === "high" ? originals(test, "medium") : undefined;
  const hash = createHash("sha256");
  photos.forEach(({ data }) => hash.update(data));
  const [run] = await runGrid([{
    name: `codecs at ${photos[0]!.width} pixels`,
    identity: [
      ...[hash.digest("hex"), bytes, ...halves ? ["halves"] : []],
      ...profile === "quick" ? [profile, BASELINES[profile].tolerance] : [],
    ],
    work: () =>
      baselinesNear(photos, bytes, data.controls, halves, BASELINES[profile]),
  }], data);
  return run!.found;
}

/**
 * Encodes each photo with each codec, as near to a size as possible.
 *
 * @param photos All of one size.
 * @param bytes The wanted size of each file.
 * @param controls Reports progress; stops between two photos.
 * @param halves The photos at half their size, to compare with scaled down
 * ones; by default nothing is scaled down.
 * @param baselines JPEG, WebP and AVIF at their best by default.
 * @returns A row for each codec.
 */
export async function baselinesNear(
  photos: readonly Pixels[],
  bytes: number,
  controls: SectionControls = {},
  halves?: readonly Pixels[],
  { codecs, tolerance }: Baselines = BASELINES.full,
): Promise<BaselineRow[]> {
  const rows: BaselineRow[] = [];
  let done = 0;
  for (const codec of codecs) {
    let start: number | undefined; // The first photo's quality.
    const points = await mapAtOnce(photos, async (photo, i) => {
      controls.signal?.throwIfAborted();
      const file = await encodeNearSize(codec, photo, bytes, {
        start,
        tolerance,
      });
      start ??= file.quality;
      controls.onProgress?.({
        phase: `Encoding with ${codecs.map((c) => c.name).join(", ")}`,
        done: ++done,
        total: codecs.length * photos.length,
      });
      const point = await measureFile(codec, photo, file);
      const half = halves?.[i];
      if (half === undefined) return { ...point, halfPsnrDb: 0 };
      const scaled = await scaleLike([await codec.decode(file.bytes)], [half]);
      return { ...point, halfPsnrDb: meanPsnr(scaled, [half]) };
    });
    const meanOf = (measure: (point: typeof points[number]) => number) =>
      mean(points.map(measure));
    rows.push({
      codec: codec.name,
      bytes: Math.round(meanOf(({ bytes }) => bytes)),
      bpp: meanOf(({ bpp }) => bpp),
      psnrDb: meanOf(({ psnrDb }) => finiteDb(psnrDb)),
      msssim: meanOf(({ msssim }) => msssim),
      ...halves && { halfPsnrDb: meanOf(({ halfPsnrDb }) => halfPsnrDb) },
    });
  }
  return rows;
}

/**
 * The photos that figures of *super-resolution* show of a way: a few whole
 * ones, and a square of each where interpolation errs the most.
 *
 * @module
 */

import { cropImage, type Pixels } from "@/images/mod.ts";
import { doubleSize } from "@/models/mod.ts";
import { enlargePairs, worstSquare } from "./measure.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { originals } from "@/training/mod.ts";
import { samplePairs, samplePhotos } from "@/experiment/samples.ts";
import { wholeOnes } from "./names.ts";

/** What figures show. */
export interface ShownSettings {
  /** Photos, at most. */
  readonly count: number;
  /** Side of the squares, in pixels. */
  readonly side: number;
}

/**
 * Writes what figures show of a way.
 *
 * @param path Of a file, given its part.
 * @param photos The test photos by that way, all of them.
 * @param data Their originals.
 * @param shown How many, and the side of the squares in pixels.
 */
export async function writeShown(
  path: (part: "photos" | "details") => string,
  photos: readonly Pixels[],
  data: SectionData,
  { count, side }: ShownSettings,
): Promise<void> {
  const samples = samplePairs(data.pairs, count);
  const shown = samplePhotos(data.pairs, photos, count);
  await writeStrip(path("photos"), wholeOnes(shown));
  const smooth = enlargePairs(
    samples,
    ({ medium }) => doubleSize(medium, "lanczos3"),
  );
  const against = originals(samples, "high");
  const squares = shown.map((photo, i) =>
    cropImage(photo, worstSquare(smooth[i]!, against[i]!, side))
  );
  await writeStrip(path("details"), squares);
}

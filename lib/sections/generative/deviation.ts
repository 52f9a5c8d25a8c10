/**
 * Where draws differ, and whether that is where their mean is wrong: a network
 * that knows what it does not know differs there and nowhere else.
 *
 * @module
 */

import { meanPsnr } from "@/experiment/measure.ts";
import type { Pixels } from "@/images/mod.ts";
import { mean } from "@/metrics/mod.ts";
import type { PhotoDraws } from "./sampling.ts";
import type { DrawsFound } from "./types.ts";

/** Parts that pixels are divided into by their deviation. */
const BINS = 10;

/** By how much maps are brighter than what they show. */
const MAP_GAIN = 10;

/** What draws tell, and maps of it. */
export interface DescribedDraws
  extends Pick<DrawsFound, "singleDb" | "meanDb" | "correlation" | "bins"> {
  /** Grey, for each photo: the deviation; white for a tenth of the range. */
  readonly deviation: readonly Pixels[];
  /** Grey, for each photo: the error of the mean; likewise. */
  readonly error: readonly Pixels[];
}

/**
 * Describes draws.
 *
 * @param drawn The draws of some photos, at least two.
 * @param against The originals.
 * @returns Numbers and maps.
 */
export function describeDraws(
  { draws, means, deviations }: PhotoDraws,
  against: readonly Pixels[],
): DescribedDraws {
  const errors = means.map((photo, i) => errorMap(photo, against[i]!));
  const counts = Array.from(
    { length: Math.floor(Math.log2(draws.length)) + 1 },
    (_, i) => 2 ** i,
  );
  return {
    singleDb: mean(draws.map((photos) => meanPsnr(photos, against))),
    meanDb: counts.map((count) => ({
      draws: count,
      psnrDb: meanPsnr(
        against.map((_, i) =>
          meanPhoto(draws.slice(0, count).map((photos) => photos[i]!))
        ),
        against,
      ),
    })),
    ...compareMaps(deviations, errors),
    deviation: deviations.map((map, i) => greyMap(map, against[i]!)),
    error: errors.map((map, i) => greyMap(map, against[i]!)),
  };
}

/** Root mean square over the colours, in 0..1. */
function errorMap(photo: Pixels, original: Pixels): Float32Array {
  return Float32Array.from(
    { length: photo.data.length / 3 },
    (_, i) => {
      let sum = 0;
      for (let at = 3 * i; at < 3 * i + 3; at++) {
        sum += ((photo.data[at]! - original.data[at]!) / 255) ** 2;
      }
      return Math.sqrt(sum / 3);
    },
  );
}

function meanPhoto(photos: readonly Pixels[]): Pixels {
  const [first] = photos;
  const data = first!.data.map((_, i) =>
    Math.round(mean(photos.map((photo) => photo.data[i]!)))
  );
  return { ...first!, data };
}

/** Correlation of two kinds of maps, and their means by size of the first. */
function compareMaps(
  deviations: readonly Float32Array[],
  errors: readonly Float32Array[],
): Pick<DescribedDraws, "correlation" | "bins"> {
  const pairs = deviations.flatMap((map, i) =>
    Array.from(map, (deviation, at) => ({ deviation, error: errors[i]![at]! }))
  ).sort((a, b) => a.deviation - b.deviation);
  const rms = (values: readonly number[]) =>
    Math.sqrt(mean(values.map((value) => value ** 2)));
  const bins = Array.from({ length: BINS }, (_, i) => {
    const part = pairs.slice(
      Math.floor(i * pairs.length / BINS),
      Math.floor((i + 1) * pairs.length / BINS),
    );
    return {
      deviation: rms(part.map(({ deviation }) => deviation)),
      error: rms(part.map(({ error }) => error)),
    };
  });
  const [x, y] = [
    mean(pairs.map(({ deviation }) => deviation)),
    mean(pairs.map(({ error }) => error)),
  ];
  let products = 0, across = 0, down = 0;
  for (const { deviation, error } of pairs) {
    products += (deviation - x) * (error - y);
    across += (deviation - x) ** 2;
    down += (error - y) ** 2;
  }
  return { correlation: products / Math.sqrt(across * down), bins };
}

function greyMap(map: Float32Array, { width, height }: Pixels): Pixels {
  const data = new Uint8Array(map.length * 3);
  map.forEach((value, i) =>
    data.fill(
      Math.min(255, Math.round(255 * MAP_GAIN * value)),
      3 * i,
      3 * i + 3,
    )
  );
  return { width, height, data };
}

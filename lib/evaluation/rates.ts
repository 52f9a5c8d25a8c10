/**
 * Rate and quality of our codec and the others on whole photos.
 *
 * @module
 */

import { libraryVersions, published } from "@/baselines/mod.ts";
import { describeMachine } from "@/experiment/environment.ts";
import { describeVersions } from "@/training/run.ts";
import type { SectionControls } from "@/experiment/types.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  bdRate,
  efficientPoints,
  LOSSLESS_DB,
  mean,
  msSsim,
  msSsimScales,
  type QualityMetric,
  type RatePoint,
} from "@/metrics/mod.ts";
import {
  codeBothSizes,
  type Contestant,
  contestantKey,
  type MeasuredFile,
} from "./contestants.ts";
import { type MeasurementCache, trackPieces } from "./measurement_cache.ts";
import {
  type MeasuredPhoto,
  photoKey,
  type PhotosToMeasure,
  readBothSizes,
} from "./photos.ts";
import type {
  CodecCurve,
  CodecOrigin,
  CodecPoint,
  CodecRates,
  DeltaRates,
} from "./results.ts";

/** Limits of the delta rates, in bits per pixel. */
const BD_RANGE = [0.15, 1] as const;

/** Photos to measure codecs on, and how. */
export interface CodecMeasurement {
  /** The photos. */
  readonly set: PhotosToMeasure;
  /** Id of our model, 16 hexadecimal digits. */
  readonly model: string;
  /** Measurements that were made before. */
  readonly cache: MeasurementCache;
  /** How to watch and to stop it. */
  readonly controls: SectionControls;
}

/**
 * Measures rate and quality of codecs, photo by photo. What was measured before
 * is not measured again.
 *
 * @param measurement The photos, and how to watch and to stop it.
 * @param contestants Ours first; if both are given, with effort before without.
 * @returns Rate curves and delta rates, for a file in `results/codec`.
 */
export async function measureRates(
  measurement: CodecMeasurement,
  contestants: readonly Contestant[],
): Promise<CodecRates> {
  const { set } = measurement;
  const found = await measureAll(measurement, contestants);
  const curves = contestants.map((contestant): CodecCurve => ({
    id: contestant.id,
    name: contestant.name,
    points: contestant.qualities.map((quality, i) =>
      meanPoint(quality, found.get(contestant.id)!.map((photo) => photo[i]!))
    ),
  }));
  const codecs = [...curves, ...set.name === "kodak" ? publishedCurves() : []];
  return {
    dataset: describeSet(set),
    ...origin(measurement.model),
    codecs,
    bdRange: BD_RANGE,
    bdRate: deltaRates(codecs, "psnrDb"),
    bdRateMsssim: deltaRates(codecs, "msssim"),
    ...(contestants[1]?.id === "ours"
      ? { bdRateNoEffort: deltaRates(codecs.slice(1), "psnrDb") }
      : {}),
  };
}

/**
 * Describes where a result comes from.
 *
 * @param model Id of our model, 16 hexadecimal digits.
 * @returns The model, this machine and the versions of all libraries.
 */
export function origin(model: string): CodecOrigin {
  return {
    model,
    machine: describeMachine(),
    versions: { ...describeVersions(), ...libraryVersions() },
  };
}

/**
 * Describes the photos of a result.
 *
 * @param set The photos.
 * @returns Name, fingerprint and number.
 */
export function describeSet(set: PhotosToMeasure): CodecRates["dataset"] {
  const { name, fingerprint, photos } = set;
  return { name, fingerprint, photos: photos.length };
}

/** A file of a photo. */
interface RatedFile extends MeasuredFile {
  /** Pixels of the photo. */
  readonly pixels: number;
  /** MS-SSIM of the photo, 0 to 1. */
  readonly msssim: number;
  /** MS-SSIM at half size, 0 to 1. */
  readonly halfMsssim: number;
}

/** By contestant and photo, one per quality. */
async function measureAll(
  { set, cache, controls }: CodecMeasurement,
  contestants: readonly Contestant[],
): Promise<Map<string, RatedFile[][]>> {
  const keys = await Promise.all(contestants.map(contestantKey));
  const found = new Map(
    contestants.map(({ id }) => [id, [] as RatedFile[][]]),
  );
  const perPhoto = contestants.reduce(
    (sum, { qualities }) => sum + qualities.length,
    0,
  );
  const next = trackPieces({
    phase: `Rate and quality, ${set.name}`,
    total: set.photos.length * perPhoto,
    cache,
    controls,
  });
  for (const photo of set.photos) {
    // It is only read if something is still to be measured.
    let images: Promise<MeasuredPhoto> | undefined;
    for (const [i, contestant] of contestants.entries()) {
      const { id, name, qualities } = contestant;
      const files: RatedFile[] = [];
      for (const quality of qualities) {
        next();
        const identity = ["rate", name, keys[i], photoKey(photo), quality];
        const file = await cache.once(identity, async () => {
          images ??= readBothSizes(photo);
          return await rateFile(contestant, await images, quality);
        });
        files.push(file);
      }
      found.get(id)!.push(files);
    }
  }
  next();
  return found;
}

async function rateFile(
  contestant: Contestant,
  photo: MeasuredPhoto,
  quality: number,
): Promise<RatedFile> {
  const { file, full, half } = await codeBothSizes(contestant, photo, quality);
  return {
    pixels: photo.full.width * photo.full.height,
    ...file,
    msssim: structure(full, photo.full),
    halfMsssim: structure(half, photo.half),
  };
}

/** MS-SSIM, of fewer than five scales for small images. */
function structure(image: Pixels, original: Pixels): number {
  const scales = msSsimScales(original.width, original.height);
  return msSsim(image, original, { scales });
}

/**
 * Counts the photos whose PSNR is limited to 60 dB, so that a mean does not
 * hide that they have no loss.
 *
 * @param photos PSNRs of each photo in dB, at most 60.
 * @returns A field for a result; nothing if there is no such photo.
 */
export function countCapped(
  photos: readonly (readonly number[])[],
): { readonly capped?: number } {
  const capped =
    photos.filter((decibels) => decibels.some((value) => value >= LOSSLESS_DB))
      .length;
  return capped === 0 ? {} : { capped };
}

function meanPoint(
  quality: number,
  photos: readonly RatedFile[],
): CodecPoint {
  const over = (value: (photo: RatedFile) => number) => mean(photos.map(value));
  const isLayered = photos.every(({ halfBytes }) => halfBytes !== undefined);
  return {
    quality,
    bpp: over(({ bytes, pixels }) => 8 * bytes / pixels),
    psnrDb: over(({ psnrDb }) => psnrDb),
    ...countCapped(photos.map((file) => [file.psnrDb, file.halfPsnrDb])),
    msssim: over(({ msssim }) => msssim),
    ...(isLayered
      ? { halfBpp: over(({ halfBytes, pixels }) => 8 * halfBytes! / pixels) }
      : {}),
    halfPsnrDb: over(({ halfPsnrDb }) => halfPsnrDb),
    halfMsssim: over(({ halfMsssim }) => halfMsssim),
  };
}

function publishedCurves(): CodecCurve[] {
  return published.map(({ name, source, points }) => ({
    id: name,
    name: `CompressAI ${name}`,
    source,
    points: points.map(({ quality, bpp, psnrDb, msssim }) => ({
      quality,
      bpp,
      psnrDb,
      msssim,
    })),
  }));
}

/**
 * Bjøntegaard's delta rates from 0.15 to 1 bits per pixel.
 *
 * @param curves At least one, ours first.
 * @param metric The quality that is held equal.
 * @returns Percent of bits that the first curve takes more than each of the
 * others, by id; null if the two share no quality within the limits.
 */
export function deltaRates(
  [own, ...rest]: readonly CodecCurve[],
  metric: QualityMetric,
): DeltaRates {
  return Object.fromEntries(
    rest.map(({ id, points }) => [
      id,
      deltaRate(points, own!.points, metric),
    ]),
  );
}

function deltaRate(
  anchor: readonly RatePoint[],
  test: readonly RatePoint[],
  metric: QualityMetric,
): number | null {
  const curves = [anchor, test].map((points) =>
    efficientPoints(points, metric)
  );
  try {
    return bdRate(curves[0]!, curves[1]!, { metric, range: BD_RANGE });
  } catch (error) {
    if (error instanceof RangeError) return null; // no quality is shared
    throw error;
  }
}

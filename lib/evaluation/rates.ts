/**
 * Rate and quality of our codec and the others on whole photos.
 *
 * @module
 */

import { libraryVersions, published } from "@/baselines/mod.ts";
import {
  bdRate,
  efficientPoints,
  mean,
  type QualityMetric,
  type RatePoint,
} from "@/metrics/mod.ts";
import { type Contestant, contestantKey } from "./contestants.ts";
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
import { describeMachine, describeVersions } from "@/experiment/environment.ts";
import type { KeptUnits } from "./kept_units.ts";
import { type MeasuredStructure, measureStructureOf } from "./measure_file.ts";
import type { SectionControls } from "@/experiment/types.ts";
import { watchPieces } from "./watch_pieces.ts";

/** Limits of the delta rates, in bits a pixel. */
export const BD_RANGE = [0.15, 1] as const;

/** What a measurement of codecs is given. */
export interface CodecMeasurement {
  /** The photos. */
  readonly set: PhotosToMeasure;
  /** Id of our model. */
  readonly model: string;
  /** What was measured before. */
  readonly units: KeptUnits;
  /** How to watch and to stop it. */
  readonly controls: SectionControls;
}

/**
 * Measures codecs, photo by photo. What was measured before is not measured
 * again.
 *
 * @param contestants Ours first; with effort and then without, if both are.
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

/** Where a result comes from. */
export function origin(model: string): CodecOrigin {
  return {
    model,
    machine: describeMachine(),
    versions: { ...describeVersions(), ...libraryVersions() },
  };
}

/** The photos of a result. */
export function describeSet(set: PhotosToMeasure): CodecRates["dataset"] {
  const { name, fingerprint, photos } = set;
  return { name, fingerprint, photos: photos.length };
}

interface Measured extends MeasuredStructure {
  /** Of the photo. */
  readonly pixels: number;
}

/** By contestant and photo, one a quality. */
async function measureAll(
  { set, units, controls }: CodecMeasurement,
  contestants: readonly Contestant[],
): Promise<Map<string, Measured[][]>> {
  const keys = await Promise.all(contestants.map(contestantKey));
  const found = new Map(
    contestants.map(({ id }) => [id, [] as Measured[][]]),
  );
  const perPhoto = contestants.reduce(
    (sum, { qualities }) => sum + qualities.length,
    0,
  );
  const total = set.photos.length * perPhoto;
  const phase = `Rate and quality, ${set.name}`;
  const next = watchPieces(phase, total, units, controls);
  for (const photo of set.photos) {
    // Read only if something of it is still to be measured.
    let images: Promise<MeasuredPhoto> | undefined;
    for (const [i, contestant] of contestants.entries()) {
      const { id, name, qualities } = contestant;
      const rows: Measured[] = [];
      for (const quality of qualities) {
        next();
        const identity = ["rate", name, keys[i], photoKey(photo), quality];
        rows.push(
          await units.once(identity, async () => {
            const sizes = await (images ??= readBothSizes(photo));
            const { width, height } = sizes.full;
            const measured = await measureStructureOf(
              contestant,
              sizes,
              quality,
            );
            return { pixels: width * height, ...measured };
          }),
        );
      }
      found.get(id)!.push(rows);
    }
  }
  next();
  return found;
}

function meanPoint(
  quality: number,
  photos: readonly Measured[],
): CodecPoint {
  const over = (value: (photo: Measured) => number) => mean(photos.map(value));
  const isLayered = photos.every(({ halfBytes }) => halfBytes !== undefined);
  return {
    quality,
    bpp: over(({ bytes, pixels }) => 8 * bytes / pixels),
    psnrDb: over(({ psnrDb }) => psnrDb),
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
 * The first curve against each of the others, over {@linkcode BD_RANGE}.
 *
 * @param curves At least one.
 * @param metric What is held equal.
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
    if (error instanceof RangeError) return null; // nothing is shared
    throw error;
  }
}

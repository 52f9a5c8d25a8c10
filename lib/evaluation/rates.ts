/**
 * Rate and quality of our codec and the others on whole photos.
 *
 * @module
 */

import { libraryVersions, published } from "@/baselines/mod.ts";
import { UserError } from "@/errors/user_error.ts";
import { kodakFiles } from "@/datasets/mod.ts";
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
import type { Ssimulacra2 } from "./ssimulacra2/start_ssimulacra2.ts";

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
  /** Scores files as the eye would, if it runs. */
  readonly ssimulacra2?: Ssimulacra2 | undefined;
}

/**
 * Measures rate and quality of codecs, photo by photo. What was measured before
 * is not measured again.
 *
 * @param measurement The photos, and how to watch and to stop it.
 * @param contestants Ours first; then, if it is given, ours with effort.
 * @param kept Curves of other codecs that need not be measured, see
 * {@linkcode keepCurves}.
 * @returns Rate curves and delta rates, for a file in `results/codec`.
 */
export async function measureRates(
  measurement: CodecMeasurement,
  contestants: readonly Contestant[],
  kept: readonly CodecCurve[] = [],
): Promise<CodecRates> {
  const { set, ssimulacra2 } = measurement;
  const found = await measureAll(measurement, contestants);
  const curves = contestants.map((contestant): CodecCurve => ({
    id: contestant.id,
    name: contestant.name,
    points: contestant.qualities.map((quality, i) =>
      meanPoint(quality, found.get(contestant.id)!.map((photo) => photo[i]!))
    ),
  }));
  const codecs = [
    ...curves,
    ...kept,
    ...isWholeKodak(set) ? publishedCurves() : [],
  ];
  const without = (left: string) => codecs.filter(({ id }) => id !== left);
  const plain = without("oursRefined");
  return {
    dataset: describeSet(set),
    ...origin(measurement.model),
    codecs,
    bdRange: BD_RANGE,
    bdRate: deltaRates(plain, "psnrDb"),
    bdRateMsssim: deltaRates(plain, "msssim"),
    ...(plain.length === codecs.length ? {} : {
      bdRateWithEffort: deltaRates(without("ours"), "psnrDb"),
    }),
    ...(ssimulacra2 === undefined ? {} : {
      bdRateSsimulacra2: deltaRates(plain, "ssimulacra2"),
      ssimulacra2Library: ssimulacra2.library,
    }),
    ...(kept.length === 0 ? {} : { kept: kept.map(({ id }) => id) }),
  };
}

/**
 * Takes the curves of other codecs from an earlier result, since they do not
 * depend on our weights.
 *
 * @param previous The earlier result.
 * @param set The photos; they have to be the same.
 * @param versions Versions of the libraries; they have to be the same.
 * @returns The curves that were measured, without ours.
 * @throws {UserError} If photos or versions differ.
 */
export function keepCurves(
  previous: CodecRates,
  set: PhotosToMeasure,
  versions: CodecRates["versions"] = origin("").versions,
): CodecCurve[] {
  const { dataset } = previous;
  const { name, photos, fingerprint } = describeSet(set);
  if (dataset.fingerprint !== fingerprint || dataset.photos !== photos) {
    throw new UserError(
      `The curves of the other codecs are of ${dataset.photos} photos of ` +
        `"${dataset.name}", not of these ${photos} of "${name}": measure ` +
        "without --only ours.",
    );
  }
  // Those of ours do not matter to the others.
  const { deno: _, tensorflow: _t, tfjs: _j, ...libraries } = versions;
  const found = new Map(Object.entries(previous.versions));
  for (const [library, version] of Object.entries(libraries)) {
    const before = found.get(library);
    // Older results do not state libvips, whose version sharp's decides.
    if (before === undefined || before === version) continue;
    throw new UserError(
      `The curves of the other codecs are of ${library} ${before}, not of ` +
        `${version}: measure without --only ours.`,
    );
  }
  return previous.codecs.filter(({ id, source }) =>
    !id.startsWith("ours") && source === undefined
  );
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
  /** SSIMULACRA 2 of the photo, if it is measured. */
  readonly ssimulacra2?: number;
}

/** By contestant and photo, one per quality. */
async function measureAll(
  { set, cache, controls, ssimulacra2 }: CodecMeasurement,
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
        if (ssimulacra2 !== undefined) identity.push(ssimulacra2.library);
        const file = await cache.once(identity, async () => {
          images ??= readBothSizes(photo);
          const { score } = ssimulacra2 ?? {};
          return await rateFile(contestant, await images, quality, score);
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
  score: Ssimulacra2["score"] | undefined,
): Promise<RatedFile> {
  const { file, full, half } = await codeBothSizes(contestant, photo, quality);
  return {
    pixels: photo.full.width * photo.full.height,
    ...file,
    msssim: structure(full, photo.full),
    halfMsssim: structure(half, photo.half),
    ...(score === undefined
      ? {}
      : { ssimulacra2: await score(full, photo.full) }),
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
    ...(photos.every(({ ssimulacra2 }) => ssimulacra2 !== undefined)
      ? { ssimulacra2: over(({ ssimulacra2 }) => ssimulacra2!) }
      : {}),
    ...(isLayered
      ? { halfBpp: over(({ halfBytes, pixels }) => 8 * halfBytes! / pixels) }
      : {}),
    halfPsnrDb: over(({ halfPsnrDb }) => halfPsnrDb),
    halfMsssim: over(({ halfMsssim }) => halfMsssim),
  };
}

/** Whether published curves are of the same photos. */
function isWholeKodak({ name, photos }: PhotosToMeasure): boolean {
  return name === "kodak" && photos.length === kodakFiles.length;
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
 * others, by id; null if the two share no quality within the limits. Curves that
 * were not measured by the metric are missing.
 */
export function deltaRates(
  [own, ...rest]: readonly CodecCurve[],
  metric: QualityMetric,
): DeltaRates {
  return Object.fromEntries(
    rest.filter(({ points }) => points.some((point) => metric in point))
      .map(({ id, points }) => [id, deltaRate(points, own!.points, metric)]),
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

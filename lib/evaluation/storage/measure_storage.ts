/**
 * What one file for two sizes saves, at equal PSNR at both: our layered file
 * against two files, and against one that the server scales down.
 *
 * The layered files of some qualities set the targets. Every other scheme gets
 * the fewest bytes that reach both, see `leastBytes`. A target that a codec
 * cannot meet, because its worst file is better or its best one worse, is not
 * counted for it. Other formats of one file for two sizes are measured where
 * their encoders run, see `rivals.ts`.
 *
 * @module
 */

import { type Contestant, contestantKey } from "@/evaluation/contestants.ts";
import { trackPieces } from "@/evaluation/measurement_cache.ts";
import {
  type MeasuredPhoto,
  photoKey,
  readBothSizes,
} from "@/evaluation/photos.ts";
import {
  type CodecMeasurement,
  describeSet,
  origin,
} from "@/evaluation/rates.ts";
import type { CodecStorage } from "@/evaluation/results.ts";
import { describeMachine } from "@/experiment/environment.ts";
import {
  againstLayeredAvif,
  layeredPercent,
  meanRow,
  meanTarget,
  sharedCases,
  storedPair,
} from "./means.ts";
import {
  type HighOnlyFile,
  type KeyedContestant,
  measureHighOnly,
  measureLayered,
  measureTwoFiles,
  type PhotoContext,
  type TwoFiles,
} from "./measure_photo.ts";
import {
  measureByResolution,
  measureLayeredAvif,
  measureProgressive,
} from "./measure_rivals.ts";
import {
  type StorageCase,
  type StorageContestants,
  storageSchemes,
} from "./schemes.ts";

/** Qualities whose layered files are the targets. */
const TARGET_QUALITIES: readonly number[] = [38, 56, 72];

/**
 * Compares ways of storing photos for two sizes. What was measured before is
 * not measured again.
 *
 * @param measurement The photos, and how to watch and to stop it.
 * @param codecs The codecs.
 * @param qualities Of the layered files, 1..100.
 * @returns The table and the targets, for `results/codec/storage.json`.
 */
export async function measureStorage(
  measurement: CodecMeasurement,
  codecs: StorageContestants,
  qualities: readonly number[] = TARGET_QUALITIES,
): Promise<CodecStorage> {
  const { set, model } = measurement;
  const { simulcast, rivals } = codecs;
  const cases = await measureCases(measurement, codecs, qualities);
  const schemes = storageSchemes(codecs);
  const compared = {
    schemes,
    simulcast: schemes.find(({ way, codec }) =>
      way === "two files" && codec === simulcast.id
    )!,
    layeredAvif: schemes.find(({ codec }) => codec === "layeredAvif"),
  };
  return {
    dataset: describeSet(set),
    ...origin(model),
    pairs: cases.length,
    sharedPairs: sharedCases(schemes, cases).length,
    rows: schemes.map((scheme) => meanRow(scheme, schemes, cases)),
    layeredVsSimulcastPercent: layeredPercent(compared.simulcast, cases),
    ...againstLayeredAvif(compared.layeredAvif, cases),
    ...rivals === undefined ? {} : { rivalVersions: rivals.versions },
    targets: qualities.map((quality) => {
      const ofTarget = cases.filter((found) => found.quality === quality);
      return meanTarget(quality, ofTarget, compared);
    }),
    photos: cases.map((found) => storedPair(schemes, found)),
  };
}

async function measureCases(
  { set, cache, controls }: CodecMeasurement,
  codecs: StorageContestants,
  qualities: readonly number[],
): Promise<StorageCase[]> {
  const { simulcast, others, rivals } = codecs;
  const layeredCodec = await keyed(codecs.layered);
  const separateCodecs = await Promise.all([simulcast, ...others].map(keyed));
  const byResolution = rivals && await keyed(rivals.jpeg2000);
  const progressive = rivals && await keyed(rivals.jpegXl);
  const machine = describeMachine().cpu;
  const pieces = 1 + separateCodecs.length + (rivals ? 1 : 0);
  const next = trackPieces({
    phase: `Storage, ${set.name}`,
    total: set.photos.length * qualities.length * pieces,
    cache,
    controls,
  });
  const cases: StorageCase[] = [];
  for (const photo of set.photos) {
    let images: Promise<MeasuredPhoto> | undefined;
    const read = () => images ??= readBothSizes(photo);
    const context: PhotoContext = {
      key: photoKey(photo),
      read,
      cache,
      machine,
    };
    for (const quality of qualities) {
      next();
      const layered = await measureLayered(layeredCodec, context, quality);
      const twoFiles = new Map<string, TwoFiles>();
      const highOnly = new Map<string, HighOnlyFile>();
      for (const codec of separateCodecs) {
        next();
        const { id } = codec.contestant;
        const two = await measureTwoFiles(codec, context, layered);
        twoFiles.set(id, two);
        if (codec.contestant === simulcast) continue;
        const { quality } = two.medium;
        highOnly.set(
          id,
          await measureHighOnly(codec, context, layered, quality),
        );
      }
      if (rivals) next();
      const rivalFiles = rivals && {
        layeredAvif: await measureLayeredAvif(
          rivals.layeredAvif,
          context,
          layered,
        ),
        jpeg2000: await measureByResolution(byResolution!, context, layered),
        jpegXl: await measureProgressive(
          ...[rivals.jpegXl, progressive!.key, context, layered] as const,
        ),
      };
      cases.push({
        photo: photo.name,
        quality,
        layered,
        twoFiles,
        highOnly,
        rivals: rivalFiles,
      });
    }
  }
  next();
  return cases;
}

async function keyed(contestant: Contestant): Promise<KeyedContestant> {
  return { contestant, key: await contestantKey(contestant) };
}

/**
 * Means over photos and targets of the ways to store photos.
 *
 * @module
 */

import { countCapped } from "@/evaluation/rates.ts";
import type {
  RequestCost,
  StorageRow,
  StorageTarget,
  StoredPair,
} from "@/evaluation/results.ts";
import { mean, median } from "@/metrics/mod.ts";
import type { LayeredFile } from "./measure_photo.ts";
import type { StorageCase, StorageScheme, StoredPhoto } from "./schemes.ts";

/**
 * A row of the table.
 *
 * @param scheme The row's scheme.
 * @param schemes All schemes.
 * @param cases All photos at all targets.
 * @returns Means over the cases that all schemes reach.
 */
export function meanRow(
  scheme: StorageScheme,
  schemes: readonly StorageScheme[],
  cases: readonly StorageCase[],
): StorageRow {
  const shared = sharedCases(schemes, cases).map(scheme.store);
  const over = (value: (stored: StoredPhoto) => number) =>
    shared.length === 0 ? null : mean(shared.map(value));
  const cost = (
    of: (stored: StoredPhoto) => RequestCost,
  ): RequestCost | null =>
    shared.length === 0 ? null : {
      medium: median(shared.map((stored) => of(stored).medium)),
      high: median(shared.map((stored) => of(stored).high)),
    };
  return {
    way: scheme.way,
    codec: scheme.codec,
    name: scheme.name,
    reached: cases.filter((found) => scheme.store(found).isReached).length,
    storedBytes: over((stored) => stored.storedBytes),
    mediumBytes: over((stored) => stored.mediumBytes),
    highBytes: over((stored) => stored.highBytes),
    mediumLossDb: over((stored) => stored.mediumLossDb),
    serverCpuMs: cost((stored) => stored.serverCpuMs),
    clientCpuMs: cost((stored) => stored.clientCpuMs),
    layeredPercent: layeredPercent(scheme, cases),
  };
}

/**
 * The cases that all schemes reach.
 *
 * @param schemes All schemes.
 * @param cases All photos at all targets.
 * @returns Those of the table's means.
 */
export function sharedCases(
  schemes: readonly StorageScheme[],
  cases: readonly StorageCase[],
): StorageCase[] {
  return cases.filter((found) =>
    schemes.every((scheme) => scheme.store(found).isReached)
  );
}

/**
 * What a photo takes at a target in every scheme.
 *
 * @param schemes All schemes.
 * @param found The photo at the target.
 * @returns Bytes by way, where the target is reached.
 */
export function storedPair(
  schemes: readonly StorageScheme[],
  found: StorageCase,
): StoredPair {
  return {
    photo: found.photo,
    quality: found.quality,
    ways: schemes.flatMap(({ way, codec, store }) => {
      const stored = store(found);
      if (!stored.isReached) return [];
      const { storedBytes, thumbnailBytes, mediumBytes, highBytes } = stored;
      return [{
        way,
        codec,
        storedBytes,
        ...(thumbnailBytes === undefined ? {} : { thumbnailBytes }),
        mediumBytes,
        highBytes,
      }];
    }),
  };
}

/**
 * How much more the layered file stores than a scheme.
 *
 * @param scheme What it is compared with.
 * @param cases Photos at targets.
 * @returns Mean percentage over the cases that the scheme reaches; negative if
 * the layered file is smaller, null if the scheme reaches no case.
 */
export function layeredPercent(
  scheme: StorageScheme,
  cases: readonly StorageCase[],
): number | null {
  const percents = cases.flatMap((found) => {
    const { isReached, storedBytes } = scheme.store(found);
    return isReached ? [100 * (found.layered.bytes / storedBytes - 1)] : [];
  });
  return percents.length === 0 ? null : mean(percents);
}

/**
 * How much more our layered file takes than a layered AVIF.
 *
 * @param layeredAvif The scheme, if it is measured.
 * @param cases Photos at targets.
 * @returns A field for a result: mean percentages over the cases that it
 * reaches, null if there are none; nothing if it is not measured.
 */
export function againstLayeredAvif(
  layeredAvif: StorageScheme | undefined,
  cases: readonly StorageCase[],
): Pick<StorageTarget, "layeredVsLayeredAvifPercent"> {
  if (layeredAvif === undefined) return {};
  const percents = cases.flatMap((found) => {
    const { isReached, mediumBytes } = layeredAvif.store(found);
    const { layered } = found;
    return isReached ? [100 * (layered.mediumBytes / mediumBytes - 1)] : [];
  });
  return {
    layeredVsLayeredAvifPercent: percents.length === 0 ? null : {
      total: layeredPercent(layeredAvif, cases)!,
      prefix: mean(percents),
    },
  };
}

/** The schemes that single numbers of a result compare the layered file with. */
export interface ComparedSchemes {
  /** All rows of the table. */
  readonly schemes: readonly StorageScheme[];
  /** Two files of ours. */
  readonly simulcast: StorageScheme;
  /** Layered AVIF, if it is measured. */
  readonly layeredAvif: StorageScheme | undefined;
}

/**
 * What layered files of a quality reach, and what they save.
 *
 * @param quality The quality.
 * @param cases All photos at this target.
 * @param compared The schemes.
 * @returns Means over the photos.
 */
export function meanTarget(
  quality: number,
  cases: readonly StorageCase[],
  { schemes, simulcast, layeredAvif }: ComparedSchemes,
): StorageTarget {
  const over = (value: (layered: LayeredFile) => number) =>
    mean(cases.map(({ layered }) => value(layered)));
  return {
    quality,
    ...countCapped(
      cases.map(({ layered }) => [layered.highDb, layered.mediumDb]),
    ),
    highDb: over(({ highDb }) => highDb),
    mediumDb: over(({ mediumDb }) => mediumDb),
    layeredBytes: over(({ bytes }) => bytes),
    layeredVsSimulcastPercent: layeredPercent(simulcast, cases),
    ...againstLayeredAvif(layeredAvif, cases),
    layeredPercent: schemes.map((scheme) => layeredPercent(scheme, cases)),
  };
}

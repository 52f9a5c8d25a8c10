/**
 * From photos and targets to the table of storage: means over them.
 *
 * @module
 */

import type {
  RequestCost,
  StorageRow,
  StorageTarget,
  StorageWay,
} from "./results.ts";
import type {
  ApartFound,
  LayeredFound,
  OneLatentFound,
} from "./storage_photo.ts";
import { mean, median } from "@/metrics/mod.ts";

/** A photo with a target. */
export interface StoragePair {
  /** Quality of the layered file. */
  readonly quality: number;
  /** The layered file: the target. */
  readonly layered: LayeredFound;
  /** What each codec needs for it, by its id. */
  readonly apart: Map<string, ApartFound>;
  /** What one latent with two decoders needs, if there is such a model. */
  readonly oneLatent?: OneLatentFound;
}

/** A photo, kept in some way; see `StorageRow`. */
export interface Kept {
  /** Whether both sizes reach their target. */
  readonly isReached: boolean;
  /** Bytes that are kept. */
  readonly storedBytes: number;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number;
  /** Decibels that the medium image which is sent falls below the target. */
  readonly mediumLossDb: number;
  /** What the server does for a request. */
  readonly serverCpuMs: RequestCost;
  /** What the client does to decode. */
  readonly clientCpuMs: RequestCost;
}

/** A way with a codec. */
export interface StorageKind {
  /** How photos are kept. */
  readonly way: StorageWay;
  /** The codec's id. */
  readonly codec: string;
  /** Its name. */
  readonly name: string;
  /** Keeps a photo. */
  keep(pair: StoragePair): Kept;
}

/** A row of the table: means over the pairs that all ways reach. */
export function meanRow(
  kind: StorageKind,
  kinds: readonly StorageKind[],
  pairs: readonly StoragePair[],
): StorageRow {
  const shared = sharedPairs(kinds, pairs).map((pair) => kind.keep(pair));
  const over = (value: (kept: Kept) => number) =>
    shared.length === 0 ? null : mean(shared.map(value));
  const cost = (of: (kept: Kept) => RequestCost): RequestCost | null =>
    shared.length === 0 ? null : {
      medium: median(shared.map((kept) => of(kept).medium)),
      high: median(shared.map((kept) => of(kept).high)),
    };
  return {
    way: kind.way,
    codec: kind.codec,
    name: kind.name,
    reached: reachedPairs(kind, pairs).length,
    storedBytes: over((kept) => kept.storedBytes),
    mediumBytes: over((kept) => kept.mediumBytes),
    highBytes: over((kept) => kept.highBytes),
    mediumLossDb: over((kept) => kept.mediumLossDb),
    serverCpuMs: cost((kept) => kept.serverCpuMs),
    clientCpuMs: cost((kept) => kept.clientCpuMs),
    layeredPercent: percentOver(kind, pairs),
  };
}

/** The pairs that all ways reach. */
export function sharedPairs(
  kinds: readonly StorageKind[],
  pairs: readonly StoragePair[],
): StoragePair[] {
  return pairs.filter((pair) => kinds.every((kind) => reaches(kind, pair)));
}

/**
 * What the layered file takes more than a way that reaches its target, in
 * percent: the mean over the pairs that it reaches; null if it reaches none.
 */
export function percentOver(
  kind: StorageKind,
  pairs: readonly StoragePair[],
): number | null {
  const percents = reachedPairs(kind, pairs).map((pair) =>
    100 * (pair.layered.bytes / kind.keep(pair).storedBytes - 1)
  );
  return percents.length === 0 ? null : mean(percents);
}

/**
 * A target.
 *
 * @param pairs Those of its quality, one a photo.
 * @param kinds The table's.
 * @param simulcast Two files of ours.
 * @param highOnly High only of ours, if there is a model.
 */
export function meanTarget(
  quality: number,
  pairs: readonly StoragePair[],
  kinds: readonly StorageKind[],
  simulcast: StorageKind,
  highOnly: StorageKind | undefined,
): StorageTarget {
  const over = (value: (layered: LayeredFound) => number) =>
    mean(pairs.map(({ layered }) => value(layered)));
  return {
    quality,
    highDb: over(({ highDb }) => highDb),
    mediumDb: over(({ mediumDb }) => mediumDb),
    layeredBytes: over(({ bytes }) => bytes),
    layeredVsSimulcastPercent: percentOver(simulcast, pairs),
    layeredVsHighOnlyPercent: highOnly ? percentOver(highOnly, pairs) : null,
    layeredPercent: kinds.map((kind) => percentOver(kind, pairs)),
  };
}

function reachedPairs(
  kind: StorageKind,
  pairs: readonly StoragePair[],
): StoragePair[] {
  return pairs.filter((pair) => reaches(kind, pair));
}

function reaches(kind: StorageKind, pair: StoragePair): boolean {
  return kind.keep(pair).isReached;
}

/**
 * Ways of storing photos for two sizes, and means over photos and targets.
 *
 * @module
 */

import type { LoadedModel } from "@/codec/mod.ts";
import {
  type Contestant,
  others,
  ours,
  oursHighOnly,
  oursTwoDecoders,
} from "@/evaluation/contestants.ts";
import { countCapped } from "@/evaluation/rates.ts";
import type {
  RequestCost,
  StorageRow,
  StorageTarget,
  StorageWay,
} from "@/evaluation/results.ts";
import { mean, median } from "@/metrics/mod.ts";
import type {
  LayeredFile,
  OneLatentFile,
  SeparateFiles,
} from "./measure_photo.ts";

/** A codec of ours with another model. */
export interface ModelContestant {
  /** The codec. */
  readonly contestant: Contestant;
  /** Id of its model, 16 hexadecimal digits. */
  readonly id: string;
}

/** Codecs whose storage is compared. */
export interface StorageContestants {
  /** Ours, of two layers. */
  readonly layered: Contestant;
  /** Ours, without the use of layers, for two files. */
  readonly simulcast: Contestant;
  /** A model of ours that was trained for the photo alone, and its id. */
  readonly highOnly?: ModelContestant | undefined;
  /** A model of ours of one latent with two decoders, and its id. */
  readonly twoDecoders?: ModelContestant | undefined;
  /** Other codecs, such as WebP and AVIF. */
  readonly others: readonly Contestant[];
}

/**
 * The codecs that are compared: ours, WebP and AVIF.
 *
 * @param loaded Our model.
 * @param highOnly A model that was trained for the photo alone, if there is one.
 * @param twoDecoders A model of one latent with two decoders, if there is one.
 * @returns The codecs.
 */
export function storageContestants(
  loaded: LoadedModel,
  highOnly?: LoadedModel,
  twoDecoders?: LoadedModel,
): StorageContestants {
  return {
    layered: ours(loaded),
    simulcast: oursHighOnly(loaded, "ours", "Ours"),
    highOnly: highOnly && {
      contestant: oursHighOnly(highOnly),
      id: highOnly.model.id.toHex(),
    },
    twoDecoders: twoDecoders && {
      contestant: oursTwoDecoders(twoDecoders),
      id: twoDecoders.model.id.toHex(),
    },
    others: others.filter(({ id }) => id === "webp" || id === "avif"),
  };
}

/** Everything that was measured of a photo at a target. */
export interface StorageCase {
  /** Quality of the layered file. */
  readonly quality: number;
  /** The layered file, which sets the target. */
  readonly layered: LayeredFile;
  /** What each codec without layers needs, by its id. */
  readonly separate: ReadonlyMap<string, SeparateFiles>;
  /** What one latent with two decoders needs, if there is such a model. */
  readonly oneLatent?: OneLatentFile | undefined;
}

/** A photo, stored in some way; see `StorageRow`. */
export interface StoredPhoto {
  /** Whether both sizes reach their target. */
  readonly isReached: boolean;
  /** Bytes that are stored. */
  readonly storedBytes: number;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number;
  /** Decibels by which the medium image that is sent misses the target. */
  readonly mediumLossDb: number;
  /** Processor time of the server for a request. */
  readonly serverCpuMs: RequestCost;
  /** Processor time of the client to decode. */
  readonly clientCpuMs: RequestCost;
}

/** A way of storing photos with a codec: a row of the table. */
export interface StorageScheme {
  /** How photos are stored. */
  readonly way: StorageWay;
  /** The codec's id. */
  readonly codec: string;
  /** The codec's name. */
  readonly name: string;
  /** Stores a photo. */
  readonly store: (found: StorageCase) => StoredPhoto;
}

/**
 * Lists the schemes that are compared.
 *
 * @param codecs The codecs.
 * @returns The table's rows, the layered file first and two files of ours next.
 */
export function storageSchemes(
  { layered, simulcast, highOnly, twoDecoders, others }: StorageContestants,
): StorageScheme[] {
  const scheme = (
    way: StorageWay,
    { id, name }: Contestant,
    store: (found: StorageCase, codec: string) => StoredPhoto,
  ): StorageScheme => ({
    way,
    codec: id,
    name,
    store: (found) => store(found, id),
  });
  const alone = highOnly?.contestant;
  const two = twoDecoders?.contestant;
  return [
    scheme("layered", layered, storeLayered),
    scheme("two files", simulcast, storeTwoFiles),
    ...alone === undefined ? [] : [
      scheme("two files, high-only model", alone, storeTwoFiles),
      scheme("high only", alone, storeHighOnly),
    ],
    ...two === undefined
      ? []
      : [scheme("one latent, two decoders", two, storeOneLatent)],
    ...others.flatMap((codec) => [
      scheme("two files", codec, storeTwoFiles),
      scheme("high only", codec, storeHighOnly),
    ]),
  ];
}

const IDLE: RequestCost = { medium: 0, high: 0 };

function storeLayered({ layered }: StorageCase): StoredPhoto {
  return {
    isReached: true,
    storedBytes: layered.bytes,
    mediumBytes: layered.mediumBytes,
    highBytes: layered.bytes,
    mediumLossDb: 0,
    serverCpuMs: IDLE,
    clientCpuMs: { medium: layered.mediumCpuMs, high: layered.highCpuMs },
  };
}

function storeTwoFiles({ separate }: StorageCase, codec: string): StoredPhoto {
  const { high, medium, highCpuMs, mediumCpuMs } = separate.get(codec)!;
  return {
    isReached: high.reach === "within" && medium.reach === "within",
    storedBytes: high.bytes + medium.bytes,
    mediumBytes: medium.bytes,
    highBytes: high.bytes,
    mediumLossDb: 0,
    serverCpuMs: IDLE,
    clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
  };
}

function storeHighOnly(
  { separate, layered }: StorageCase,
  codec: string,
): StoredPhoto {
  const { both, scaled } = separate.get(codec)!;
  return {
    isReached: both.reach === "within",
    storedBytes: both.bytes,
    mediumBytes: scaled.bytes,
    highBytes: both.bytes,
    mediumLossDb: layered.mediumDb - scaled.psnrDb,
    serverCpuMs: { medium: scaled.serverCpuMs, high: 0 },
    clientCpuMs: { medium: scaled.clientCpuMs, high: scaled.highCpuMs },
  };
}

function storeOneLatent({ oneLatent }: StorageCase): StoredPhoto {
  const { both, mediumCpuMs, highCpuMs } = oneLatent!;
  return {
    isReached: both.reach === "within",
    storedBytes: both.bytes,
    mediumBytes: both.bytes,
    highBytes: both.bytes,
    mediumLossDb: 0,
    serverCpuMs: IDLE,
    clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
  };
}

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

/** The schemes that single numbers of a result compare the layered file with. */
export interface ComparedSchemes {
  /** All rows of the table. */
  readonly schemes: readonly StorageScheme[];
  /** Two files of ours. */
  readonly simulcast: StorageScheme;
  /** One file of our high-only model, if there is one. */
  readonly highOnly: StorageScheme | undefined;
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
  { schemes, simulcast, highOnly }: ComparedSchemes,
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
    layeredVsHighOnlyPercent: highOnly ? layeredPercent(highOnly, cases) : null,
    layeredPercent: schemes.map((scheme) => layeredPercent(scheme, cases)),
  };
}

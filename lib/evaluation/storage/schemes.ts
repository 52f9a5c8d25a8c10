/**
 * Ways of storing photos for two sizes.
 *
 * @module
 */

import type { LoadedModel } from "@/codec/mod.ts";
import {
  type Contestant,
  others,
  ours,
  oursAlone,
} from "@/evaluation/contestants.ts";
import type { RequestCost, StorageWay } from "@/evaluation/results.ts";
import type {
  ByResolutionFile,
  HighOnlyFile,
  LayeredFile,
  TwoFiles,
} from "./measure_photo.ts";
import { isReached, type LayeredAvifNeeds } from "./measure_rivals.ts";
import type { StorageRivals } from "./rivals.ts";

/** Codecs whose storage is compared. */
export interface StorageContestants {
  /** Ours, of several layers. */
  readonly layered: Contestant;
  /** Ours, without the use of layers, for two files. */
  readonly simulcast: Contestant;
  /** Other codecs, such as WebP and AVIF. */
  readonly others: readonly Contestant[];
  /** Other formats of one file for two sizes, if their encoders run. */
  readonly rivals?: StorageRivals | undefined;
}

/**
 * The codecs that are compared: ours, WebP and AVIF.
 *
 * @param loaded Our model.
 * @param rivals Other formats of one file for two sizes, if their encoders run.
 * @returns The codecs.
 */
export function storageContestants(
  loaded: LoadedModel,
  rivals?: StorageRivals,
): StorageContestants {
  return {
    layered: ours(loaded),
    simulcast: oursAlone(loaded),
    others: others.filter(({ id }) => id === "webp" || id === "avif"),
    rivals,
  };
}

/** Everything that was measured of a photo at a target. */
export interface StorageCase {
  /** Name of the photo in its set. */
  readonly photo: string;
  /** Quality of the layered file. */
  readonly quality: number;
  /** The layered file, which sets the target. */
  readonly layered: LayeredFile;
  /** What two files of each codec need, by its id. */
  readonly twoFiles: ReadonlyMap<string, TwoFiles>;
  /** What one file of the photo needs that the server scales, by codec. */
  readonly highOnly: ReadonlyMap<string, HighOnlyFile>;
  /** What other formats of one file for two sizes need, if they are measured. */
  readonly rivals?: RivalFiles | undefined;
}

/** What other formats of one file for two sizes need for a target. */
export interface RivalFiles {
  /** AVIF of two layers. */
  readonly layeredAvif: LayeredAvifNeeds;
  /** JPEG 2000 by resolution. */
  readonly jpeg2000: ByResolutionFile;
  /** Progressive JPEG XL. */
  readonly jpegXl: ByResolutionFile;
}

/** A photo, stored in some way; see `StorageRow`. */
export interface StoredPhoto {
  /** Whether both sizes reach their target. */
  readonly isReached: boolean;
  /** Bytes that are stored. */
  readonly storedBytes: number;
  /** Bytes that show a placeholder; missing if the way has none. */
  readonly thumbnailBytes?: number;
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
  codecs: StorageContestants,
): StorageScheme[] {
  const { layered, simulcast, others, rivals } = codecs;
  const scheme = (
    way: StorageWay,
    { id, name }: Pick<Contestant, "id" | "name">,
    store: (found: StorageCase, codec: string) => StoredPhoto,
  ): StorageScheme => ({
    way,
    codec: id,
    name,
    store: (found) => store(found, id),
  });
  return [
    scheme("layered", layered, storeLayered),
    scheme("two files", simulcast, storeTwoFiles),
    ...others.flatMap((codec) => [
      scheme("two files", codec, storeTwoFiles),
      scheme("high only", codec, storeHighOnly),
    ]),
    ...rivals === undefined ? [] : [
      scheme("layered", LAYERED_AVIF, storeLayeredAvif),
      scheme("by resolution", rivals.jpeg2000, storeOneQuality("jpeg2000")),
      scheme("progressive", rivals.jpegXl, storeOneQuality("jpegXl")),
    ],
  ];
}

const LAYERED_AVIF = { id: "layeredAvif", name: "AVIF" };

const IDLE: RequestCost = { medium: 0, high: 0 };

function storeLayered({ layered }: StorageCase): StoredPhoto {
  return {
    isReached: true,
    storedBytes: layered.bytes,
    thumbnailBytes: layered.thumbnailBytes,
    mediumBytes: layered.mediumBytes,
    highBytes: layered.bytes,
    mediumLossDb: 0,
    serverCpuMs: IDLE,
    clientCpuMs: { medium: layered.mediumCpuMs, high: layered.highCpuMs },
  };
}

function storeTwoFiles({ twoFiles }: StorageCase, codec: string): StoredPhoto {
  const { high, medium, highCpuMs, mediumCpuMs } = twoFiles.get(codec)!;
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
  { highOnly, layered }: StorageCase,
  codec: string,
): StoredPhoto {
  const { both, ...scaled } = highOnly.get(codec)!;
  return {
    isReached: both.reach === "within",
    storedBytes: both.bytes,
    mediumBytes: scaled.mediumBytes,
    highBytes: both.bytes,
    mediumLossDb: layered.mediumDb - scaled.mediumDb,
    serverCpuMs: { medium: scaled.serverCpuMs, high: 0 },
    clientCpuMs: { medium: scaled.mediumCpuMs, high: scaled.highCpuMs },
  };
}

function storeLayeredAvif({ rivals }: StorageCase): StoredPhoto {
  const { layeredAvif } = rivals!;
  const { medium, high, mediumCpuMs, highCpuMs } = layeredAvif;
  return {
    isReached: isReached(layeredAvif),
    storedBytes: high.bytes,
    mediumBytes: medium.bytes,
    highBytes: high.bytes,
    mediumLossDb: 0,
    serverCpuMs: IDLE,
    clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
  };
}

function storeOneQuality(rival: "jpeg2000" | "jpegXl") {
  return ({ rivals }: StorageCase): StoredPhoto => {
    const { both, mediumBytes, mediumCpuMs, highCpuMs } = rivals![rival];
    return {
      isReached: both.reach === "within",
      storedBytes: both.bytes,
      mediumBytes,
      highBytes: both.bytes,
      mediumLossDb: 0,
      serverCpuMs: IDLE,
      clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
    };
  };
}

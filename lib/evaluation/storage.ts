/**
 * What one file for two sizes is worth, at equal PSNR at both: our layered
 * file against two files, and against one that the server scales down.
 *
 * The targets are what layered files of some qualities reach. Each other way
 * gets the fewest bytes that reach both, see `leastBytes`. A target that a codec
 * cannot meet, as its worst file is above it or its best one below, does not
 * count for it.
 *
 * @module
 */

import { type Contestant, contestantKey } from "./contestants.ts";
import { type MeasuredPhoto, photoKey, readBothSizes } from "./photos.ts";
import { type CodecMeasurement, describeSet, origin } from "./rates.ts";
import type { CodecStorage } from "./results.ts";
import {
  apartOf,
  type KeyedContestant,
  layeredOf,
  type LazyPhoto,
  oneLatentOf,
} from "./storage_photo.ts";
import {
  meanRow,
  meanTarget,
  percentOver,
  sharedPairs,
  type StorageKind,
  type StoragePair,
} from "./storage_rows.ts";
import { describeMachine } from "@/experiment/environment.ts";
import { watchPieces } from "./watch_pieces.ts";

/** Qualities whose layered files are the targets. */
export const TARGET_QUALITIES: readonly number[] = [20, 38, 56];

/** Codecs whose storage is compared. */
export interface StorageContestants {
  /** Ours, of two layers. */
  readonly layered: Contestant;
  /** Ours, without the use of layers, for two files. */
  readonly simulcast: Contestant;
  /** A model of ours that was trained for the photo alone, and its id. */
  readonly highOnly?: { readonly contestant: Contestant; readonly id: string };
  /** A model of ours of one latent with two decoders, and its id. */
  readonly twoDecoders?: {
    readonly contestant: Contestant;
    readonly id: string;
  };
  /** WebP, AVIF. */
  readonly others: readonly Contestant[];
}

/**
 * Compares ways of keeping photos for two sizes. What was measured before is
 * not measured again.
 *
 * @param measurement The photos, and how to watch and to stop it.
 * @param codecs Whose.
 * @param qualities Of the layered files.
 */
export async function measureStorage(
  measurement: CodecMeasurement,
  codecs: StorageContestants,
  qualities: readonly number[] = TARGET_QUALITIES,
): Promise<CodecStorage> {
  const { set, model } = measurement;
  const { highOnly, twoDecoders } = codecs;
  const pairs = await measurePairs(measurement, codecs, qualities);
  const kinds = storageKinds(codecs);
  const rows = kinds.map((kind) => meanRow(kind, kinds, pairs));
  const own = kinds.find((kind) =>
    kind.way === "two files" && kind.codec === codecs.simulcast.id
  )!;
  const alone = kinds.find((kind) =>
    kind.way === "high only" && kind.codec === highOnly?.contestant.id
  );
  return {
    dataset: describeSet(set),
    ...origin(model),
    highOnlyModel: highOnly?.id ?? null,
    twoDecodersModel: twoDecoders?.id ?? null,
    pairs: pairs.length,
    sharedPairs: sharedPairs(kinds, pairs).length,
    rows,
    layeredVsSimulcastPercent: percentOver(own, pairs),
    layeredVsHighOnlyPercent: alone ? percentOver(alone, pairs) : null,
    targets: qualities.map((quality) => {
      const ofTarget = pairs.filter((pair) => pair.quality === quality);
      return meanTarget(quality, ofTarget, kinds, own, alone);
    }),
  };
}

/** The table's rows, the layered file first. */
function storageKinds(codecs: StorageContestants): StorageKind[] {
  const { simulcast, highOnly, twoDecoders, others } = codecs;
  const twoFiles = (
    { id, name }: Contestant,
    way: "two files" | "two files, high-only model" = "two files",
  ): StorageKind => ({
    way,
    codec: id,
    name,
    keep: ({ apart }) => {
      const { high, medium, highCpuMs, mediumCpuMs } = apart.get(id)!;
      return {
        isReached: high.reach === "within" && medium.reach === "within",
        storedBytes: high.bytes + medium.bytes,
        mediumBytes: medium.bytes,
        highBytes: high.bytes,
        mediumLossDb: 0,
        serverCpuMs: { medium: 0, high: 0 },
        clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
      };
    },
  });
  const oneFile = ({ id, name }: Contestant): StorageKind => ({
    way: "high only",
    codec: id,
    name,
    keep: ({ apart, layered }) => {
      const { both, scaled } = apart.get(id)!;
      return {
        isReached: both.reach === "within",
        storedBytes: both.bytes,
        mediumBytes: scaled.bytes,
        highBytes: both.bytes,
        mediumLossDb: layered.mediumDb - scaled.psnrDb,
        serverCpuMs: { medium: scaled.serverCpuMs, high: 0 },
        clientCpuMs: { medium: scaled.clientCpuMs, high: scaled.highCpuMs },
      };
    },
  });
  const alone = highOnly?.contestant;
  return [
    layeredKind(codecs.layered),
    twoFiles(simulcast),
    ...alone === undefined
      ? []
      : [twoFiles(alone, "two files, high-only model"), oneFile(alone)],
    ...twoDecoders === undefined ? [] : [oneLatentKind(twoDecoders.contestant)],
    ...others.flatMap((codec) => [twoFiles(codec), oneFile(codec)]),
  ];
}

function layeredKind({ id, name }: Contestant): StorageKind {
  return {
    way: "layered",
    codec: id,
    name,
    keep: ({ layered }) => ({
      isReached: true,
      storedBytes: layered.bytes,
      mediumBytes: layered.mediumBytes,
      highBytes: layered.bytes,
      mediumLossDb: 0,
      serverCpuMs: { medium: 0, high: 0 },
      clientCpuMs: { medium: layered.mediumCpuMs, high: layered.highCpuMs },
    }),
  };
}

function oneLatentKind({ id, name }: Contestant): StorageKind {
  return {
    way: "one latent, two decoders",
    codec: id,
    name,
    keep: ({ oneLatent }) => {
      const { both, mediumCpuMs, highCpuMs } = oneLatent!;
      return {
        isReached: both.reach === "within",
        storedBytes: both.bytes,
        mediumBytes: both.bytes,
        highBytes: both.bytes,
        mediumLossDb: 0,
        serverCpuMs: { medium: 0, high: 0 },
        clientCpuMs: { medium: mediumCpuMs, high: highCpuMs },
      };
    },
  };
}

async function measurePairs(
  { set, units, controls }: CodecMeasurement,
  codecs: StorageContestants,
  qualities: readonly number[],
): Promise<StoragePair[]> {
  const layered = await keyed(codecs.layered);
  const apart = await Promise.all(
    [
      codecs.simulcast,
      ...codecs.highOnly === undefined ? [] : [codecs.highOnly.contestant],
      ...codecs.others,
    ].map(keyed),
  );
  const oneLatent = codecs.twoDecoders &&
    await keyed(codecs.twoDecoders.contestant);
  const machine = describeMachine().cpu;
  const pieces = 1 + apart.length + (oneLatent === undefined ? 0 : 1);
  const total = set.photos.length * qualities.length * pieces;
  const next = watchPieces(`Storage, ${set.name}`, total, units, controls);
  const pairs: StoragePair[] = [];
  for (const photo of set.photos) {
    let images: Promise<MeasuredPhoto> | undefined;
    const read = () => images ??= readBothSizes(photo);
    const lazy: LazyPhoto = { key: photoKey(photo), read };
    for (const quality of qualities) {
      next();
      const found = await layeredOf(layered, lazy, quality, units, machine);
      const ofCodecs: StoragePair["apart"] = new Map();
      for (const codec of apart) {
        next();
        const needed = await apartOf(codec, lazy, found, units, machine);
        ofCodecs.set(codec.contestant.id, needed);
      }
      const pair = { quality, layered: found, apart: ofCodecs };
      if (oneLatent !== undefined) next();
      const one = oneLatent &&
        await oneLatentOf(oneLatent, lazy, found, units, machine);
      pairs.push(one === undefined ? pair : { ...pair, oneLatent: one });
    }
  }
  next();
  return pairs;
}

async function keyed(contestant: Contestant): Promise<KeyedContestant> {
  return { contestant, key: await contestantKey(contestant) };
}

/**
 * One photo, stored for two sizes in several ways at equal PSNR at both.
 *
 *     layered     one file of several layers; a prefix of it is the medium
 *                 image
 *     two files   one of the photo, one of the photo at half its size
 *     high only   one of the photo; the server decodes it, scales it down by
 *                 Lanczos and encodes it again, with the quality that two
 *                 files have for the medium image
 *
 * @module
 */

import process from "node:process";
import {
  codeBothSizes,
  type Contestant,
  type MeasuredFile,
} from "@/evaluation/contestants.ts";
import type { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import type { MeasuredPhoto } from "@/evaluation/photos.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import { type LeastBytes, leastBytes, type Trial } from "./least_bytes.ts";

/** The layered file at one quality. Its PSNRs are the targets of the others. */
export interface LayeredFile {
  /** Size of the file. */
  readonly bytes: number;
  /** Bytes of the prefix that shows a placeholder. */
  readonly thumbnailBytes: number;
  /** Bytes of the prefix that is the medium image. */
  readonly mediumBytes: number;
  /** PSNR of the photo in dB. */
  readonly highDb: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
  /** Processor time to decode the medium image, in milliseconds. */
  readonly mediumCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** What two files of a codec need for a target. */
export interface TwoFiles {
  /** The file of the photo. */
  readonly high: LeastBytes;
  /** The file of the photo at half its size. */
  readonly medium: LeastBytes;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
  /** Processor time to decode the medium image, in milliseconds. */
  readonly mediumCpuMs: number;
}

/** What one file of the photo needs for a target that the server scales. */
export interface HighOnlyFile {
  /** The file, of a quality that reaches both targets. */
  readonly both: LeastBytes;
  /** Bytes that are sent for the medium image. */
  readonly mediumBytes: number;
  /** PSNR of the medium image in dB, against the original at half its size. */
  readonly mediumDb: number;
  /** Processor time to decode, scale and encode on the server, in ms. */
  readonly serverCpuMs: number;
  /** Processor time to decode the medium image, in milliseconds. */
  readonly mediumCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** What a file with one quality for both sizes needs for a target. */
export interface ByResolutionFile {
  /** One file of the photo that reaches both targets. */
  readonly both: LeastBytes;
  /** Bytes of it that the medium image needs. */
  readonly mediumBytes: number;
  /** Processor time to decode the medium image, in milliseconds. */
  readonly mediumCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** PSNRs to reach. */
export interface StorageTargets {
  /** PSNR of the photo in dB. */
  readonly highDb: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
}

/** A codec with its key in the cache. */
export interface KeyedContestant {
  /** The codec. */
  readonly contestant: Contestant;
  /** From `contestantKey`. */
  readonly key: string;
}

/** A photo to measure, and where measurements are kept. */
export interface PhotoContext {
  /** The photo's key in the cache. */
  readonly key: string;
  /** Reads the photo; it is only called if something is to be measured. */
  readonly read: () => Promise<MeasuredPhoto>;
  /** Measurements that were made before. */
  readonly cache: MeasurementCache;
  /** The processor, since times depend on it. */
  readonly machine: string;
}

/**
 * Measures the layered file of a quality.
 *
 * @param codec Ours, of several layers.
 * @param photo The photo.
 * @param quality 1..100.
 * @returns Sizes, qualities and times.
 */
export async function measureLayered(
  { contestant, key }: KeyedContestant,
  photo: PhotoContext,
  quality: number,
): Promise<LayeredFile> {
  const identity = ["layered", key, photo.machine, photo.key, quality];
  return await photo.cache.once(identity, async () => {
    const { full, half } = await photo.read();
    const file = await contestant.encode(full, quality);
    const part = contestant.halfOf!(file);
    const medium = await cpuTime(() => contestant.decodeHalf(part));
    const high = await cpuTime(() => contestant.decode(file));
    return {
      bytes: file.length,
      thumbnailBytes: contestant.thumbnailBytes!(file),
      mediumBytes: part.length,
      highDb: finiteDb(psnr(high.result.data, full.data)),
      mediumDb: finiteDb(psnr(medium.result.data, half.data)),
      mediumCpuMs: medium.ms,
      highCpuMs: high.ms,
    };
  });
}

/**
 * Finds the smallest two files of a codec that reach a target.
 *
 * @param codec The codec.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns One file for each size.
 */
export async function measureTwoFiles(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<TwoFiles> {
  const { contestant, key } = codec;
  const trials = trialsOf(codec, photo);
  const { range, name } = contestant;
  const high = await leastBytes(range, trials.full, targets.highDb);
  const medium = await leastBytes(range, trials.half, targets.mediumDb);
  const qualities = [high.quality, medium.quality];
  const identity = ["two files", name, key, photo.machine, photo.key];
  const times = await photo.cache.once([...identity, qualities], async () => {
    const { full, half } = await photo.read();
    const cost = async (image: Pixels, quality: number) => {
      const file = await contestant.encode(image, quality);
      return (await cpuTime(() => contestant.decode(file))).ms;
    };
    return {
      highCpuMs: await cost(full, high.quality),
      mediumCpuMs: await cost(half, medium.quality),
    };
  });
  return { high, medium, ...times };
}

/**
 * Finds the smallest file of the photo alone that reaches a target, where the
 * server makes the medium image.
 *
 * @param codec The codec.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @param mediumQuality The quality with which the server encodes.
 * @returns The file, and what the server does and sends.
 */
export async function measureHighOnly(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
  mediumQuality: number,
): Promise<HighOnlyFile> {
  const { contestant, key } = codec;
  const both = await searchBoth(codec, photo, targets);
  const qualities = [both.quality, mediumQuality];
  const identity = ["high only", contestant.name, key, photo.machine];
  const served = await photo.cache.once(
    [...identity, photo.key, qualities],
    async () => {
      const { full, half } = await photo.read();
      const file = await contestant.encode(full, both.quality);
      const server = await cpuTime(async () =>
        await contestant.encode(
          await contestant.decodeHalf(file),
          mediumQuality,
        )
      );
      const sent = await cpuTime(() => contestant.decode(server.result));
      return {
        mediumBytes: server.result.length,
        mediumDb: finiteDb(psnr(sent.result.data, half.data)),
        serverCpuMs: server.ms,
        mediumCpuMs: sent.ms,
        highCpuMs: (await cpuTime(() => contestant.decode(file))).ms,
      };
    },
  );
  return { both, ...served };
}

/**
 * Finds the smallest file with one quality for both sizes that reaches a target
 * at both.
 *
 * @param codec Such as JPEG 2000 by resolution.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns The file, and times to decode it.
 */
export async function measureOneQuality(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<ByResolutionFile> {
  const { contestant, key } = codec;
  const both = await searchBoth(codec, photo, targets);
  const identity = ["one quality", key, photo.machine, photo.key, both.quality];
  const times = await photo.cache.once(identity, async () => {
    const { full } = await photo.read();
    const file = await contestant.encode(full, both.quality);
    const part = contestant.halfOf?.(file) ?? file;
    return {
      mediumCpuMs: (await cpuTime(() => contestant.decodeHalf(part))).ms,
      highCpuMs: (await cpuTime(() => contestant.decode(file))).ms,
    };
  });
  const found = await trialsOf(codec, photo).full(both.quality);
  const share = (found.halfBytes ?? found.bytes) / found.bytes;
  return { both, mediumBytes: both.bytes * share, ...times };
}

/** The smallest file of the photo that reaches both targets. */
async function searchBoth(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<LeastBytes> {
  const { range } = codec.contestant;
  const trials = trialsOf(codec, photo);
  return stricter(
    await leastBytes(range, trials.full, targets.highDb),
    await leastBytes(range, trials.scaled, targets.mediumDb),
  );
}

/** Trials of a codec, by the image whose PSNR has to reach the target. */
function trialsOf(
  { contestant, key }: KeyedContestant,
  { key: photoKey, read, cache }: PhotoContext,
): {
  full: (quality: number) => Promise<MeasuredFile>;
  half: (quality: number) => Promise<Trial>;
  scaled: (quality: number) => Promise<Trial>;
} {
  const { name } = contestant;
  const full = (quality: number) =>
    cache.once(["full", name, key, photoKey, quality], async () => {
      const coded = await codeBothSizes(contestant, await read(), quality);
      return coded.file;
    });
  return {
    full,
    half: (quality) =>
      cache.once(["half", name, key, photoKey, quality], async () => {
        const { half } = await read();
        const file = await contestant.encode(half, quality);
        const decoded = await contestant.decode(file);
        const psnrDb = finiteDb(psnr(decoded.data, half.data));
        return { bytes: file.length, psnrDb };
      }),
    scaled: async (quality) => {
      const { bytes, halfPsnrDb } = await full(quality);
      return { bytes, psnrDb: halfPsnrDb };
    },
  };
}

/** The one that needs more bytes; one that is out of reach needs the most. */
function stricter(a: LeastBytes, b: LeastBytes): LeastBytes {
  if ((a.reach === "above") !== (b.reach === "above")) {
    return a.reach === "above" ? a : b;
  }
  return a.bytes >= b.bytes ? a : b;
}

/**
 * Measures the time of all processors together.
 *
 * @param work What is timed.
 * @returns Its result, and milliseconds.
 */
export async function cpuTime<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; ms: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}

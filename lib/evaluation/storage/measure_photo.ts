/**
 * One photo, stored for two sizes in several ways at equal PSNR at both.
 *
 *     layered     one file of two layers; a prefix of it is the medium image
 *     two files   one of the photo, one of the photo at half its size
 *     high only   one of the photo; the server decodes it, scales it down by
 *                 Lanczos and encodes it again, with the quality that two
 *                 files have for the medium image
 *     one latent  one file; the client decodes either image from all of it
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
import { finiteDb, psnr } from "@/metrics/mod.ts";
import { type LeastBytes, leastBytes, type Trial } from "./least_bytes.ts";

/** The layered file at one quality. Its PSNRs are the targets of the others. */
export interface LayeredFile {
  /** Size of the file. */
  readonly bytes: number;
  /** Size of its first layer, with the header. */
  readonly mediumBytes: number;
  /** PSNR of the photo in dB. */
  readonly highDb: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
  /** Processor time to decode the first layer, in milliseconds. */
  readonly mediumCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** What a codec without layers needs for a target. */
export interface SeparateFiles {
  /** The file of the photo alone. */
  readonly high: LeastBytes;
  /** The file of the photo at half its size. */
  readonly medium: LeastBytes;
  /** One file of the photo that reaches both targets. */
  readonly both: LeastBytes;
  /** Processor time to decode the photo of two files, in milliseconds. */
  readonly highCpuMs: number;
  /** Processor time to decode the medium image of two files. */
  readonly mediumCpuMs: number;
  /** What a server sends that scales the photo's one file down. */
  readonly scaled: ScaledFile;
}

/** The medium image, made by the server from the photo's one file. */
export interface ScaledFile {
  /** Bytes that are sent. */
  readonly bytes: number;
  /** PSNR in dB, against the original at half its size. */
  readonly psnrDb: number;
  /** Processor time to decode, scale and encode on the server, in ms. */
  readonly serverCpuMs: number;
  /** Processor time to decode the medium image, in milliseconds. */
  readonly clientCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** What a codec with one quality for both sizes needs for a target. */
export interface OneLatentFile {
  /** One file of the photo that reaches both targets. */
  readonly both: LeastBytes;
  /** Bytes of it that the medium image needs: all of them by default. */
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
 * @param codec Ours, of two layers.
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
      mediumBytes: part.length,
      highDb: finiteDb(psnr(high.result.data, full.data)),
      mediumDb: finiteDb(psnr(medium.result.data, half.data)),
      mediumCpuMs: medium.ms,
      highCpuMs: high.ms,
    };
  });
}

/**
 * Finds the smallest files of a codec without layers that reach a target.
 *
 * @param codec The codec.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns Two files, or one that the server scales down.
 */
export async function measureSeparate(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<SeparateFiles> {
  const { contestant: { range, name }, key } = codec;
  const trials = trialsOf(codec, photo);
  const high = await leastBytes(range, trials.full, targets.highDb);
  const medium = await leastBytes(range, trials.half, targets.mediumDb);
  const scaled = await leastBytes(range, trials.scaled, targets.mediumDb);
  const both = stricter(high, scaled);
  const qualities = [high, medium, both].map(({ quality }) => quality);
  const identity = ["served", name, key, photo.machine, photo.key, qualities];
  const served = await photo.cache.once(
    identity,
    () => measureRequests(codec.contestant, photo, qualities),
  );
  return { high, medium, both, ...served };
}

/**
 * Finds the smallest file with one quality for both sizes that reaches a target
 * at both.
 *
 * @param codec Such as ours, of one latent with two decoders.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns The file, and times to decode it.
 */
export async function measureOneLatent(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<OneLatentFile> {
  const { contestant, key } = codec;
  const trials = trialsOf(codec, photo);
  const both = stricter(
    await leastBytes(contestant.range, trials.full, targets.highDb),
    await leastBytes(contestant.range, trials.scaled, targets.mediumDb),
  );
  const identity = ["one latent", key, photo.machine, photo.key, both.quality];
  const times = await photo.cache.once(identity, async () => {
    const { full } = await photo.read();
    const file = await contestant.encode(full, both.quality);
    const part = contestant.halfOf?.(file) ?? file;
    return {
      mediumCpuMs: (await cpuTime(() => contestant.decodeHalf(part))).ms,
      highCpuMs: (await cpuTime(() => contestant.decode(file))).ms,
    };
  });
  const { bytes, halfBytes = bytes } = await trials.full(both.quality);
  return { both, mediumBytes: both.bytes * halfBytes / bytes, ...times };
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

/** Does the work of requests on the server and the client. */
async function measureRequests(
  contestant: Contestant,
  photo: PhotoContext,
  [high, medium, both]: readonly number[],
): Promise<Pick<SeparateFiles, "highCpuMs" | "mediumCpuMs" | "scaled">> {
  const { full, half } = await photo.read();
  const files = {
    high: await contestant.encode(full, high!),
    medium: await contestant.encode(half, medium!),
    both: await contestant.encode(full, both!),
  };
  const decode = (file: Uint8Array) => cpuTime(() => contestant.decode(file));
  const server = await cpuTime(async () =>
    await contestant.encode(await contestant.decodeHalf(files.both), medium!)
  );
  const sent = await decode(server.result);
  return {
    highCpuMs: (await decode(files.high)).ms,
    mediumCpuMs: (await decode(files.medium)).ms,
    scaled: {
      bytes: server.result.length,
      psnrDb: finiteDb(psnr(sent.result.data, half.data)),
      serverCpuMs: server.ms,
      clientCpuMs: sent.ms,
      highCpuMs: (await decode(files.both)).ms,
    },
  };
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

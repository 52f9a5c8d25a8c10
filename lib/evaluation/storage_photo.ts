/**
 * One photo, kept for two sizes in several ways at equal PSNR at both.
 *
 *     layered     one file of two layers; a prefix of it is the medium image
 *     two files   one of the photo, one of the photo at half its size
 *     high only   one of the photo; the server decodes it, scales it down by
 *                 Lanczos and encodes it again, with the quality that two
 *                 files have for the medium image
 *     one latent  one file; the client makes either image from all of it
 *
 * @module
 */

import process from "node:process";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import type { Contestant } from "./contestants.ts";
import type { MeasuredPhoto } from "./photos.ts";
import type { KeptUnits } from "./kept_units.ts";
import { type LeastBytes, leastBytes } from "./least_bytes.ts";
import { measureFileOf } from "./measure_file.ts";

/** What the layered file of a quality gives. */
export interface LayeredFound {
  /** Of the file. */
  readonly bytes: number;
  /** Of its first layer, with the header. */
  readonly mediumBytes: number;
  /** PSNR of the photo in dB: the target at full size. */
  readonly highDb: number;
  /** PSNR of the medium image in dB: the target at half size. */
  readonly mediumDb: number;
  /** Milliseconds of a processor that decode the first layer. */
  readonly mediumCpuMs: number;
  /** Milliseconds of a processor that decode the photo. */
  readonly highCpuMs: number;
}

/** What another codec, or ours without layers, needs for a target. */
export interface ApartFound {
  /** Of the photo's own file. */
  readonly high: LeastBytes;
  /** Of the file of the photo at half its size. */
  readonly medium: LeastBytes;
  /** Of one file of the photo that reaches both. */
  readonly both: LeastBytes;
  /** Processor time to decode the photo of two files. */
  readonly highCpuMs: number;
  /** Processor time to decode the medium image of two files. */
  readonly mediumCpuMs: number;
  /** What is sent for a medium request to a server that scales. */
  readonly scaled: ScaledFound;
}

/** The medium image, made by the server from the photo's one file. */
export interface ScaledFound {
  /** Of what is sent. */
  readonly bytes: number;
  /** Its PSNR in dB, against the original at half its size. */
  readonly psnrDb: number;
  /** Processor time of the server: decode, scale, encode. */
  readonly serverCpuMs: number;
  /** Processor time to decode what is sent. */
  readonly clientCpuMs: number;
  /** Processor time to decode the photo. */
  readonly highCpuMs: number;
}

/** What a codec of one latent with two decoders needs for a target. */
export interface OneLatentFound {
  /** Of one file of the photo that reaches both. */
  readonly both: LeastBytes;
  /** Milliseconds of a processor that decode the medium image. */
  readonly mediumCpuMs: number;
  /** Milliseconds of a processor that decode the photo. */
  readonly highCpuMs: number;
}

/** A codec with what tells it from others. */
export interface KeyedContestant {
  /** The codec. */
  readonly contestant: Contestant;
  /** From `contestantKey`. */
  readonly key: string;
}

/** A photo that is read when it is needed. */
export interface LazyPhoto {
  /** What tells it from others. */
  readonly key: string;
  /** Reads it once. */
  read(): Promise<MeasuredPhoto>;
}

/** Measures the layered file of a quality. */
export async function layeredOf(
  { contestant, key }: KeyedContestant,
  photo: LazyPhoto,
  quality: number,
  units: KeptUnits,
  machine: string,
): Promise<LayeredFound> {
  const identity = ["layered", key, machine, photo.key, quality];
  return await units.once(identity, async () => {
    const { full, half } = await photo.read();
    const file = await contestant.encode(full, quality);
    const part = contestant.halfOf!(file);
    const medium = await cpuTime(() => contestant.decodeHalf(part));
    const high = await cpuTime(() => contestant.decode(file));
    return {
      bytes: file.length,
      mediumBytes: part.length,
      highDb: finiteDb(psnr(high.made.data, full.data)),
      mediumDb: finiteDb(psnr(medium.made.data, half.data)),
      mediumCpuMs: medium.ms,
      highCpuMs: high.ms,
    };
  });
}

/** Finds the least files of a codec that reach a target. */
export async function apartOf(
  codec: KeyedContestant,
  photo: LazyPhoto,
  target: { readonly highDb: number; readonly mediumDb: number },
  units: KeptUnits,
  machine: string,
): Promise<ApartFound> {
  const { contestant: { range, name }, key } = codec;
  const trial = (quality: number) =>
    units.once(
      ["full", name, key, photo.key, quality],
      async () =>
        await measureFileOf(codec.contestant, await photo.read(), quality),
    );
  const smallTrial = (quality: number) =>
    units.once(
      ["half", name, key, photo.key, quality],
      () => measureHalf(codec.contestant, photo, quality),
    );
  const scaledTrial = async (quality: number) => {
    const { bytes, halfPsnrDb } = await trial(quality);
    return { bytes, psnrDb: halfPsnrDb };
  };
  const high = await leastBytes(range, trial, target.highDb);
  const medium = await leastBytes(range, smallTrial, target.mediumDb);
  const scaled = await leastBytes(range, scaledTrial, target.mediumDb);
  const both = stricter(high, scaled);
  const qualities = [high, medium, both].map(({ quality }) => quality);
  const identity = ["served", name, key, machine, photo.key, qualities];
  const served = await units.once(
    identity,
    () => serve(codec.contestant, photo, qualities),
  );
  return { high, medium, both, ...served };
}

/** Finds the least file of one latent that reaches a target at both sizes. */
export async function oneLatentOf(
  { contestant, key }: KeyedContestant,
  photo: LazyPhoto,
  target: { readonly highDb: number; readonly mediumDb: number },
  units: KeptUnits,
  machine: string,
): Promise<OneLatentFound> {
  const trial = (quality: number) =>
    units.once(
      ["full", contestant.name, key, photo.key, quality],
      async () => await measureFileOf(contestant, await photo.read(), quality),
    );
  const mediumTrial = async (quality: number) => {
    const { bytes, halfPsnrDb } = await trial(quality);
    return { bytes, psnrDb: halfPsnrDb };
  };
  const { range } = contestant;
  const both = stricter(
    await leastBytes(range, trial, target.highDb),
    await leastBytes(range, mediumTrial, target.mediumDb),
  );
  const identity = ["one latent", key, machine, photo.key, both.quality];
  const times = await units.once(identity, async () => {
    const { full } = await photo.read();
    const file = await contestant.encode(full, both.quality);
    return {
      mediumCpuMs: (await cpuTime(() => contestant.decodeHalf(file))).ms,
      highCpuMs: (await cpuTime(() => contestant.decode(file))).ms,
    };
  });
  return { both, ...times };
}

/** The one that needs more bytes; one that is not reached needs the most. */
function stricter(a: LeastBytes, b: LeastBytes): LeastBytes {
  if ((a.reach === "above") !== (b.reach === "above")) {
    return a.reach === "above" ? a : b;
  }
  return a.bytes >= b.bytes ? a : b;
}

async function measureHalf(
  contestant: Contestant,
  photo: LazyPhoto,
  quality: number,
): Promise<{ bytes: number; psnrDb: number }> {
  const { half } = await photo.read();
  const file = await contestant.encode(half, quality);
  const decoded = await contestant.decode(file);
  const psnrDb = finiteDb(psnr(decoded.data, half.data));
  return { bytes: file.length, psnrDb };
}

/** Does what requests ask of servers and clients. */
async function serve(
  contestant: Contestant,
  photo: LazyPhoto,
  [high, medium, both]: readonly number[],
): Promise<Pick<ApartFound, "highCpuMs" | "mediumCpuMs" | "scaled">> {
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
  const sent = await decode(server.made);
  return {
    highCpuMs: (await decode(files.high)).ms,
    mediumCpuMs: (await decode(files.medium)).ms,
    scaled: {
      bytes: server.made.length,
      psnrDb: finiteDb(psnr(sent.made.data, half.data)),
      serverCpuMs: server.ms,
      clientCpuMs: sent.ms,
      highCpuMs: (await decode(files.both)).ms,
    },
  };
}

/** What is made, and the time of all processors together that it took. */
async function cpuTime<Made>(
  make: () => Promise<Made>,
): Promise<{ made: Made; ms: number }> {
  const before = process.cpuUsage();
  const made = await make();
  const { user, system } = process.cpuUsage(before);
  return { made, ms: (user + system) / 1000 };
}

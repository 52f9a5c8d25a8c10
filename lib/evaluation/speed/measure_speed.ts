/**
 * How long our codec takes for a photo, beside WebP, AVIF and CompressAI.
 *
 * @module
 */
import {
  avif,
  avifDefault,
  type Codec,
  encodeNearSize,
  webp,
  webpDefault,
} from "@/baselines/mod.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import { UserError } from "@/errors/user_error.ts";
import { type Contestant, other, ours } from "@/evaluation/contestants.ts";
import type { PhotosToMeasure } from "@/evaluation/photos.ts";
import { origin } from "@/evaluation/rates.ts";
import type {
  BrowserSpeed,
  CodecSpeed,
  LargePhotoCost,
  SpeedRow,
} from "@/evaluation/results.ts";
import { takeTurns, timed, type TimedWork } from "@/evaluation/take_turns.ts";
import { cropMiddle, imageSize, type Pixels, readImage } from "@/images/mod.ts";
import type { OnProgress } from "@/files/progress.ts";
import { coderStreams, timeCoder } from "./coder_speed.ts";
import { COMPRESSAI_REMARK, type CompressaiTiming } from "./compressai.ts";
import type { Peer } from "./peer.ts";

/** What is timed, and how. */
export interface SpeedPlan {
  /** Our model. */
  readonly loaded: LoadedModel;
  /** Its id, in hexadecimal digits. */
  readonly model: string;
  /** Quality of ours; the others get files of about the same size. */
  readonly quality: number;
  /** The photo. */
  readonly photo: Pixels;
  /** The photo's name. */
  readonly name: string;
  /** Number of threads for each codec. */
  readonly threads: number;
  /** How long to time the codecs. */
  readonly seconds: number;
  /** Minimum number of rounds. */
  readonly leastRounds: number;
  /** Measures a large photo; left out by default. */
  readonly measureLarge?: (photo: Pixels) => Promise<LargePhotoCost>;
  /** Times our file in a browser; left out by default. */
  readonly measureBrowser?:
    | ((file: Uint8Array) => Promise<BrowserSpeed | undefined>)
    | undefined;
  /** How long to time the entropy coder, and values in each of its streams. */
  readonly coder: { readonly seconds: number; readonly values: number };
  /** CompressAI, if it is installed. */
  readonly peer?: Peer<CompressaiTiming> | undefined;
  /** Stops the measurement. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each round. */
  readonly onProgress?: OnProgress;
}

const COMPRESSAI = "bmshj2018-hyperprior";

/**
 * Times all codecs in turns, then the entropy coder.
 *
 * @param plan What to time, and how.
 * @returns Median times, for `results/codec/speed.json`.
 */
export async function measureSpeed(plan: SpeedPlan): Promise<CodecSpeed> {
  const { photo: { width, height }, threads, quality, peer } = plan;
  const contestants = await prepare(plan);
  const field = new Map<string, TimedWork>();
  for (const contestant of contestants) {
    addContestant(field, contestant, plan.photo);
  }
  if (peer !== undefined) addPeer(field, peer, { width, height });
  const { seconds, leastRounds, signal, onProgress } = plan;
  const { ms, rounds } = await takeTurns(field, {
    seconds,
    leastRounds,
    signal,
    onRound: (done) =>
      onProgress?.({ phase: "Speed, rounds", done, total: leastRounds }),
  });
  const rows = [
    ...contestants.map(({ contestant: { id, name }, file }) =>
      row(ms, id, name, file.length)
    ),
    ...peer === undefined
      ? []
      : [row(ms, COMPRESSAI, `CompressAI ${COMPRESSAI}`)],
  ];
  onProgress?.({ phase: "Speed, a large photo", done: 0, total: 1 });
  const large = await plan.measureLarge?.(plan.photo);
  onProgress?.({ phase: "Speed, in a browser", done: 0, total: 1 });
  const inBrowser = await plan.measureBrowser?.(contestants[0]!.file);
  onProgress?.({ phase: "Speed, entropy coder", done: 0, total: 1 });
  const coder = timeCoder(coderStreams(plan.coder.values), plan.coder.seconds);
  return {
    ...origin(plan.model),
    photo: plan.name,
    width,
    height,
    threads,
    rounds,
    quality,
    rows,
    timesOurs: timesOurs(rows),
    ...(large === undefined ? {} : { large }),
    ...(inBrowser === undefined ? {} : { inBrowser }),
    coder: coder.map(({ name, encodeNs, decodeNs }) => ({
      name,
      encodeNs,
      decodeNs,
    })),
    ...(peer === undefined
      ? {}
      : { peer: { versions: peer.versions, remark: COMPRESSAI_REMARK } }),
  };
}

interface Prepared {
  readonly contestant: Contestant;
  readonly quality: number;
  readonly file: Uint8Array;
}

/** Our file, and those of the others of about its size. */
async function prepare(
  { loaded, photo, quality, signal, onProgress }: SpeedPlan,
): Promise<Prepared[]> {
  const own = ours(loaded);
  const file = await own.encode(photo, quality);
  const prepared: Prepared[] = [{ contestant: own, quality, file }];
  const codecs: [string, Codec][] = [
    ["webp", webp],
    ["webpDefault", webpDefault],
    ["avif", avif],
    ["avifDefault", avifDefault],
  ];
  for (const [done, [id, codec]] of codecs.entries()) {
    signal?.throwIfAborted();
    onProgress?.({
      phase: "Speed, files of a size",
      done,
      total: codecs.length,
    });
    const near = await encodeNearSize(codec, photo, file.length);
    prepared.push({
      contestant: other(id, codec),
      quality: near.quality,
      file: near.bytes,
    });
  }
  return prepared;
}

function addContestant(
  field: Map<string, TimedWork>,
  { contestant, quality, file }: Prepared,
  photo: Pixels,
): void {
  const part = contestant.halfOf?.(file) ?? file;
  const { id } = contestant;
  field.set(`${id} encode`, timed(() => contestant.encode(photo, quality)));
  field.set(`${id} high`, timed(() => contestant.decode(file)));
  field.set(`${id} medium`, timed(() => contestant.decodeHalf(part)));
}

function addPeer(
  field: Map<string, TimedWork>,
  peer: Peer<CompressaiTiming>,
  size: { readonly width: number; readonly height: number },
): void {
  const time = (variant: CompressaiTiming["variant"]) => async () =>
    (await peer.time({ variant, ...size }, 1))[0]!;
  field.set(`${COMPRESSAI} encode`, time("encode"));
  field.set(`${COMPRESSAI} high`, time("decode"));
}

function row(
  ms: ReadonlyMap<string, number>,
  id: string,
  name: string,
  bytes?: number,
): SpeedRow {
  const medium = ms.get(`${id} medium`);
  return {
    id,
    name,
    ...(bytes === undefined ? {} : { bytes }),
    encodeMs: ms.get(`${id} encode`)!,
    decodeHighMs: ms.get(`${id} high`)!,
    ...(medium === undefined ? {} : { decodeMediumMs: medium }),
  };
}

function timesOurs(
  [own, ...rest]: readonly SpeedRow[],
): CodecSpeed["timesOurs"] {
  return Object.fromEntries(rest.map((row) => [row.id, {
    encode: row.encodeMs / own!.encodeMs,
    decodeHigh: row.decodeHighMs / own!.decodeHighMs,
  }]));
}

/**
 * Crops the middle of the first photo that is large enough.
 *
 * @param set The photos.
 * @param width Of the crop, in pixels.
 * @param height Of the crop, in pixels.
 * @returns The crop and the photo's name.
 * @throws {UserError} If no photo is large enough.
 */
export async function speedPhoto(
  { name, photos }: PhotosToMeasure,
  width: number,
  height: number,
): Promise<{ name: string; photo: Pixels }> {
  for (const { path, name } of photos) {
    const size = await imageSize(path);
    if (size.width < width || size.height < height) continue;
    const photo = cropMiddle(await readImage(path), width, height);
    return { name, photo };
  }
  throw new UserError(
    `No photo of "${name}" has ${width}x${height} pixels to time codecs on.`,
  );
}

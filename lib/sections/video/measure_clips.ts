/**
 * Clips as files of two sizes: what it saves to code frames given the frame
 * before, and what other codecs take for one size and for both.
 *
 * @module
 */
import { decodeGroup } from "@/codec/decode/decode_clip.ts";
import { encodeClip, joinGroups } from "@/codec/encode/encode_clip.ts";
import {
  type FrameLayers,
  readGroup,
  writeGroup,
} from "@/codec/format/clip_group.ts";
import {
  CLIP_VERSION,
  clipStartBytes,
  parseClipHeader,
  type ParsedClip,
} from "@/codec/format/clip_header.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import { DEFAULT_COARSENESS } from "@/codec/model/nested_quantiser.ts";
import type { Segments } from "@/datasets/mod.ts";
import type { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { origin } from "@/evaluation/rates.ts";
import { type Pixels, resizeImage } from "@/images/mod.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { finiteDb, mean, psnr } from "@/metrics/mod.ts";
import type {
  BrowserClipSpeed,
  ClipMeasurements,
  ClipMemory,
  ClipSpeed,
  ClipWay,
  OwnClip,
  RivalClip,
} from "./clip_types.ts";
import { encodeByRival, type RivalName, RIVALS } from "./rivals.ts";

/** What our files are made with. */
const OWN: readonly Pick<OwnClip, "way" | "quality" | "coarseness">[] = [
  ...[34, 46, 58].map((quality) =>
    ({ way: "alone", quality, coarseness: DEFAULT_COARSENESS }) as const
  ),
  ...[38, 52].map((quality) =>
    ({ way: "predicted", quality, coarseness: DEFAULT_COARSENESS }) as const
  ),
  { way: "predicted", quality: 45, coarseness: DEFAULT_COARSENESS + 1 },
];

/** Of frames that are coded alone, every nth is measured. */
const ALONE_EVERY = 4;

/** `-crf` of the other codecs. */
const QUALITIES: Readonly<Record<RivalName, readonly number[]>> = {
  "H.264": [26, 38],
  "H.265": [26, 38],
  "VP9": [36, 58],
  "AV1": [36, 58],
};

/** Quality of the clip that is timed, and how often it is decoded. */
const TIMED = { quality: 45, rounds: 5 };

/** How often the frames are repeated in the clips whose memory is measured. */
const REPEATED = [1, 8];

/** What is measured, and who watches. */
export interface ClipPlan {
  /** The model and the clip model. */
  readonly loaded: LoadedModel;
  /** From `findFfmpeg`. */
  readonly ffmpeg: string;
  /** The test clips, one segment of each. */
  readonly segments: Segments;
  /** Changes with any segment. */
  readonly identity: string;
  /** Measurements that were made before. */
  readonly cache: MeasurementCache;
  /** Times a file in a browser; nothing if there is none. */
  readonly measureBrowser: (
    file: Uint8Array,
  ) => Promise<BrowserClipSpeed | undefined>;
  /** Receives the number of files that were made. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures clips as files.
 *
 * @param plan What is measured.
 * @returns For `results/codec/clips.json`.
 */
export async function measureClips(plan: ClipPlan): Promise<ClipMeasurements> {
  const { loaded, segments, identity, cache, onProgress, signal } = plan;
  const { side, frames, count } = segments;
  const rivals = RIVALS.flatMap((codec) =>
    QUALITIES[codec].flatMap((quality) =>
      [side, side / 2].map((side) => ({ codec, quality, side }))
    )
  );
  const total = count * (OWN.length + rivals.length);
  const progress = countProgress("Clips, files", total, onProgress);
  const models = [loaded.model.id.toHex(), loaded.clip!.model.id.toHex()];
  const own: OwnClip[] = [], others: RivalClip[] = [];
  let done = 0;
  for (let i = 0; i < count; i++) {
    const clip = segments.names[i]!.split("/").at(-1)!;
    const high = picturesOf(segments.view(i), side);
    const medium: Pixels[] = [];
    for (const frame of high) {
      medium.push(await resizeImage(frame, side / 2, side / 2));
    }
    for (const settings of OWN) {
      const made = settings.way === "predicted"
        ? [...models, CLIP_VERSION]
        : models.slice(0, 1);
      const unit = ["clip", made, identity, i, side, frames, settings];
      const found = await cache.once(
        unit,
        () => measureOwn(loaded, high, medium, settings, signal),
      );
      own.push({ clip, ...settings, ...found });
      progress(++done);
    }
    for (const rival of rivals) {
      const pictures = rival.side === side ? high : medium;
      const found = await measureRivalClip(plan, i, pictures, rival);
      others.push({ clip, ...rival, ...found });
      progress(++done);
    }
  }
  return {
    ...origin(models[0]!),
    clipModel: models[1]!,
    ...{ side, frames, own, rivals: others },
    clips: segments.names.map((name) => name.split("/").at(-1)!),
    speed: await timeClip(plan),
    memory: await measureMemory(loaded, segments, signal),
  };
}

async function measureRivalClip(
  { ffmpeg, identity, cache, signal }: ClipPlan,
  index: number,
  pictures: readonly Pixels[],
  { codec, quality, side }: Pick<RivalClip, "codec" | "quality" | "side">,
): Promise<Pick<RivalClip, "bytes" | "psnrDb">> {
  const frames = pictures.length, length = side * side * 3;
  const unit = ["rival", identity, index, side, frames, codec, quality];
  return await cache.once(unit, async () => {
    const segment = new Uint8Array(frames * length);
    pictures.forEach(({ data }, t) => segment.set(data, t * length));
    const coded = await encodeByRival(
      ...[ffmpeg, segment, side, codec, quality, signal] as const,
    );
    const decibels = pictures.map(({ data }, t) => {
      const decoded = coded.frames.subarray(t * length, (t + 1) * length);
      return finiteDb(psnr(decoded, data));
    });
    return { bytes: coded.bytes / frames, psnrDb: mean(decibels) };
  });
}

function picturesOf(segment: Uint8Array, side: number): Pixels[] {
  const length = side * side * 3;
  return Array.from({ length: segment.length / length }, (_, t) => ({
    ...{ width: side, height: side },
    data: segment.slice(t * length, (t + 1) * length),
  }));
}

async function measureOwn(
  loaded: LoadedModel,
  high: readonly Pixels[],
  medium: readonly Pixels[],
  { way, quality, coarseness }: (typeof OWN)[number],
  signal: AbortSignal | undefined,
): Promise<Omit<OwnClip, "clip" | "way" | "quality" | "coarseness">> {
  const some = <Item>(all: readonly Item[]) =>
    way === "alone" ? all.filter((_, t) => t % ALONE_EVERY === 0) : all;
  const frames = some(high);
  const file = await encodeFrames(loaded, frames, way, quality, coarseness);
  const errors = async (size: "high" | "medium", wanted: readonly Pixels[]) => {
    const decibels: number[] = [];
    for await (const { data } of decodeAll(loaded, file, size, signal)) {
      decibels.push(finiteDb(psnr(data, wanted[decibels.length]!.data)));
    }
    return mean(decibels);
  };
  const { groups, headerBytes, fileBytes } = file.clip;
  const first = groups.reduce((sum, { medium }) => sum + medium, headerBytes);
  return {
    bytes: fileBytes / frames.length,
    mediumBytes: first / frames.length,
    highDb: await errors("high", frames),
    mediumDb: await errors("medium", some(medium)),
  };
}

/** A clip as a file. */
interface ClipFile {
  readonly clip: ParsedClip;
  readonly bytes: Uint8Array;
}

async function encodeFrames(
  loaded: LoadedModel,
  frames: readonly Pixels[],
  way: ClipWay,
  quality: number,
  coarseness: number,
): Promise<ClipFile> {
  const { width, height } = frames[0]!;
  const { id: model } = loaded.model, clipModel = loaded.clip!.model.id;
  const start = {
    ...{ model, width, height, quality, coarseness, rate: 25, seconds: 1 },
    clipModel: way === "predicted" ? clipModel : new Uint8Array(model.length),
  };
  const groupFrames = way === "alone" ? 1 : frames.length;
  const bytes = await encodeClip(loaded, frames, start, { groupFrames });
  return { clip: parseClipHeader(bytes), bytes };
}

async function* decodeAll(
  loaded: LoadedModel,
  { clip, bytes }: ClipFile,
  size: "high" | "medium",
  signal: AbortSignal | undefined,
): AsyncGenerator<Pixels> {
  const read = (from: number, to: number) => bytes.subarray(from, to);
  for (let index = 0; index < clip.places.length; index++) {
    yield* decodeGroup(loaded, clip, index, read, { size, signal });
  }
}

async function timeClip(
  { loaded, segments, signal, measureBrowser }: ClipPlan,
): Promise<ClipSpeed> {
  const { quality, rounds } = TIMED;
  const middle = Math.floor(segments.count / 2);
  const pictures = picturesOf(segments.view(middle), segments.side);
  const start = performance.now();
  const file = await encodeFrames(loaded, pictures, "predicted", quality, 1);
  const encoded = performance.now() - start;
  const fastest = async (size: "high" | "medium") => {
    let least = Infinity;
    for (let i = 0; i < rounds; i++) {
      const start = performance.now();
      for await (const _ of decodeAll(loaded, file, size, signal));
      least = Math.min(least, performance.now() - start);
    }
    return 1000 * pictures.length / least;
  };
  const browser = await measureBrowser(file.bytes);
  return {
    clip: segments.names[middle]!.split("/").at(-1)!,
    quality,
    highFps: await fastest("high"),
    mediumFps: await fastest("medium"),
    encodedFps: 1000 * pictures.length / encoded,
    ...browser && { browser },
  };
}

async function measureMemory(
  loaded: LoadedModel,
  segments: Segments,
  signal: AbortSignal | undefined,
): Promise<ClipMemory[]> {
  const pictures = picturesOf(segments.view(0), segments.side);
  const { quality } = TIMED;
  const file = await encodeFrames(
    ...[loaded, pictures, "predicted", quality, DEFAULT_COARSENESS] as const,
  );
  const found: ClipMemory[] = [];
  for (const times of REPEATED) {
    const long = await repeatGroup(file, times);
    let peak = 0;
    for await (const _ of decodeAll(loaded, long, "high", signal)) {
      peak = Math.max(peak, Deno.memoryUsage().rss);
    }
    found.push({ frames: long.clip.frames, peakMiB: peak / 2 ** 20 });
  }
  return found;
}

/** A clip whose one group comes several times. */
async function repeatGroup(
  { clip, bytes }: ClipFile,
  times: number,
): Promise<ClipFile> {
  const { start, mediumEnd, end } = clip.places[0]!;
  const identity = (index: number) => ({ clip: clipStartBytes(clip), index });
  const group = readGroup(
    ...[identity(0), clip.frames, bytes.subarray(start, mediumEnd)] as const,
    bytes.subarray(mediumEnd, end),
  );
  const layers = group.frames as readonly (FrameLayers | undefined)[];
  const groups = Array.from({ length: times }, (_, index) => {
    const [medium, rest] = writeGroup(identity(index), layers);
    return { frames: clip.frames, medium, rest };
  });
  const whole = await joinGroups(clip, groups);
  return { clip: parseClipHeader(whole), bytes: whole };
}

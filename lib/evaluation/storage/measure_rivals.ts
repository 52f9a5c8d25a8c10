/**
 * What other formats of one file for two sizes need for a target, see `rivals.ts`.
 *
 * @module
 */
import type { MeasuredPhoto } from "@/evaluation/photos.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import {
  bytesBetween,
  type LeastBytes,
  leastBytes,
  type Trial,
} from "./least_bytes.ts";
import {
  type ByResolutionFile,
  cpuTime,
  type KeyedContestant,
  measureOneQuality,
  type PhotoContext,
  type StorageTargets,
} from "./measure_photo.ts";
import {
  AVIF_TUNES,
  type AvifTune,
  type LayeredAvif,
  type ProgressiveCodec,
} from "./rivals.ts";

/** A layered AVIF that reaches a target at both sizes. */
export interface LayeredAvifNeeds {
  /** What libaom was tuned for: the one of fewer bytes. */
  readonly tune: AvifTune;
  /** Its first layer. */
  readonly medium: LeastBytes;
  /** The whole file. */
  readonly high: LeastBytes;
  /** Processor time to decode the first layer, in milliseconds. */
  readonly mediumCpuMs: number;
  /** Processor time to decode the photo, in milliseconds. */
  readonly highCpuMs: number;
}

/** Qualities of a layer; 0 is what a second layer has that nobody needs. */
const AVIF_RANGE = { low: 1, high: 100 };

/**
 * Finds the smallest layered AVIF that reaches a target at both sizes: first
 * the quality of its first layer, then that of the second. libaom scales the
 * photo down by a filter of its own, by which even a perfect first layer is only
 * 33 to 36 dB from the photo scaled by Lanczos. So the first layer is compared
 * with both, the photo by Lanczos and the best first layer, and the higher PSNR
 * counts.
 *
 * @param avif Encodes and decodes.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns The file of the better tune.
 */
export async function measureLayeredAvif(
  avif: LayeredAvif,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<LayeredAvifNeeds> {
  const tuned = [];
  for (const tune of AVIF_TUNES) {
    tuned.push({ tune, ...await searchLayers(avif, tune, photo, targets) });
  }
  const { tune, medium, high } = tuned.reduce((best, next) =>
    isReached(next) && (!isReached(best) || next.high.bytes < best.high.bytes)
      ? next
      : best
  );
  const settings = {
    tune,
    mediumQuality: medium.quality,
    highQuality: high.quality,
  };
  const identity = ["layered avif, time", avif.key, photo.machine, photo.key];
  const times = await photo.cache.once([...identity, settings], async () => {
    const { full } = await photo.read();
    const { file, firstLayer } = await avif.encode(full, settings);
    return {
      mediumCpuMs: (await cpuTime(() => avif.decode(firstLayer))).ms,
      highCpuMs: (await cpuTime(() => avif.decode(file))).ms,
    };
  });
  return { tune, medium, high, ...times };
}

/**
 * Whether both layers reach their targets.
 *
 * @param layers What was found.
 * @returns True if both targets are between the worst and the best quality.
 */
export function isReached(
  { medium, high }: Pick<LayeredAvifNeeds, "medium" | "high">,
): boolean {
  return medium.reach === "within" && high.reach === "within";
}

async function searchLayers(
  avif: LayeredAvif,
  tune: AvifTune,
  photo: PhotoContext,
  { mediumDb, highDb }: StorageTargets,
): Promise<Pick<LayeredAvifNeeds, "medium" | "high">> {
  const { key, read, cache } = photo;
  const identity = ["layered avif, either half", avif.key, tune, key];
  let ownHalf: Promise<Pixels> | undefined;
  const bestFirstLayer = async () => {
    const mediumQuality = AVIF_RANGE.high;
    const { full } = await read();
    const { firstLayer } = await avif.encode(full, { tune, mediumQuality });
    return await avif.decode(firstLayer);
  };
  const first = (mediumQuality: number): Promise<Trial> =>
    cache.once([...identity, mediumQuality], async () => {
      const { full, half } = await read();
      const { firstLayer } = await avif.encode(full, { tune, mediumQuality });
      const decoded = await avif.decode(firstLayer);
      const own = await (ownHalf ??= bestFirstLayer());
      return trial(firstLayer, decoded, half, own);
    });
  const second = (mediumQuality: number, highQuality: number): Promise<Trial> =>
    cache.once([...identity, mediumQuality, highQuality], async () => {
      const { full } = await read();
      const settings = { tune, mediumQuality, highQuality };
      const { file } = await avif.encode(full, settings);
      return trial(file, await avif.decode(file), full);
    });
  const medium = await leastBytes(AVIF_RANGE, first, mediumDb);
  const over = medium.quality;
  const high = await leastBytes(AVIF_RANGE, (q) => second(over, q), highDb);
  if (!isReached({ medium, high })) return { medium, high };
  // The first layer is better than its target by up to one step. The whole file
  // is interpolated to the target as its first layer is, between this step and
  // the one below.
  const under = over - 1;
  const below = await second(under, high.quality - 1);
  const reaches = await second(under, high.quality);
  const bytes = bytesBetween(
    {
      psnrDb: (await first(under)).psnrDb,
      bytes: bytesBetween(below, reaches, highDb),
    },
    { psnrDb: (await first(over)).psnrDb, bytes: high.bytes },
    mediumDb,
  );
  return { medium, high: { ...high, bytes } };
}

/** A file at the highest PSNR that it has against one of the originals. */
function trial(
  file: Uint8Array,
  decoded: Pixels,
  ...originals: readonly Pixels[]
): Trial {
  const decibels = originals.map(({ data }) =>
    finiteDb(psnr(decoded.data, data))
  );
  return { bytes: file.length, psnrDb: Math.max(...decibels) };
}

/**
 * Finds the smallest JPEG 2000 file, ordered by resolution, that reaches a
 * target at both sizes. Since its half is the low band of a wavelet, whose
 * pixels lie between those of a photo that is scaled down, the half is compared
 * with what its own best file gives.
 *
 * @param codec JPEG 2000 by resolution.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns The file, the bytes of its lower resolutions and times to decode it.
 */
export async function measureByResolution(
  codec: KeyedContestant,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<ByResolutionFile> {
  const { encode, halfOf, decodeHalf, range } = codec.contestant;
  let images: Promise<MeasuredPhoto> | undefined;
  const withOwnHalf = async (): Promise<MeasuredPhoto> => {
    const { name, full } = await photo.read();
    const best = await encode(full, range.high);
    return { name, full, half: await decodeHalf(halfOf!(best)) };
  };
  const context = {
    ...photo,
    key: `${photo.key} with its own half`,
    read: () => images ??= withOwnHalf(),
  };
  return await measureOneQuality(codec, context, targets);
}

/** Prefixes that are tried are this many parts of a file. */
const PARTS = 500;

/**
 * Finds the smallest progressive file that reaches a target at both sizes, and
 * its shortest prefix that reaches the target of the medium image.
 *
 * @param codec JPEG XL.
 * @param key From `contestantKey`.
 * @param photo The photo.
 * @param targets What both sizes have to reach.
 * @returns The file, the bytes of its prefix and times to decode both.
 */
export async function measureProgressive(
  codec: ProgressiveCodec,
  key: string,
  photo: PhotoContext,
  targets: StorageTargets,
): Promise<ByResolutionFile> {
  const whole = await measureOneQuality(
    { contestant: codec, key },
    photo,
    targets,
  );
  const { quality, bytes } = whole.both;
  const identity = ["prefix", key, photo.key, quality];
  let file: Promise<Uint8Array> | undefined;
  const prefixOf = async (parts: number) => {
    file ??= photo.read().then(({ full }) => codec.encode(full, quality));
    const made = await file;
    return made.subarray(0, Math.ceil(made.length * parts / PARTS));
  };
  const prefix = await leastBytes(
    { low: 1, high: PARTS },
    (parts) =>
      photo.cache.once([...identity, parts], async (): Promise<Trial> => {
        const part = await prefixOf(parts);
        const shown = await codec.decodePrefix(part);
        const { half } = await photo.read();
        const psnrDb = shown ? finiteDb(psnr(shown.data, half.data)) : 0;
        return { bytes: part.length, psnrDb };
      }),
    targets.mediumDb,
  );
  const mediumCpuMs = await photo.cache.once(
    [...identity, "time", photo.machine, prefix.quality],
    async () => {
      const part = await prefixOf(prefix.quality);
      return (await cpuTime(() => codec.decodePrefix(part))).ms;
    },
  );
  // The file is interpolated to its target, and may be a little shorter.
  const mediumBytes = Math.min(prefix.bytes, bytes);
  return { ...whole, mediumBytes, mediumCpuMs };
}

/**
 * Cuts clips into segments once; later calls load what the first one has kept.
 *
 *     clips → ffmpeg → frames → cuts → segments of 10 frames, 64 x 64
 *                       data/cache/<fingerprint>/clips.bin
 *
 * @module
 */
import { asWriteError, DatasetError } from "@/datasets/photos/dataset_error.ts";
import {
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { prepareOnce } from "@/datasets/pairs/prepare_once.ts";
import {
  loadSlots,
  type SlotManifest,
  SlotWriter,
} from "@/datasets/pairs/slot_file.ts";
import { requireWhole } from "@/errors/invalid.ts";
import { replaceFile } from "@/files/atomic_write.ts";
import { dataPath } from "@/files/data_path.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { fingerprint } from "@/files/sha256.ts";
import { imageVersions } from "@/images/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import type { ClipSet } from "./clip_set.ts";
import { FfmpegError } from "./ffmpeg.ts";

/** To be raised whenever the same settings would give other segments. */
const version = 1;

/** How clips are cut. */
export interface ClipSettings {
  /** Width and height of the frames in pixels. */
  readonly side: number;
  /** Frames in a segment. */
  readonly frames: number;
  /** Maximum number of segments of each train clip. */
  readonly trainPerClip: number;
  /** Maximum number of segments of each other clip. */
  readonly testPerClip: number;
  /** Decides which segments are kept, and how made clips move. */
  readonly seed: number;
}

/** Choices of {@linkcode prepareClips}. */
export interface PrepareClipsOptions {
  /** Receives the number of clips that are done. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work and leaves nothing half-written. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the segments; `data/cache` by default. */
  readonly cacheFolder?: string;
}

/** Segments of one split. */
export interface Segments {
  /** What they are used for. */
  readonly split: Split;
  /** Number of segments. */
  readonly count: number;
  /** The clip that each was cut from; several may share one. */
  readonly names: readonly string[];
  /** Frames in each. */
  readonly frames: number;
  /** Width and height of the frames in pixels. */
  readonly side: number;
  /**
   * A segment.
   *
   * @param i Its index, from 0.
   * @returns `[frames, side, side, 3]`, 0..255; not a copy.
   */
  view(i: number): Uint8Array;
}

/** The segments of a set, in memory. */
export interface PreparedClips extends Readonly<Record<Split, Segments>> {
  /** Changes with any segment. */
  readonly fingerprint: string;
  /** The clips that could not be used. */
  readonly skipped: readonly SkippedFile[];
}

interface ClipManifest extends SlotManifest {
  readonly frames: number;
  readonly side: number;
}

/**
 * Cuts a set into segments and keeps them, or loads them if they have been cut
 * before. Segments hold no cut. Clips that are broken or too short are skipped
 * and listed in `skipped`, along with the files that the set skipped.
 *
 * @param set The clips.
 * @param settings How to cut them.
 * @param options Who watches, who may stop, and where to keep the segments.
 * @returns The segments in memory.
 * @throws {DatasetError} If a split has no segment, a clip has changed since the
 * set was opened, or the disk is full.
 * @throws {RangeError} If a setting is invalid.
 * @example
 * ```ts
 * import { openClips, prepareClips } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openClips("sprites");
 * const settings = { side: 8, frames: 2, trainPerClip: 2, testPerClip: 1 };
 * const cacheFolder = await Deno.makeTempDir();
 * const clips = await prepareClips(set, { ...settings, seed: 1 }, { cacheFolder });
 * assertEquals([clips.train.count, clips.test.count], [800, 40]);
 * assertEquals(clips.train.view(0).length, 2 * 8 * 8 * 3);
 * await Deno.remove(cacheFolder, { recursive: true });
 * ```
 */
export async function prepareClips(
  set: ClipSet,
  settings: ClipSettings,
  options: PrepareClipsOptions = {},
): Promise<PreparedClips> {
  checkSettings(settings);
  const { onProgress, signal, cacheFolder = dataPath("cache") } = options;
  signal?.throwIfAborted();
  const print = clipsFingerprint(set, settings);
  const folder = `${cacheFolder}/${print}`;
  const path = `${folder}/clips.bin`;
  return await prepareOnce({
    what: "clips",
    folder,
    path,
    load: async () => {
      const kept = await loadClips(path, print, signal);
      return kept && { ...kept, skipped: [...set.skipped, ...kept.skipped] };
    },
    build: () => buildClips(set, settings, path, print, options),
    onProgress,
    signal,
  });
}

/**
 * Computes a fingerprint of everything that decides the bytes of the segments.
 *
 * @param set The clips.
 * @param settings How they are cut.
 * @returns 16 hexadecimal digits, the name of a folder in `data/cache`.
 */
export function clipsFingerprint(set: ClipSet, settings: ClipSettings): string {
  const { side, frames, trainPerClip, testPerClip, seed } = settings;
  const numbers = [side, frames, trainPerClip, testPerClip, seed];
  return fingerprint([
    ...["clips", version, imageVersions()],
    ...[set.fingerprint, ...numbers],
  ]).slice(0, 16);
}

function checkSettings(settings: ClipSettings): void {
  const { side, frames, trainPerClip, testPerClip } = settings;
  requireWhole("side", side, 1, 4096);
  requireWhole("frames", frames, 1, 1000);
  requireWhole("trainPerClip", trainPerClip, 1);
  requireWhole("testPerClip", testPerClip, 1);
}

async function buildClips(
  set: ClipSet,
  settings: ClipSettings,
  path: string,
  fingerprint: string,
  { onProgress, signal }: PrepareClipsOptions,
): Promise<void> {
  const { side, frames, trainPerClip, testPerClip, seed } = settings;
  const slotBytes = frames * side * side * 3;
  const most = (split: Split) => split === "train" ? trainPerClip : testPerClip;
  const slots = set.photos.reduce((sum, { split }) => sum + most(split), 0);
  const found = Object.fromEntries(
    splits.map((split) => [split, { names: [], slots: [] }]),
  ) as unknown as Record<Split, { names: string[]; slots: number[] }>;
  const skipped: SkippedFile[] = [];
  const count = countProgress("Preparing clips", set.photos.length, onProgress);
  try {
    await replaceFile(path, async (temporary) => {
      using writer = new SlotWriter(temporary, slotBytes, slots);
      let start = 0;
      for (const [i, clip] of set.photos.entries()) {
        signal?.throwIfAborted();
        const plan = {
          frames,
          most: most(clip.split),
          random: seededRandom(seed, clip.sha256),
        };
        const segments = await set.segments(clip, side, plan, signal)
          .catch((error) => {
            if (!(error instanceof FfmpegError)) throw error;
            skipped.push({ file: clip.name, reason: error.message });
          });
        if (segments?.length === 0) {
          const reason = `it has no ${frames} frames without a cut`;
          skipped.push({ file: clip.name, reason });
        }
        segments?.forEach((segment, k) => {
          writer.write(start + k, segment);
          found[clip.split].names.push(clip.name);
          found[clip.split].slots.push(start + k);
        });
        start += plan.most;
        count(i + 1);
        // Made clips take no time in which a signal could be heard.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      requireSplits(set, found, skipped);
      writer.finish<ClipManifest>({
        ...{ fingerprint, frames, side },
        ...{ splits: found, skipped },
      });
    });
  } catch (error) {
    throw asWriteError(error, path, slots * slotBytes);
  }
}

function requireSplits(
  set: ClipSet,
  found: Readonly<Record<Split, { readonly names: readonly string[] }>>,
  skipped: readonly SkippedFile[],
): void {
  const missing = splits.find((split) => found[split].names.length === 0);
  if (missing === undefined) return;
  const first = [...set.skipped, ...skipped][0];
  throw new DatasetError(
    `Clip set "${set.name}" has no usable clip for ${missing}` +
      (first ? `; "${first.file}" is skipped: ${first.reason}.` : "."),
  );
}

async function loadClips(
  path: string,
  fingerprint: string,
  signal: AbortSignal | undefined,
): Promise<PreparedClips | undefined> {
  const loaded = await loadSlots<ClipManifest>(
    path,
    fingerprint,
    ({ frames, side }) => frames * side * side * 3,
    signal,
  );
  if (loaded === undefined) return undefined;
  const { manifest, bytes } = loaded;
  const { frames, side, skipped } = manifest;
  const length = frames * side * side * 3;
  const of = (split: Split): Segments => {
    const { names } = manifest.splits[split];
    return {
      ...{ split, count: names.length, names, frames, side },
      view: (i) => {
        requireWhole("i", i, 0, names.length - 1);
        return bytes[split].subarray(i * length, (i + 1) * length);
      },
    };
  };
  return {
    ...{ train: of("train"), valid: of("valid"), test: of("test") },
    ...{ fingerprint, skipped },
  };
}

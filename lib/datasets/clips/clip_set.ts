/**
 * Sets of clips: made ones, which need no file besides the project's own, and a
 * folder of a user's.
 *
 * @module
 */
import { DatasetError } from "@/datasets/photos/dataset_error.ts";
import { assignSplits, type UnsplitPhoto } from "@/datasets/photos/folder.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { openStarter } from "@/datasets/photos/starter.ts";
import { listFilesBelow } from "@/files/list_files.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { sha256File, sha256Hex } from "@/files/sha256.ts";
import { isSystemError, systemReason } from "@/files/system_error.ts";
import { decodePixels } from "@/images/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { FfmpegError, findFfmpeg, readFrames } from "./ffmpeg.ts";
import { makeClip, MOTIONS, scaleForClips } from "./made_clips.ts";
import { type SegmentPlan, takeSegments } from "./scene_cuts.ts";
import { drawLook, makeSprites } from "./sprites.ts";

/** A set of clips. */
export interface ClipSet extends PhotoSet {
  /**
   * Cuts a clip into segments.
   *
   * @param clip One of `photos`.
   * @param side Width and height of the frames in pixels.
   * @param plan How many segments, of how many frames.
   * @param signal Stops the work.
   * @returns Segments `[frames, side, side, 3]`, 0..255.
   * @throws {FfmpegError} If the clip is broken.
   */
  segments(
    clip: Photo,
    side: number,
    plan: SegmentPlan,
    signal?: AbortSignal,
  ): Promise<Uint8Array[]>;
}

/** Choices of {@linkcode openClips}. */
export interface OpenClipsOptions {
  /** Receives the number of files that were read. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

const endings =
  /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|m2ts|ogv|gif|y4m|wmv|flv|3gp)$/i;

/** The sets of clips that {@linkcode openClips} makes. */
export const CLIP_SETS: readonly string[] = ["made", "sprites"];

/** Different shapes of the made set "sprites". */
const SPRITES: Readonly<Record<Split, number>> = {
  train: 400,
  valid: 40,
  test: 40,
};

/**
 * Opens a set of clips.
 *
 * The split of a user's clip depends on its bytes, as that of a photo in
 * `openFolder`. If all clips are in folders that are called `train`, `valid` or
 * `test`, these decide. Clips that ffmpeg cannot read, and those with the same
 * bytes as another, are skipped and named.
 *
 * @param nameOrFolder `made`, camera motions over the starter photos; `sprites`,
 * moving shapes; or the path of a folder, which is searched with its subfolders.
 * @param options Who watches, and who may stop.
 * @returns The set.
 * @throws {DatasetError} If there is no such folder, or it holds no usable clip.
 * @throws {UserError} If ffmpeg is needed and cannot be installed.
 */
export async function openClips(
  nameOrFolder: string = "made",
  options: OpenClipsOptions = {},
): Promise<ClipSet> {
  if (nameOrFolder === "sprites") return openSprites();
  return nameOrFolder === "made"
    ? await openMade()
    : await openClipFolder(nameOrFolder, options);
}

function openSprites(): ClipSet {
  const clips = splits.flatMap((split) =>
    Array.from({ length: SPRITES[split] }, (_, i): Photo => {
      const name = `${split} ${i}`;
      return { name, path: "", split, sha256: sha256Hex(`sprites ${name}`) };
    })
  );
  return {
    ...makePhotoSet("sprites", clips),
    segments: (clip, side, { frames, most, random }) => {
      const look = drawLook(seededRandom("sprites", clip.name));
      return Promise.resolve(
        range(most).map(() => makeSprites(look, side, frames, random)),
      );
    },
  };
}

async function openMade(): Promise<ClipSet> {
  return {
    ...await openStarter(),
    name: "made",
    segments: async (clip, side, { frames, most, random }) => {
      const bytes = await Deno.readFile(clip.path);
      const photo = await scaleForClips(await decodePixels(bytes), side);
      return range(most).map((i) =>
        makeClip(photo, MOTIONS[i % MOTIONS.length]!, side, frames, random)
      );
    },
  };
}

async function openClipFolder(
  folder: string,
  { onProgress, signal }: OpenClipsOptions,
): Promise<ClipSet> {
  const names = await listClips(folder);
  if (names.length === 0) {
    throw new DatasetError(
      `Folder "${folder}" holds no clip, such as an MP4 or WebM file.`,
    );
  }
  const ffmpeg = await findFfmpeg(() =>
    onProgress?.({ phase: "Installing ffmpeg", done: 0, total: 0 })
  );
  const count = countProgress("Reading clips", names.length, onProgress);
  const clips = new Map<string, UnsplitPhoto>();
  const skipped: SkippedFile[] = [];
  for (const [i, name] of names.entries()) {
    const path = `${folder}/${name}`;
    try {
      const sha256 = await sha256File(path, undefined, signal);
      const same = clips.get(sha256)?.name;
      const reason = same === undefined
        ? await whyBroken(ffmpeg, path, signal)
        : `it has the same bytes as "${same}"`;
      if (reason !== undefined) skipped.push({ file: name, reason });
      else clips.set(sha256, { name, path, sha256 });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      skipped.push({ file: name, reason: systemReason(error) });
    }
    count(i + 1);
  }
  if (clips.size === 0) {
    throw new DatasetError(
      `Folder "${folder}" holds no usable clip; the first of ` +
        `${skipped.length} skipped is "${skipped[0]!.file}": ` +
        `${skipped[0]!.reason}.`,
    );
  }
  return {
    ...makePhotoSet(folder, splitClips([...clips.values()]), skipped),
    segments: async (clip, side, plan, signal) => {
      const bytes = await sha256File(clip.path, undefined, signal);
      if (bytes !== clip.sha256) {
        throw new DatasetError(
          `Clip "${clip.path}" does not match its checksum; it has changed.`,
        );
      }
      return await takeSegments(
        readFrames(ffmpeg, clip.path, side, signal),
        plan,
      );
    },
  };
}

/** By the folders' names, or by the bytes. */
function splitClips(clips: readonly UnsplitPhoto[]): Photo[] {
  const named = clips.flatMap((clip) => {
    const split = splits.find((split) => clip.name.startsWith(`${split}/`));
    return split === undefined ? [] : [{ ...clip, split }];
  });
  return named.length === clips.length ? named : assignSplits(clips);
}

/** Why not even the first frame can be read; undefined if it can. */
async function whyBroken(
  ffmpeg: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    for await (const _ of readFrames(ffmpeg, path, 16, signal)) {
      return undefined;
    }
    return "it has no pictures";
  } catch (error) {
    if (error instanceof FfmpegError) return error.message;
    throw error;
  }
}

async function listClips(folder: string): Promise<string[]> {
  try {
    return await listFilesBelow(folder, endings, (path, error) => {
      throw new DatasetError(
        `"${path}" could not be opened: ${systemReason(error)}.`,
      );
    });
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(
      `Folder "${folder}" could not be listed: ${systemReason(error)}.`,
    );
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

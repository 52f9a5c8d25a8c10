/**
 * Clips to `.onecode` files, and files of clips that are opened.
 *
 * @module
 */
import { join } from "node:path";
import { readGroup } from "@/codec/format/clip_group.ts";
import {
  CLIP_MAGIC_BYTES,
  type ClipHeader,
  type ClipStart,
  clipStartBytes,
  type GroupBytes,
  isClip,
  parseClipHeader,
  type ParsedClip,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { type ClipReader, readClipHeader } from "@/codec/decode/decode_clip.ts";
import { encodeGroups } from "@/codec/encode/encode_clip.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import {
  type ClipForm,
  FfmpegError,
  hasSound,
  readClipForm,
  readWholeFrames,
} from "@/datasets/clips/ffmpeg.ts";
import { UserError } from "@/errors/user_error.ts";
import { replaceFile } from "@/files/atomic_write.ts";
import { isSystemError, writeError } from "@/files/system_error.ts";
import type { Pixels } from "@/images/pixels.ts";
import { STANDARD_STREAM } from "./standard_streams.ts";
import { type OnProgress, temporaryFolder } from "@/tasks/cli/mod.ts";

/** The names of clips. */
export const CLIPS: RegExp =
  /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|m2ts|ogv|y4m|wmv|flv|3gp)$/i;

/** Frames in a group: about a second. */
const GROUP_FRAMES = 24;

/** How a clip is encoded. */
export interface EncodeClipOptions
  extends Pick<ClipStart, "quality" | "coarseness"> {
  /** Receives the number of frames. */
  readonly onProgress: OnProgress;
  /** Ends the work with its reason. */
  readonly signal: AbortSignal;
}

/** A clip that was encoded. */
export interface EncodedClip {
  /** What its file says of itself. */
  readonly header: ParsedClip;
  /** Whether the clip is damaged, so that frames may be missing or wrong. */
  readonly isDamaged: boolean;
  /** Whether the clip has sound, which is left out. */
  readonly hasSound: boolean;
}

/**
 * Encodes a clip. Memory holds a group of coded frames, however long it is.
 *
 * @param loaded The model.
 * @param ffmpeg From `findFfmpeg`.
 * @param from The clip, in any format that ffmpeg reads.
 * @param to The file to write.
 * @param options How it is encoded.
 * @returns What the file says of itself, and what it lacks of the clip.
 * @throws {UserError} If the clip cannot be read, or the file not be written.
 */
export async function encodeClipFile(
  loaded: LoadedModel,
  ffmpeg: string,
  from: string,
  to: string,
  { quality, coarseness, onProgress, signal }: EncodeClipOptions,
): Promise<EncodedClip> {
  let isDamaged = false;
  const onDamage = () => isDamaged = true;
  const encode = async (temporary: string) => {
    const form = await readClipForm(ffmpeg, from, signal);
    const { width, height, rate, seconds } = form;
    const start = {
      ...{ model: loaded.model.id, clipModel: clipModelId(loaded) },
      ...{ width, height, quality, coarseness },
    };
    const sizes: GroupBytes[] = [];
    let frames = 0;
    using folder = temporaryFolder("clip");
    const path = join(folder.path, "groups");
    {
      using groups = await Deno.open(path, { write: true, createNew: true });
      const data = readWholeFrames(ffmpeg, from, form, signal, onDamage);
      const options = { groupFrames: GROUP_FRAMES, signal };
      for await (
        const group of encodeGroups(
          loaded,
          framesOf(data, form),
          start,
          options,
        )
      ) {
        await writeAll(groups, group.medium);
        await writeAll(groups, group.rest);
        sizes.push({ medium: group.medium.length, rest: group.rest.length });
        frames += group.frames;
        onProgress({ phase: "Frames", done: frames, total: 0 });
      }
    }
    const header: ClipHeader = {
      ...{ ...start, rate, seconds, frames, groupFrames: GROUP_FRAMES },
      groups: sizes,
    };
    const bytes = writeClipHeader(header);
    using file = await Deno.open(temporary, { write: true });
    await writeAll(file, bytes);
    using groups = await Deno.open(path);
    for await (const part of groups.readable) await writeAll(file, part);
    return parseClipHeader(bytes);
  };
  try {
    const header = await replaceFile(to, encode);
    return {
      header,
      isDamaged,
      hasSound: await hasSound(ffmpeg, from, signal),
    };
  } catch (error) {
    if (error instanceof FfmpegError) {
      throw new UserError(`Clip "${from}" cannot be read: ${error.message}.`);
    }
    throw isSystemError(error) ? writeError(to, error) : error;
  }
}

/**
 * The clip model that a clip is encoded with.
 *
 * @param loaded The model, and possibly that for clips.
 * @returns Its id; 0s if there is none.
 */
export function clipModelId({ model, clip }: LoadedModel): Uint8Array {
  return clip?.model.id ?? new Uint8Array(model.id.length);
}

async function* framesOf(
  frames: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { width, height }: ClipForm,
): AsyncGenerator<Pixels> {
  for await (const data of frames) yield { width, height, data };
}

/**
 * Writes bytes to an open file.
 *
 * @param file The file.
 * @param bytes All of them are written.
 */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/**
 * Refuses bytes of standard input that are a clip, which is read in parts.
 *
 * @param path `-` for standard input.
 * @param bytes What was read.
 * @throws {UserError} If they are a clip.
 */
export function refuseClip(path: string, bytes: Uint8Array): void {
  if (path !== STANDARD_STREAM || !isClip(bytes)) return;
  throw new UserError("Standard input is a clip: name its file instead.");
}

/** A clip's file that is open; disposing it closes the file. */
export interface OpenClip extends Disposable {
  /** What it says of itself. */
  readonly header: ParsedClip;
  /** Reads a part of it. */
  readonly read: ClipReader;
  /** Bytes of the file. */
  readonly size: number;
}

/**
 * Opens a file if it is a clip.
 *
 * @param path The file.
 * @returns The clip; undefined if the file is something else.
 * @throws {CodecError} If its header is damaged.
 */
export async function openClipFile(
  path: string,
): Promise<OpenClip | undefined> {
  const file = await Deno.open(path);
  const read: ClipReader = async (start, end) => {
    await file.seek(start, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    let at = 0;
    while (at < bytes.length) {
      const count = await file.read(bytes.subarray(at));
      if (count === null) break;
      at += count;
    }
    return bytes.subarray(0, at);
  };
  const { size } = await file.stat();
  try {
    if (!isClip(await read(0, CLIP_MAGIC_BYTES))) {
      file.close();
      return undefined;
    }
    const header = await readClipHeader(read);
    return { header, read, size, [Symbol.dispose]: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** How many of a clip's groups are whole. */
export interface GroupStates {
  /** Groups of which all frames are whole. */
  readonly whole: number;
  /** Groups of which the medium frames alone are. */
  readonly medium: number;
  /** Groups that are damaged or missing. */
  readonly damaged: number;
}

/**
 * Checks a clip's groups, of which one is in memory at a time.
 *
 * @param clip From {@linkcode openClipFile}.
 */
export async function checkGroups(
  { header, read }: OpenClip,
): Promise<GroupStates> {
  const clip = clipStartBytes(header);
  const states = { whole: 0, medium: 0, damaged: 0 };
  for (const [index, place] of header.places.entries()) {
    const bytes = await read(place.start, place.end);
    const medium = place.mediumEnd - place.start;
    try {
      const { restIs } = readGroup(
        { clip, index },
        place.frames,
        bytes.subarray(0, medium),
        bytes.subarray(medium),
      );
      states[restIs === "complete" ? "whole" : "medium"]++;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      states.damaged++;
    }
  }
  return states;
}

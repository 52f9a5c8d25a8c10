/**
 * Clips to `.onecode` files and back, for the tasks `encode` and `decode`.
 *
 * @module
 */
import { join } from "node:path";
import {
  CLIP_MAGIC_BYTES,
  type ClipHeader,
  type ClipStart,
  type GroupBytes,
  isClip,
  parseClipHeader,
  type ParsedClip,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import {
  type ClipReader,
  decodeGroup,
  readClipHeader,
  requireModel,
} from "@/codec/decode/decode_clip.ts";
import { encodeGroups } from "@/codec/encode/encode_clip.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import {
  type ClipForm,
  readClipForm,
  readWholeFrames,
  writeMp4,
} from "@/datasets/clips/ffmpeg.ts";
import { replaceFile } from "@/files/atomic_write.ts";
import { type Pixels, writeImage } from "@/images/mod.ts";
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

/**
 * Encodes a clip. Memory holds a group of coded frames, however long it is.
 *
 * @param loaded The model.
 * @param ffmpeg From `findFfmpeg`.
 * @param from The clip, in any format that ffmpeg reads.
 * @param to The file to write.
 * @param options How it is encoded.
 * @returns What the file says of itself.
 * @throws {FfmpegError} If the clip is broken.
 */
export async function encodeClipFile(
  loaded: LoadedModel,
  ffmpeg: string,
  from: string,
  to: string,
  { quality, coarseness, onProgress, signal }: EncodeClipOptions,
): Promise<ParsedClip> {
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
    const pictures = framesOf(ffmpeg, from, form, signal);
    const options = { groupFrames: GROUP_FRAMES, signal };
    for await (
      const group of encodeGroups(loaded, pictures, start, options)
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
  await replaceFile(to, async (temporary) => {
    using file = await Deno.open(temporary, { write: true });
    await writeAll(file, bytes);
    using groups = await Deno.open(path);
    for await (const part of groups.readable) await writeAll(file, part);
  });
  return parseClipHeader(bytes);
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
  ffmpeg: string,
  path: string,
  form: ClipForm,
  signal: AbortSignal,
): AsyncGenerator<Pixels> {
  const { width, height } = form;
  for await (const data of readWholeFrames(ffmpeg, path, form, signal)) {
    yield { width, height, data };
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
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

/** What a clip is decoded to. */
export type ClipFormat = "mp4" | "png" | "raw";

/** How a clip is decoded. */
export interface DecodeClipOptions {
  /** Which frames are made. */
  readonly size: "medium" | "high";
  /** MP4, a folder of PNG files, or the frames as bytes, one after the other. */
  readonly format: ClipFormat;
  /** Finds ffmpeg, which MP4 needs. */
  readonly ffmpeg: () => Promise<string>;
  /** Receives the number of frames. */
  readonly onProgress: OnProgress;
  /** Ends the work with its reason. */
  readonly signal: AbortSignal;
}

/** What was decoded of a clip. */
export interface DecodedClip {
  /** Width of the frames in pixels. */
  readonly width: number;
  /** Height of the frames in pixels. */
  readonly height: number;
  /** The numbers of the groups that are damaged or missing. */
  readonly damaged: readonly number[];
}

/**
 * Decodes a clip. Memory holds one group of its bytes and one frame. The frames
 * of a damaged group show the last one before it, or black.
 *
 * @param loaded The model.
 * @param clip From {@linkcode openClipFile}.
 * @param to The file to write, or the folder for PNG.
 * @param options Which frames are made, and of which format.
 * @returns Their size, and what was damaged.
 * @throws {CodecError} If the model is another one, or no group can be decoded.
 * @throws {FfmpegError} If ffmpeg fails.
 */
export async function decodeClipFile(
  loaded: LoadedModel,
  { header, read }: OpenClip,
  to: string,
  { size, format, ffmpeg, onProgress, signal }: DecodeClipOptions,
): Promise<DecodedClip> {
  requireModel(loaded, header);
  const scale = size === "high" ? 1 : 2;
  const width = Math.ceil(header.width / scale);
  const height = Math.ceil(header.height / scale);
  const damaged: number[] = [];
  let done = 0;
  async function* frames(): AsyncGenerator<Pixels> {
    let last: Pixels = {
      ...{ width, height, data: new Uint8Array(width * height * 3) },
    };
    for (const [index, place] of header.places.entries()) {
      let made = 0;
      try {
        const group = decodeGroup(loaded, header, index, read, {
          size,
          signal,
        });
        for await (const frame of group) {
          yield last = frame;
          made++;
          onProgress({ phase: "Frames", done: ++done, total: header.frames });
        }
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        damaged.push(index);
        if (damaged.length === header.places.length) throw error;
        for (; made < place.frames; made++, done++) yield last;
      }
    }
  }
  if (format === "png") {
    let number = 0;
    for await (const frame of frames()) {
      const name = `${++number}`.padStart(6, "0");
      await writeImage(join(to, `${name}.png`), frame);
    }
  } else {
    await replaceFile(to, async (temporary) => {
      if (format === "mp4") {
        const { rate, seconds } = header;
        const form = { width, height, rate, seconds };
        await writeMp4(await ffmpeg(), temporary, form, dataOf(frames()));
        return;
      }
      using file = await Deno.open(temporary, { write: true });
      for await (const { data } of frames()) await writeAll(file, data);
    });
  }
  return { width, height, damaged };
}

async function* dataOf(
  frames: AsyncIterable<Pixels>,
): AsyncGenerator<Uint8Array> {
  for await (const { data } of frames) yield data;
}

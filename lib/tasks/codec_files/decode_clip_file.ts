/**
 * `.onecode` files of clips to MP4, PNG files or bytes.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ParsedClip } from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { decodeGroup, requireModel } from "@/codec/decode/decode_clip.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import {
  FfmpegError,
  readClipForm,
  writeMp4,
} from "@/datasets/clips/ffmpeg.ts";
import { UserError } from "@/errors/user_error.ts";
import { replaceFile } from "@/files/atomic_write.ts";
import { listIfPresent } from "@/files/if_present.ts";
import { isSystemError, writeError } from "@/files/system_error.ts";
import {
  imageSize,
  type Pixels,
  resizeImage,
  writeImage,
} from "@/images/mod.ts";
import { type OnProgress, temporaryFolder } from "@/tasks/cli/mod.ts";
import { checkGroups, type OpenClip, writeAll } from "./clip_files.ts";

/** What a clip is decoded to. */
export type ClipFormat = "mp4" | "png" | "raw";

/** What is made of a clip. */
export interface ClipTarget {
  /** Which frames are made. */
  readonly size: "medium" | "high";
  /** MP4, a folder of PNG files, or the frames as bytes, one after the other. */
  readonly format: ClipFormat;
  /** Finds ffmpeg, which MP4 needs. */
  readonly ffmpeg: () => Promise<string>;
}

/** How a clip is decoded. */
export interface DecodeClipOptions extends ClipTarget {
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
 * Decodes a clip. Memory holds one group of its bytes and one frame. Of a
 * damaged group, high frames are enlarged medium ones; where these are damaged,
 * too, the last frame before it is shown, or black.
 *
 * @param loaded The model.
 * @param clip From `openClipFile`.
 * @param to The file to write, or the folder for PNG.
 * @param options Which frames are made, and of which format.
 * @returns Their size, and what was damaged.
 * @throws {CodecError} If the model is another one, or no group can be decoded.
 * @throws {UserError} If nothing can be written.
 */
export async function decodeClipFile(
  loaded: LoadedModel,
  clip: OpenClip,
  to: string,
  { format, ffmpeg, ...options }: DecodeClipOptions,
): Promise<DecodedClip> {
  requireModel(loaded, clip.header);
  const form = { ...clip.header, ...sizeOf(clip.header, options.size) };
  const { width, height } = form;
  const damaged: number[] = [];
  const frames = () => framesOf(loaded, clip, options, damaged);
  try {
    if (format === "png") {
      await writeFrames(to, frames());
    } else {
      await replaceFile(to, async (temporary) => {
        if (format === "mp4") {
          await writeMp4(await ffmpeg(), temporary, form, dataOf(frames()));
          return;
        }
        using file = await Deno.open(temporary, { write: true });
        for await (const { data } of frames()) await writeAll(file, data);
      });
    }
  } catch (error) {
    if (error instanceof FfmpegError) {
      throw new UserError(`Could not write "${to}": ${error.message}.`);
    }
    // That of a single frame names a file that its user never sees.
    const { cause = error } = error instanceof UserError ? error : {};
    throw isSystemError(cause) ? writeError(to, cause) : error;
  }
  return { width, height, damaged };
}

/** The size of a clip's frames in pixels. */
function sizeOf({ width, height }: ParsedClip, size: ClipTarget["size"]) {
  const scale = size === "high" ? 1 : 2;
  return {
    width: Math.ceil(width / scale),
    height: Math.ceil(height / scale),
  };
}

/** All frames of a clip; receives the numbers of groups that are damaged. */
async function* framesOf(
  loaded: LoadedModel,
  { header, read }: OpenClip,
  { size, onProgress, signal }: Omit<DecodeClipOptions, "format" | "ffmpeg">,
  damaged: number[],
): AsyncGenerator<Pixels> {
  const { width, height } = sizeOf(header, size);
  const black = new Uint8Array(width * height * 3);
  let last: Pixels = { width, height, data: black };
  let done = 0;
  const shown = (frame: Pixels) => {
    onProgress({ phase: "Frames", done: ++done, total: header.frames });
    return last = frame;
  };
  let first: CodecError | undefined;
  for (const [index, place] of header.places.entries()) {
    const end = place.firstFrame + place.frames;
    try {
      const options = { size, signal };
      for await (
        const frame of decodeGroup(loaded, header, index, read, options)
      ) {
        yield shown(frame);
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      first ??= error;
      damaged.push(index);
      try {
        if (size === "medium") throw error;
        let number = place.firstFrame;
        const options = { size: "medium", signal } as const;
        for await (
          const frame of decodeGroup(loaded, header, index, read, options)
        ) {
          if (number++ < done) continue;
          yield shown(await resizeImage(frame, width, height));
        }
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        while (done < end) yield shown(last);
      }
    }
  }
  if (first !== undefined && last.data === black) throw first;
}

async function* dataOf(
  frames: AsyncIterable<Pixels>,
): AsyncGenerator<Uint8Array> {
  for await (const { data } of frames) yield data;
}

/** The names of a clip's PNG files. */
const FRAME = /^\d{6,}\.png$/;

const frameName = (number: number) => `${`${number}`.padStart(6, "0")}.png`;

/**
 * Writes frames as PNG files of a folder. Only when all are written do they
 * replace those that it had; other files stay.
 */
async function writeFrames(
  to: string,
  frames: AsyncIterable<Pixels>,
): Promise<void> {
  const folder = to.replace(/[/\\]+$/, "");
  const isNew = !existsSync(folder);
  await Deno.mkdir(folder, { recursive: true });
  try {
    using temporary = temporaryFolder("frames", folder);
    const names: string[] = [];
    for await (const frame of frames) {
      const name = frameName(names.length + 1);
      await writeImage(join(temporary.path, name), frame);
      names.push(name);
    }
    for (const name of names) {
      await Deno.rename(join(temporary.path, name), join(folder, name));
    }
    const written = new Set(names);
    for (const { name } of await listIfPresent(folder)) {
      if (!FRAME.test(name) || written.has(name)) continue;
      await Deno.remove(join(folder, name));
    }
  } catch (error) {
    if (isNew) await Deno.remove(folder).catch(() => {}); // if it is empty
    throw error;
  }
}

/**
 * Whether what is made of a clip is there, and the clip is not damaged. Of an
 * MP4 file only the first frame is looked at.
 *
 * @param clip From `openClipFile`.
 * @param to The file, or the folder for PNG.
 * @param target What would be made.
 */
export async function isClipDecoded(
  clip: OpenClip,
  to: string,
  { size, format, ffmpeg }: ClipTarget,
): Promise<boolean> {
  const { header } = clip;
  const { width, height } = sizeOf(header, size);
  const isLarge = async () => {
    if (format === "raw") {
      const length = width * height * 3 * header.frames;
      return (await Deno.stat(to)).size === length;
    }
    if (format === "mp4") {
      const even = (side: number) => side + side % 2;
      const form = await readClipForm(await ffmpeg(), to);
      return form.width === even(width) && form.height === even(height);
    }
    const names = (await listIfPresent(to)).map(({ name }) => name)
      .filter((name) => FRAME.test(name)).sort();
    const isAll = names.length === header.frames &&
      names.every((name, i) => name === frameName(i + 1));
    if (!isAll) return false;
    const last = await imageSize(join(to, frameName(header.frames)));
    return last.width === width && last.height === height;
  };
  if (!await isLarge().catch(() => false)) return false;
  const { medium, damaged } = await checkGroups(clip);
  return damaged === 0 && (size === "medium" || medium === 0);
}

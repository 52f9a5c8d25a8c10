/**
 * `deno task inspect FILES|FOLDERS`: describes `.onecode` files.
 *
 * @module
 */
import { hex } from "@/codec/format/bytes.ts";
import { CLIP_VERSION, isPredicted } from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { type Container, readContainer } from "@/codec/format/container.ts";
import {
  FORMAT_VERSION,
  type ParsedHeader,
  parseHeader,
} from "@/codec/format/header.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import {
  parseOptions,
  runTask,
  shownPath,
  UserError,
} from "@/tasks/cli/mod.ts";
import {
  checkGroups,
  type OpenClip,
  openClipFile,
  refuseClip,
} from "@/tasks/codec_files/clip_files.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { readModel, WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import {
  readInput,
  STANDARD_STREAM,
} from "@/tasks/codec_files/standard_streams.ts";
import {
  type FileResult,
  workThrough,
} from "@/tasks/codec_files/work_through.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status: 0 if all files are complete or end exactly after
 * one of their layers, else 1.
 * @throws {UserError} If the options are invalid.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task inspect FILES|FOLDERS|-",
    description: "Shows what .onecode files hold, and whether they are " +
      "complete; - inspects standard input.",
    options: {
      model: {
        type: "string",
        value: "FILE",
        help: "file of weights to compare with instead of the published ones",
      },
    },
    words: "FILES|FOLDERS",
  }, args);
  if (words.length === 0) throw new UserError("Name a file or a folder.");
  const { files, problems } = await findFiles(
    words,
    /\.onecode$/i,
    ".onecode files",
  );
  const model = await modelAtHand(options.model);
  return await workThrough(files, problems, {
    phase: "Inspecting",
    name: ({ path }) => path,
    work: async ({ path }) => {
      if (path !== STANDARD_STREAM) {
        using clip = await openClipFile(path);
        if (clip !== undefined) return await describeClip(path, clip, model);
      }
      const bytes = await readInput(path);
      refuseClip(path, bytes);
      return describe(path, bytes, model);
    },
  });
}

interface ModelAtHand {
  readonly id: string;
  readonly path: string;
}

/** The weights to compare with; inspecting works without published ones. */
async function modelAtHand(path?: string): Promise<ModelAtHand | undefined> {
  try {
    const { id } = await readModel(path);
    return { id: id.toHex(), path: path ?? shownPath(WEIGHTS_FILE) };
  } catch (error) {
    if (path === undefined && error instanceof UserError) return undefined;
    throw error;
  }
}

function describe(
  path: string,
  bytes: Uint8Array,
  known: ModelAtHand | undefined,
): FileResult {
  const header = parseHeader(bytes);
  const { width, height, quality, model, headerBytes, fileBytes } = header;
  const { coarseness, effort } = header;
  const scaled = (by: number) =>
    `${Math.ceil(width / by)}x${Math.ceil(height / by)}`;
  const tiles = cutTiles(header).list.length;
  const { states, problem } = checkLayers(header, bytes);
  const whole = bytes.length === fileBytes ? "" : ` of ${fileBytes}`;
  const text = [
    path === STANDARD_STREAM ? "standard input" : path,
    row(
      "image",
      `${width}x${height}, medium ${scaled(2)}, thumbnail ${scaled(32)}`,
    ),
    row("quality", `${quality}, coarseness ${coarseness}, effort ${effort}`),
    row("format", `version ${FORMAT_VERSION}`),
    row("model", modelText(model, known)),
    row("tiles", `${tiles}`),
    row("header", `${headerBytes} bytes`),
    ...header.layerBytes.map((length, i) =>
      row(LAYERS[i]!, `${sizeOf(length, header)}, ${states[i]}`)
    ),
    row("prefixes", prefixes(header)),
    row("file", sizeOf(bytes.length, header, whole)),
  ].join("\n");
  return { text, problem };
}

function modelText(model: Uint8Array, known: ModelAtHand | undefined): string {
  const id = model.toHex();
  if (known === undefined) return id;
  return `${id}, ${known.id === id ? "that" : "not that"} of "${known.path}"`;
}

/** Describes a clip. */
async function describeClip(
  path: string,
  clip: OpenClip,
  known: ModelAtHand | undefined,
): Promise<FileResult> {
  const { header, size } = clip;
  const { width, height, frames, rate, seconds, groups, places } = header;
  const states = await checkGroups(clip);
  const bits = (8 * size / (frames * width * height)).toFixed(3);
  const mediumBytes = groups.reduce((sum, { medium }) => sum + medium, 0);
  const share = (100 * mediumBytes / header.fileBytes).toFixed(0);
  const whole = size === header.fileBytes ? "" : ` of ${header.fileBytes}`;
  const text = [
    path,
    row(
      "clip",
      `${width}x${height}, medium ${Math.ceil(width / 2)}x` +
        `${Math.ceil(height / 2)}`,
    ),
    row(
      "frames",
      `${frames}, ${(frames * seconds / rate).toFixed(2)} s at ` +
        `${(rate / seconds).toFixed(2)} a second`,
    ),
    row("quality", `${header.quality}, coarseness ${header.coarseness}`),
    row("format", `clip, version ${CLIP_VERSION}`),
    row("model", modelText(header.model, known)),
    row(
      "later",
      isPredicted(header) ? `model ${hex(header.clipModel)}` : "copy",
    ),
    row(
      "groups",
      `${places.length} of ${header.groupFrames} frames: ${states.whole} ` +
        `whole, ${states.medium} medium only, ${states.damaged} damaged`,
    ),
    row("header", `${header.headerBytes} bytes`),
    row("medium", `${mediumBytes} bytes (${share} %)`),
    row("file", `${size}${whole} bytes, ${bits} bits per pixel`),
  ].join("\n");
  if (states.whole === places.length && whole === "") return { text };
  const problem = size < header.fileBytes
    ? "The clip ends early."
    : size > header.fileBytes
    ? "There are bytes after the clip's end."
    : `Damaged groups: ${places.length - states.whole} of ${places.length}.`;
  return { text, problem };
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(9)}${text}`;
}

function sizeOf(
  bytes: number,
  { width, height }: ParsedHeader,
  whole = "",
): string {
  const bits = 8 * bytes / (width * height);
  return `${bytes}${whole} bytes, ${bits.toFixed(3)} bits per pixel`;
}

/** Which bytes hold the smaller images. */
function prefixes(
  { thumbnailBytes, mediumBytes, fileBytes }: ParsedHeader,
): string {
  const share = (100 * mediumBytes / fileBytes).toFixed(0);
  return `thumbnail ${thumbnailBytes} bytes, medium image ${mediumBytes} ` +
    `(${share} %)`;
}

/** What the layers are called. */
const LAYERS = ["thumb", "medium", "high"] as const;

/**
 * The state of each layer, and what is wrong: damage or an end within a layer.
 * A file may end after a layer, as it then is a smaller image.
 */
function checkLayers(
  header: ParsedHeader,
  bytes: Uint8Array,
): { readonly states: readonly string[]; readonly problem?: string } {
  const { headerBytes, thumbnailBytes, mediumBytes, fileBytes } = header;
  const there = bytes.length;
  const ends = [thumbnailBytes, mediumBytes, fileBytes];
  const starts = [headerBytes, thumbnailBytes, mediumBytes];
  let whole = 0, restIs: Container["restIs"] = "cut";
  try {
    const read = readContainer(bytes);
    [whole, restIs] = [read.layers.length, read.restIs];
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    if (error.code !== "truncated") {
      return { states: ends.map(() => "not checked"), problem: error.message };
    }
  }
  const states = ends.map((end, i) => {
    const start = starts[i]!;
    if (i < whole) return "checksum right";
    if (restIs === "damaged") {
      return i === whole ? "checksum wrong" : "not checked";
    }
    if (there <= start) return "not in this file";
    return `cut after ${there - start} of ${
      end - start
    } bytes with its checksum`;
  });
  const problem = restIs === "complete" || there === ends[whole - 1]
    ? undefined
    : restIs === "damaged"
    ? `The checksum of layer ${whole} is wrong.`
    : `The file ends within its layer ${whole}.`;
  return { states, ...problem !== undefined && { problem } };
}

if (import.meta.main) await runTask(main);

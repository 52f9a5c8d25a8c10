/**
 * `deno task encode FILES|FOLDERS`: photos to `.onecode` files; `-` encodes
 * standard input to standard output. A clip that is named itself, such as an MP4
 * file, becomes a file of all its frames.
 *
 * A batch that was stopped is continued by the same command: files that are
 * newer than their photo, complete, and of the same model, effort, quality of the
 * medium image and quality (or of the allowed size) are skipped.
 *
 * @module
 */
// The loader of libraries does one at a time, and this one is needed first.
import { decodePixels, readImage } from "@/images/mod.ts";
import "@/tasks/codec_files/early_start.ts";
import {
  encodeImage,
  encodeNear,
  type LoadedModel,
  loadModel,
  type NearFile,
} from "@/codec/mod.ts";
import type { EffortOptions } from "@/codec/refine/refining_encoder.ts";
import type { Pixels } from "@/images/pixels.ts";
import { hex } from "@/codec/format/bytes.ts";
import { readContainer } from "@/codec/format/container.ts";
import { MAX_EFFORT, parseHeader } from "@/codec/format/header.ts";
import {
  DEFAULT_COARSENESS,
  MEDIUM_QUALITIES,
} from "@/codec/model/nested_quantiser.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFfmpeg } from "@/datasets/clips/ffmpeg.ts";
import {
  clipModelId,
  CLIPS,
  encodeClipFile,
  openClipFile,
} from "@/tasks/codec_files/clip_files.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { type FileJob, planFiles } from "@/tasks/codec_files/plan_files.ts";
import {
  MODEL_OPTION,
  readClipModel,
  readModel,
} from "@/tasks/codec_files/read_model.ts";
import {
  codecBackend,
  startBackend,
} from "@/tasks/codec_files/start_backend.ts";
import {
  readInput,
  STANDARD_STREAM,
  writeOutput,
} from "@/tasks/codec_files/standard_streams.ts";
import {
  checkFree,
  type FileResult,
  isNewer,
  workThrough,
} from "@/tasks/codec_files/work_through.ts";

/** The names of photos in folders. */
const PHOTOS = /\.(jpe?g|png|webp|avif|tiff?)$/i;

/** The least share of `--target-bpp` that a file of a stopped batch has. */
const NEAR = 0.8;

/** The default quality. */
const QUALITY = 50;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status: 1 if there was an error with a file, else 0.
 * @throws {UserError} If the options are invalid, or there are no weights.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task encode FILES|FOLDERS|- [--quality N | --target-bpp N] " +
      "[--effort N]",
    description: "Encodes photos to .onecode files, beside the photos or in " +
      "the folder --out; - encodes standard input to standard output. A clip " +
      "that is named, such as an MP4 file, is encoded, too. The " +
      "same command continues a batch that was stopped.",
    options: {
      out: {
        type: "string",
        value: "FOLDER",
        help: "folder for the files, with the same folders in it",
      },
      quality: {
        type: "number",
        help: `1 (smallest file) to 100 (best image), ${QUALITY} by default`,
        min: 1,
        max: 100,
        integer: true,
      },
      "target-bpp": {
        type: "number",
        help: "maximum bits per pixel, instead of a quality",
        min: 0.0001,
      },
      effort: {
        type: "number",
        default: 0,
        help: `0 to ${MAX_EFFORT}; higher values give better files, slowly`,
        min: 0,
        max: MAX_EFFORT,
        integer: true,
      },
      "medium-quality": {
        type: "string",
        choices: MEDIUM_QUALITIES,
        default: MEDIUM_QUALITIES[DEFAULT_COARSENESS]!,
        help: "quality of the medium image beside that of the high one; a " +
          "lower one takes fewer of the bytes",
      },
      html: {
        type: "boolean",
        help: "print a tag for pages, <onecode-image>, for each file",
      },
      force: { type: "boolean", help: "replace existing files" },
      model: MODEL_OPTION,
    },
    words: "FILES|FOLDERS",
  }, args);
  const { "target-bpp": target, effort, force, html } = options;
  if (words.length === 0) throw new UserError("Name a photo or a folder.");
  if (options.quality !== undefined && target !== undefined) {
    throw new UserError("Give either --quality or --target-bpp, not both.");
  }
  const { quality = QUALITY } = options;
  const coarseness = MEDIUM_QUALITIES.indexOf(options["medium-quality"]);
  const clip = words.find((word) => CLIPS.test(word));
  if (clip !== undefined && (target !== undefined || effort > 0 || html)) {
    throw new UserError(
      `"${clip}" is a clip, for which there is no --target-bpp, --effort or ` +
        "--html.",
    );
  }
  const found = await findFiles(words, PHOTOS);
  const plan = planFiles(found, ".onecode", options.out);
  const model = await readModel(options.model);
  const backend = codecBackend();
  if (effort > 0 && backend !== "tensorflow") {
    throw new UserError(
      "--effort needs TensorFlow: `deno task setup:engine` installs it.",
    );
  }
  await startBackend(backend);
  const clipModel = clip === undefined
    ? undefined
    : await readClipModel(options.model);
  const loaded = loadModel(model, clipModel);
  try {
    using encoder = effort > 0
      ? await refiningEncoder(loaded)
      : plainEncoder(loaded);
    return await workThrough(plan.jobs, plan.problems, {
      phase: "Encoding",
      name: ({ from }) => from,
      // Standard output may be the file.
      ...(words[0] === STANDARD_STREAM ? { print: console.error } : {}),
      work: async (job, report, signal) => {
        const { from, to } = job;
        if (/\.onecode$/i.test(from)) {
          throw new UserError(
            `"${from}" is encoded already; \`decode\` makes an image of it.`,
          );
        }
        if (CLIPS.test(from)) {
          const onProgress = report;
          const choices = { quality, coarseness, onProgress, signal };
          return { ...await encodeClip(loaded, job, force, choices) };
        }
        const { id: model } = loaded.model;
        const wanted = { model, quality, target, coarseness, effort };
        if (!force && await isDone(job, wanted)) {
          return html ? { text: tag(to, await Deno.readFile(to)) } : {};
        }
        await checkFree(to, force);
        const photo = from === STANDARD_STREAM
          ? await decodePixels(await readInput(from))
          : await readImage(from);
        const onStep = (done: number, total: number) =>
          report({ phase: "Refining", done, total });
        const choices = { effort, coarseness, onStep, signal };
        const file = target === undefined
          ? await encode(encoder, photo, quality, choices)
          : await encoder.encodeNear(photo, target, choices);
        await writeOutput(to, file.bytes);
        return {
          text: html ? tag(to, file.bytes) : describe(to, file, target),
        };
      },
    });
  } finally {
    loaded.dispose();
  }
}

/** Whether the file of a stopped batch is there. */
async function isDone(
  { from, to }: FileJob,
  { model, quality, target, coarseness, effort }: {
    readonly model: Uint8Array;
    readonly quality: number;
    readonly coarseness: number;
    readonly effort: number;
    readonly target: number | undefined;
  },
): Promise<boolean> {
  if (!await isNewer(to, from)) return false;
  try {
    const file = await Deno.readFile(to);
    const { header, restIs } = readContainer(file, model);
    const isSame = restIs === "complete" && header.effort === effort &&
      header.coarseness === coarseness;
    if (!isSame) return false;
    const bits = 8 * file.length / (header.width * header.height);
    return target === undefined
      ? header.quality === quality
      : bits <= target
      ? bits >= NEAR * target || header.quality === 100
      : header.quality === 1;
  } catch {
    return false;
  }
}

/** Encodes a clip, unless that is done. */
async function encodeClip(
  loaded: LoadedModel,
  { from, to }: FileJob,
  force: boolean,
  choices: Parameters<typeof encodeClipFile>[4],
): Promise<FileResult> {
  if (!force && await isNewer(to, from)) {
    using clip = await openClipFile(to).catch(() => undefined);
    const { size } = await Deno.stat(to);
    const isSame = clip !== undefined && clip.header.fileBytes === size &&
      hex(clip.header.model) === hex(loaded.model.id) &&
      hex(clip.header.clipModel) === hex(clipModelId(loaded)) &&
      clip.header.quality === choices.quality &&
      clip.header.coarseness === choices.coarseness;
    if (isSame) return {};
  }
  await checkFree(to, force);
  const ffmpeg = await findFfmpeg(() => console.error("Installing ffmpeg…"));
  const encoded = await encodeClipFile(loaded, ffmpeg, from, to, choices);
  const { header, isDamaged, hasSound } = encoded;
  const { frames, width, height, fileBytes, groups, headerBytes } = header;
  const medium = groups.reduce((sum, group) => sum + group.medium, headerBytes);
  const bits = 8 * fileBytes / (frames * width * height);
  const counted = (count: number, noun: string) =>
    `${count} ${noun}${count === 1 ? "" : "s"}`;
  return {
    text: `${to}: ${fileBytes} bytes, ${counted(frames, "frame")} in ` +
      `${counted(groups.length, "group")}, ${
        bits.toFixed(3)
      } bits per pixel, ` +
      `quality ${header.quality}; ${medium} ` +
      `(${(100 * medium / fileBytes).toFixed(0)} %) are the medium clip` +
      (hasSound ? "; the sound is left out" : ""),
    ...isDamaged && {
      problem: `"${from}" is damaged: "${to}" holds what ffmpeg could read, ` +
        `${counted(frames, "frame")}.`,
    },
  };
}

/** What encodes the photos. */
interface PhotoEncoder extends Disposable {
  /** Encodes at a quality. */
  encode(
    photo: Pixels,
    options: EffortOptions & { readonly quality: number },
  ): Promise<Uint8Array>;
  /** Encodes to a number of bits per pixel. */
  encodeNear(
    photo: Pixels,
    bitsPerPixel: number,
    options: EffortOptions,
  ): Promise<NearFile>;
}

/** Encodes without effort, on any backend. */
function plainEncoder(loaded: LoadedModel): PhotoEncoder {
  return {
    encode: (photo, { quality, coarseness, signal }) =>
      encodeImage(loaded, photo, { quality, coarseness, signal }),
    encodeNear: (photo, bitsPerPixel, { coarseness, signal }) =>
      encodeNear(loaded, photo, bitsPerPixel, { coarseness, signal }),
    [Symbol.dispose]() {},
  };
}

/** Encodes with effort, for which TensorFlow is loaded. */
async function refiningEncoder(loaded: LoadedModel): Promise<PhotoEncoder> {
  const { RefiningEncoder } = await import(
    "@/codec/refine/refining_encoder.ts"
  );
  return new RefiningEncoder(loaded);
}

interface Encoded {
  readonly bytes: Uint8Array;
  readonly quality: number;
  readonly bitsPerPixel: number;
}

async function encode(
  encoder: PhotoEncoder,
  photo: Pixels,
  quality: number,
  choices: EffortOptions,
): Promise<Encoded> {
  const bytes = await encoder.encode(photo, { ...choices, quality });
  const pixels = photo.width * photo.height;
  return { bytes, quality, bitsPerPixel: 8 * bytes.length / pixels };
}

function describe(
  to: string,
  { bytes, quality, bitsPerPixel }: Encoded,
  target = Infinity,
): string {
  const above = bitsPerPixel > target ? ", the smallest possible file" : "";
  const { mediumBytes } = parseHeader(bytes);
  const share = (100 * mediumBytes / bytes.length).toFixed(0);
  return `${to}: ${bytes.length} bytes, ${bitsPerPixel.toFixed(3)} bits per ` +
    `pixel, quality ${quality}${above}; the first ${mediumBytes} (${share} %) ` +
    "are the medium image";
}

/** A tag that shows a file on a page; the alternative text is to be written. */
function tag(to: string, bytes: Uint8Array): string {
  const { width, height, thumbnailBytes, mediumBytes } = parseHeader(bytes);
  const path = to === STANDARD_STREAM ? "photo.onecode" : to;
  const src = path.split(/[/\\]/).map(encodeURIComponent).join("/");
  return `<onecode-image src="${src}" width="${width}" height="${height}" ` +
    `prefixes="${thumbnailBytes} ${mediumBytes}" loading="lazy" alt="">` +
    "</onecode-image>";
}

if (import.meta.main) await runTask(main);

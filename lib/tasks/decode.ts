/**
 * `deno task decode FILES|FOLDERS`: `.onecode` files to images, and clips to MP4
 * files; `-` decodes standard input to standard output.
 *
 * A batch that was stopped is continued by the same command: images that are
 * newer than their file and of its size are skipped.
 *
 * @module
 */
// The loader of libraries does one at a time; sharp's is the smaller one.
import { encodePixels, type ImageFormat, imageSize } from "@/images/mod.ts";
import "@/tasks/codec_files/early_start.ts";
import {
  type DecodedImage,
  decodeImage,
  type LoadedModel,
  loadModel,
} from "@/codec/mod.ts";
import { parseHeader } from "@/codec/format/header.ts";
import type { Pixels } from "@/images/pixels.ts";
import { isPredicted } from "@/codec/format/clip_header.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFfmpeg } from "@/datasets/clips/ffmpeg.ts";
import type { OnProgress } from "@/files/progress.ts";
import {
  type OpenClip,
  openClipFile,
  refuseClip,
} from "@/tasks/codec_files/clip_files.ts";
import {
  type ClipFormat,
  decodeClipFile,
  isClipDecoded,
} from "@/tasks/codec_files/decode_clip_file.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { type FileJob, planFiles } from "@/tasks/codec_files/plan_files.ts";
import {
  MODEL_OPTION,
  readClipModel,
  readModel,
} from "@/tasks/codec_files/read_model.ts";
import { startBackend } from "@/tasks/codec_files/start_backend.ts";
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

const ENDINGS: Readonly<Record<string, string>> = {
  png: ".png",
  webp: ".webp",
  jpeg: ".jpg",
};

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status: 1 if there was an error with a file, else 0.
 * @throws {UserError} If the options are invalid, or there are no weights.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task decode FILES|FOLDERS|- [--medium|--thumbnail] " +
      "[--format png|webp|jpeg|mp4|raw]",
    description: "Decodes .onecode files to images, and clips to MP4 files, " +
      "beside the files or in the folder --out; - decodes standard input to " +
      "standard output. The same command continues a batch that was stopped.",
    options: {
      medium: { type: "boolean", help: "decode at half the size" },
      thumbnail: { type: "boolean", help: "decode at 1/32 of the size" },
      format: {
        type: "string",
        help:
          "format: of images png, by default, webp or jpeg; of clips mp4, " +
          "by default, png or raw",
        choices: [...Object.keys(ENDINGS), "mp4", "raw"],
      },
      out: {
        type: "string",
        value: "FOLDER",
        help: "folder for the images, with the same folders in it",
      },
      force: { type: "boolean", help: "replace existing files" },
      model: MODEL_OPTION,
    },
    words: "FILES|FOLDERS",
  }, args);
  const { medium, thumbnail, force } = options;
  if (medium && thumbnail) {
    throw new UserError("Give either --medium or --thumbnail, not both.");
  }
  const size = thumbnail ? "thumbnail" : medium ? "medium" : "high";
  if (words.length === 0) throw new UserError("Name a file or a folder.");
  const found = await findFiles(words, /\.onecode$/i, ".onecode files");
  const { format = "png" } = options;
  const plan = planFiles(found, ENDINGS[format] ?? ".png", options.out);
  const model = await readModel(options.model);
  await startBackend();
  const loaded = loadModel(model);
  let forClips: LoadedModel | undefined;
  const modelOf = async ({ header }: OpenClip) => {
    if (!isPredicted(header)) return loaded;
    return forClips ??= loadModel(model, await readClipModel(options.model));
  };
  try {
    return await workThrough(plan.jobs, plan.problems, {
      phase: "Decoding",
      name: ({ from }) => from,
      // Standard output may be the image.
      ...(words[0] === STANDARD_STREAM ? { print: console.error } : {}),
      work: async (job, report, signal) => {
        const { from, to } = job;
        if (from !== STANDARD_STREAM) {
          using clip = await openClipFile(from);
          if (clip !== undefined) {
            return await decodeClip(await modelOf(clip), clip, job, {
              ...{ size, format: options.format, force, signal },
              onProgress: report,
            });
          }
        }
        const bytes = await readInput(from);
        refuseClip(from, bytes);
        if (ENDINGS[format] === undefined) {
          throw new UserError(
            `"${from}" is a photo: --format takes png, webp or jpeg for it.`,
          );
        }
        if (!force && await isDone(job, bytes, size)) return {};
        await checkFree(to, force);
        const decoded = await decodeImage(loaded, bytes, { size, signal });
        const image = imageOf(decoded);
        await writeOutput(
          to,
          await encodePixels(image, format as ImageFormat, {}),
        );
        return describe(to, decoded, size);
      },
    });
  } finally {
    loaded.dispose();
    forClips?.dispose();
  }
}

/** How a clip of a file is decoded. */
interface ClipChoices {
  readonly size: ImageSize;
  readonly format: string | undefined;
  readonly force: boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

async function decodeClip(
  loaded: LoadedModel,
  clip: OpenClip,
  { from, to: image }: FileJob,
  { size, format = "mp4", force, onProgress, signal }: ClipChoices,
): Promise<FileResult> {
  if (size === "thumbnail" || !["mp4", "png", "raw"].includes(format)) {
    throw new UserError(
      `"${from}" is a clip, which takes --medium, and --format mp4, png or raw.`,
    );
  }
  const bare = image.replace(/\.[^.]*$/, "");
  const to = format === "png" ? `${bare}_frames` : `${bare}.${format}`;
  const target = {
    ...{ size, format: format as ClipFormat },
    ffmpeg: () => findFfmpeg(() => console.error("Installing ffmpeg…")),
  };
  const isThere = !force && await isNewer(to, from) &&
    await isClipDecoded(clip, to, target);
  if (isThere) return {};
  await checkFree(to, force, format === "png");
  const options = { ...target, onProgress, signal };
  const { width, height, damaged } = await decodeClipFile(
    loaded,
    clip,
    to,
    options,
  );
  const { frames, groups } = clip.header;
  const counted = frames === 1 ? "1 frame" : `${frames} frames`;
  const text = `${to}: ${counted} of ${width}x${height} pixels`;
  if (damaged.length === 0) return { text };
  const medium = size === "high" ? "their medium frames, or " : "";
  return {
    problem:
      `Damaged groups: ${damaged.length} of ${groups.length}, the first ` +
      `is group ${damaged[0]}, counted from 0; "${to}" shows ` +
      `${medium}the last frame before them instead.`,
  };
}

/** The size of an image of a file. */
type ImageSize = "thumbnail" | "medium" | "high";

/** By how much each image is smaller than the photo. */
const SCALES: Readonly<Record<ImageSize, number>> = {
  thumbnail: 32,
  medium: 2,
  high: 1,
};

/** Whether the image of a stopped batch is there. */
async function isDone(
  { from, to }: FileJob,
  bytes: Uint8Array,
  size: ImageSize,
): Promise<boolean> {
  if (!await isNewer(to, from)) return false;
  try {
    const header = parseHeader(bytes);
    const { width, height, mediumBytes, fileBytes } = header;
    const largest = bytes.length < mediumBytes
      ? "thumbnail"
      : bytes.length < fileBytes
      ? "medium"
      : "high";
    const scale = Math.max(SCALES[size], SCALES[largest]);
    const there = await imageSize(to);
    return there.width === Math.ceil(width / scale) &&
      there.height === Math.ceil(height / scale);
  } catch {
    return false;
  }
}

/** The largest image that was made. */
function imageOf({ thumbnail, medium, high }: DecodedImage): Pixels {
  return (high ?? medium ?? thumbnail)!;
}

/** What to print for an image. */
function describe(
  to: string,
  decoded: DecodedImage,
  wanted: ImageSize,
): FileResult {
  const { width, height } = imageOf(decoded);
  const text = `${to}: ${width}x${height} pixels`;
  if (decoded[wanted] !== undefined) return { text };
  const name = decoded.medium === undefined ? "thumbnail" : "medium image";
  if (decoded.highIs === "damaged") {
    return {
      problem: `A layer is damaged; the ${name} of ${width}x${height} pixels ` +
        `is in "${to}".`,
    };
  }
  return {
    text: `${text}, the ${name}: the file ends before the ${wanted} image does`,
  };
}

if (import.meta.main) await runTask(main);

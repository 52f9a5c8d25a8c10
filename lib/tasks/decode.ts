/**
 * `deno task decode FILES|FOLDERS`: `.onecode` files to images; `-` decodes
 * standard input to standard output.
 *
 * A batch that was stopped is continued by the same command: images that are
 * newer than their file and of its size are skipped.
 *
 * @module
 */
import { type DecodedImage, decodeImage, loadModel } from "@/codec/mod.ts";
import { parseHeader } from "@/codec/format/header.ts";
import { encodePixels, type ImageFormat, imageSize } from "@/images/mod.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { type FileJob, planFiles } from "@/tasks/codec_files/plan_files.ts";
import { MODEL_OPTION, readModel } from "@/tasks/codec_files/read_model.ts";
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
    usage: "deno task decode FILES|FOLDERS|- [--medium] " +
      "[--format png|webp|jpeg]",
    description: "Decodes .onecode files to images, beside the files or in " +
      "the folder --out; - decodes standard input to standard output. The " +
      "same command continues a batch that was stopped.",
    options: {
      medium: { type: "boolean", help: "decode at half the size" },
      format: {
        type: "string",
        help: "format of the images",
        default: "png",
        choices: Object.keys(ENDINGS),
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
  const { medium, force } = options;
  if (words.length === 0) throw new UserError("Name a file or a folder.");
  const found = await findFiles(words, /\.onecode$/i);
  const plan = planFiles(found, ENDINGS[options.format]!, options.out);
  const model = await readModel(options.model);
  await startBackend();
  const loaded = loadModel(model);
  try {
    return await workThrough(plan.jobs, plan.problems, {
      phase: "Decoding",
      name: ({ from }) => from,
      // Standard output may be the image.
      ...(words[0] === STANDARD_STREAM ? { print: console.error } : {}),
      work: async (job, _, signal) => {
        const { from, to } = job;
        const bytes = await readInput(from);
        if (!force && await isDone(job, bytes, medium)) return {};
        await checkFree(to, force);
        const size = medium ? "medium" : "high";
        const decoded = await decodeImage(loaded, bytes, { size, signal });
        const image = (decoded.high ?? decoded.medium)!;
        await writeOutput(
          to,
          await encodePixels(image, options.format as ImageFormat, {}),
        );
        return describe(to, decoded, medium);
      },
    });
  } finally {
    loaded.dispose();
  }
}

/** Whether the image of a stopped batch is there. */
async function isDone(
  { from, to }: FileJob,
  bytes: Uint8Array,
  medium: boolean,
): Promise<boolean> {
  if (!await isNewer(to, from)) return false;
  try {
    const { width, height, fileBytes } = parseHeader(bytes);
    const isHalf = medium || bytes.length < fileBytes;
    const scale = isHalf ? 2 : 1;
    const there = await imageSize(to);
    return there.width === Math.ceil(width / scale) &&
      there.height === Math.ceil(height / scale);
  } catch {
    return false;
  }
}

/** What to print for an image. */
function describe(
  to: string,
  { medium, high, highIs }: DecodedImage,
  isWanted: boolean,
): FileResult {
  const { width, height } = (high ?? medium)!;
  const text = `${to}: ${width}x${height} pixels`;
  if (high !== undefined || isWanted) return { text };
  if (highIs === "damaged") {
    return {
      problem: "The second layer is damaged; the medium image of " +
        `${width}x${height} pixels is in "${to}".`,
    };
  }
  return {
    text: `${text}, the medium image: the file ends before the high one does`,
  };
}

if (import.meta.main) await runTask(main);

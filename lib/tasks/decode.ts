/**
 * `deno task decode FILES|FOLDERS`: `.onecode` files to images.
 *
 * @module
 */
import { dirname } from "node:path";
import {
  CodecError,
  type DecodedImage,
  decodeImage,
  loadModel,
} from "@/codec/mod.ts";
import { writeImage } from "@/images/mod.ts";
import "@/tensorflow/mod.ts"; // the backend
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { planFiles } from "@/tasks/codec_files/plan_files.ts";
import { MODEL_OPTION, readModel } from "@/tasks/codec_files/read_model.ts";
import { checkFree, workThrough } from "@/tasks/codec_files/work_through.ts";

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
    usage: "deno task decode FILES|FOLDERS [--medium] [--format png|webp|jpeg]",
    description: "Decodes .onecode files to images, beside the files or in " +
      "the folder --out.",
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
  const loaded = loadModel(await readModel(options.model));
  try {
    return await workThrough(plan.jobs, plan.problems, {
      phase: "Decoding",
      name: ({ from }) => from,
      work: async ({ from, to }) => {
        await checkFree(to, force);
        const size = medium ? "medium" : "high";
        const bytes = await Deno.readFile(from);
        const decoded = await decodeImage(loaded, bytes, { size });
        const image = (decoded.high ?? decoded.medium)!;
        await Deno.mkdir(dirname(to), { recursive: true });
        await writeImage(to, image);
        return describe(to, decoded, medium);
      },
    });
  } finally {
    loaded.dispose();
  }
}

/** The line to print for an image. */
function describe(
  to: string,
  { medium, high, highIs }: DecodedImage,
  isWanted: boolean,
): string {
  const { width, height } = (high ?? medium)!;
  const text = `${to}: ${width}x${height} pixels`;
  if (high !== undefined || isWanted) return text;
  const instead = `the medium image of ${width}x${height} pixels is in "${to}"`;
  if (highIs === "damaged") {
    throw new CodecError(
      "damaged",
      `The second layer is damaged; ${instead}.`,
    );
  }
  return `${text}, the medium image: the file ends before the high one does`;
}

if (import.meta.main) await runTask(main);

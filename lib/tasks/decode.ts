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
import { findFiles } from "@/tasks/cli/find_files.ts";
import { planFiles } from "@/tasks/cli/plan_files.ts";
import { readModel } from "@/tasks/cli/read_model.ts";
import { checkFree, workThrough } from "@/tasks/cli/work_through.ts";

const ENDINGS: Readonly<Record<string, string>> = {
  png: ".png",
  webp: ".webp",
  jpeg: ".jpg",
};

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns 1 if a file was bad, else 0.
 * @throws {UserError} If it makes no sense, or there are no weights.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task decode FILES|FOLDERS [--medium] [--format png|webp|jpeg]",
    description: "Decodes .onecode files to images, beside them or into --out.",
    options: {
      medium: { type: "boolean", help: "the image of half the size" },
      format: {
        type: "string",
        help: "of the images",
        default: "png",
        choices: Object.keys(ENDINGS),
      },
      out: {
        type: "string",
        help: "folder of the images; folders in it mirror those named",
      },
      force: { type: "boolean", help: "replace files that are there" },
      model: { type: "string", help: "file of other weights" },
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

/** What the user gets to read of an image that was written. */
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

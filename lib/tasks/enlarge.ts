/**
 * `deno task enlarge FILES|FOLDERS`: photos of twice the width and height, with
 * the networks of the section *generative*.
 *
 * @module
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { encodePixels, type ImageFormat, readImage } from "@/images/mod.ts";
import {
  enlargePhoto,
  ENLARGING_METHODS,
  type EnlargingMethod,
  readEnlargingWeights,
} from "@/models/enlarging/mod.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { planFiles } from "@/tasks/codec_files/plan_files.ts";
import { writeOutput } from "@/tasks/codec_files/standard_streams.ts";
import { checkFree, workThrough } from "@/tasks/codec_files/work_through.ts";

/** The names of photos in folders; what was enlarged is no photo. */
const PHOTOS = /(?<!\.2x(-\d+)?)\.(jpe?g|png|webp|avif|tiff?)$/i;

/** The networks' weights. */
const WEIGHTS = join(
  PROJECT_ROOT,
  "results/generative/weights.safetensors",
);

const ENDINGS: Readonly<Record<string, string>> = {
  png: ".png",
  webp: ".webp",
  jpeg: ".jpg",
};

/** What each method does with what the photo does not tell. */
const HONEST: Readonly<Record<EnlargingMethod, string>> = {
  lanczos: "interpolated: no detail was added",
  mean: "the mean of what could be there: soft where it cannot know",
  adversarial: "fine detail is made up: trust no text, face or number plate",
  sampled: "fine detail is made up: trust no text, face or number plate",
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
    usage: "deno task enlarge FILES|FOLDERS [--method METHOD] [--seed N] " +
      "[--draws N]",
    description: "Doubles the width and height of photos. Most of the fine " +
      "detail that this takes is made up, and may be wrong.",
    options: {
      method: {
        type: "string",
        choices: ENLARGING_METHODS,
        default: "mean",
        help: "interpolation, the mean of what could be there, a network " +
          "trained against a critic, or one that draws",
      },
      seed: {
        type: "number",
        default: 1,
        help: "what the first draw begins with; each further one has the next",
        min: 0,
        integer: true,
      },
      draws: {
        type: "number",
        default: 1,
        help: "images to draw of each photo, with --method sampled",
        min: 1,
        max: 100,
        integer: true,
      },
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
      weights: {
        type: "string",
        value: "FILE",
        default: "",
        help: "file of weights to use instead of the published ones",
      },
    },
    words: "FILES|FOLDERS",
  }, args);
  const { seed, draws, force } = options;
  const method = options.method as EnlargingMethod;
  if (words.length === 0) throw new UserError("Name a photo or a folder.");
  if (draws > 1 && method !== "sampled") {
    throw new UserError(
      "--draws needs --method sampled: others make one image.",
    );
  }
  const found = await findFiles(words, PHOTOS);
  const ending = `.2x${ENDINGS[options.format]}`;
  const plan = planFiles(found, ending, options.out);
  using networks = readEnlargingWeights(await weightsIn(options.weights));
  return await workThrough(plan.jobs, plan.problems, {
    phase: "Enlarging",
    name: ({ from }) => from,
    work: async ({ from, to }, report, signal) => {
      const photo = await readImage(from);
      const texts: string[] = [];
      for (let draw = 0; draw < draws; draw++) {
        const path = draws === 1
          ? to
          : to.replace(/(\.\w+)$/, `-${draw + 1}$1`);
        await checkFree(path, force);
        const large = enlargePhoto(networks, photo, {
          method,
          seed: seed + draw,
          signal,
          onWindow: (done, total) =>
            report({ phase: `Enlarging ${from}`, done, total }),
        });
        const format = options.format as ImageFormat;
        await writeOutput(path, await encodePixels(large, format, {}));
        texts.push(`${path}: ${large.width}x${large.height} pixels`);
        // Lets a signal in.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return { text: `${texts.join("\n")}; ${HONEST[method]}` };
    },
  });
}

async function weightsIn(path: string): Promise<Uint8Array> {
  const file = path === "" ? WEIGHTS : path;
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const hint = path === ""
    ? ": `deno task reproduce generative` makes them."
    : ".";
  throw new UserError(`There are no weights in "${file}"${hint}`);
}

if (import.meta.main) await runTask(main);

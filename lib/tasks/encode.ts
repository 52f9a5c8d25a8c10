/**
 * `deno task encode FILES|FOLDERS`: photos to `.onecode` files.
 *
 * @module
 */
import { loadModel } from "@/codec/mod.ts";
import {
  type EffortOptions,
  GREATEST_EFFORT,
  RefiningEncoder,
} from "@/codec/refine/refining_encoder.ts";
import type { Pixels } from "@/images/pixels.ts";
import { readImage } from "@/images/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFiles } from "@/tasks/cli/find_files.ts";
import { planFiles } from "@/tasks/cli/plan_files.ts";
import { readModel } from "@/tasks/cli/read_model.ts";
import { checkFree, workThrough } from "@/tasks/cli/work_through.ts";

/** Photos that are taken from folders. */
const PHOTOS = /\.(jpe?g|png|webp|avif|tiff?)$/i;

/** The quality where nothing else is asked for. */
const QUALITY = 50;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns 1 if a file was bad, else 0.
 * @throws {UserError} If it makes no sense, or there are no weights.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task encode FILES|FOLDERS [--quality N | --target-bpp N] " +
      "[--effort N]",
    description: "Encodes photos to .onecode files, beside them or into --out.",
    options: {
      out: {
        type: "string",
        help: "folder of the files; folders in it mirror those named",
      },
      quality: {
        type: "number",
        help: `1 (small) to 100 (fine); ${QUALITY} if not given`,
        min: 1,
        max: 100,
        integer: true,
      },
      "target-bpp": {
        type: "number",
        help: "bits a pixel; the largest file that is not above it",
        min: 0.0001,
      },
      effort: {
        type: "number",
        default: 0,
        help: `0 to ${GREATEST_EFFORT}; above 0 each photo's file is made ` +
          "better by trials, slowly",
        min: 0,
        max: GREATEST_EFFORT,
        integer: true,
      },
      force: { type: "boolean", help: "replace files that are there" },
      model: { type: "string", help: "file of other weights" },
    },
    words: "FILES|FOLDERS",
  }, args);
  const { quality, "target-bpp": target, effort, force } = options;
  if (words.length === 0) throw new UserError("Name a photo or a folder.");
  if (quality !== undefined && target !== undefined) {
    throw new UserError("Either --quality or --target-bpp, not both.");
  }
  const found = await findFiles(words, PHOTOS);
  const plan = planFiles(found, ".onecode", options.out);
  const loaded = loadModel(await readModel(options.model));
  using encoder = new RefiningEncoder(loaded);
  try {
    return await workThrough(plan.jobs, plan.problems, {
      phase: "Encoding",
      name: ({ from }) => from,
      work: async ({ from, to }, report) => {
        await checkFree(to, force);
        const picture = await readImage(from);
        const onStep = (done: number, total: number) =>
          report({ phase: "Refining", done, total });
        const choices = { effort, onStep };
        const file = target === undefined
          ? await encode(encoder, picture, quality, choices)
          : await encoder.encodeNear(picture, target, choices);
        await atomicWrite(to, file.bytes);
        return describe(to, file, target);
      },
    });
  } finally {
    loaded.dispose();
  }
}

interface Encoded {
  readonly bytes: Uint8Array;
  readonly quality: number;
  readonly bitsPerPixel: number;
}

async function encode(
  encoder: RefiningEncoder,
  picture: Pixels,
  quality = QUALITY,
  choices: EffortOptions,
): Promise<Encoded> {
  const bytes = await encoder.encode(picture, { ...choices, quality });
  const pixels = picture.width * picture.height;
  return { bytes, quality, bitsPerPixel: 8 * bytes.length / pixels };
}

function describe(
  to: string,
  { bytes, quality, bitsPerPixel }: Encoded,
  target = Infinity,
): string {
  const above = bitsPerPixel > target ? ", the least that there is" : "";
  return `${to}: ${bytes.length} bytes, ${bitsPerPixel.toFixed(3)} bits a ` +
    `pixel, quality ${quality}${above}`;
}

if (import.meta.main) await runTask(main);

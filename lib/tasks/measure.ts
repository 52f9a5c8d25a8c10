/**
 * `deno task measure [rates|perception|storage|speed|views …]`: compares the
 * codec with others and writes `results/codec/`. Without a word it does all.
 *
 *     rates        size and quality of whole photos       kodak.json, …
 *     perception   the same by SSIMULACRA 2, of a few     perception.json
 *     storage      bytes for two sizes at equal quality   storage.json
 *     speed        time to encode and to decode           speed.json
 *     views        photos to look at, and the demo's      views.json, demo/, gallery/
 *     clips        clips as files, and by others          clips.json
 *
 * @module
 */
import { join } from "node:path";
import { loadModel } from "@/codec/mod.ts";
import { MAX_EFFORT } from "@/codec/format/header.ts";
import { codecFigures } from "@/evaluation/figures.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import {
  chooseSome,
  LEAST_SIDE,
  photosToMeasure,
} from "@/evaluation/photos.ts";
import { writeCodecResult } from "@/evaluation/results.ts";
import { writeFigures } from "@/experiment/results.ts";
import {
  chooseWords,
  interruptSignal,
  OUT_OPTION,
  parseOptions,
  progressReporter,
  resultsFolder,
  runTask,
  shownPath,
} from "@/tasks/cli/mod.ts";
import {
  MODEL_OPTION,
  readClipModel,
  readModel,
  WEIGHTS_FILE,
} from "@/tasks/codec_files/read_model.ts";
import { findBrowser } from "./test_site.ts";
import {
  CLIPS_PART,
  MEASURED_PARTS,
  type MeasureInput,
  measureParts,
  PERCEPTION,
} from "./measure/parts.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or there are no weights.
 * @throws {DatasetError} If there are no photos.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task measure [rates|perception|storage|speed|views|clips …] " +
      "[--data kodak]",
    description: "Compares the codec with others: rates and qualities, " +
      "quality to the eye, " +
      "storage, speed and photos, all by default; clips if they are named. " +
      "The same command resumes a stopped run.",
    words: "PART",
    options: {
      data: {
        type: "string",
        default: "starter",
        value: "SET",
        help: "photos: kodak, the test photos of starter or div2k, or those " +
          `of a folder with sides of at least ${LEAST_SIDE} pixels`,
      },
      photos: {
        type: "number",
        integer: true,
        min: 1,
        help: "how many of the photos, evenly spread; all by default, and " +
          `${PERCEPTION.photos} for perception`,
      },
      clips: {
        type: "string",
        default: "made",
        value: "SET",
        help: "for clips: made, or a folder of clips",
      },
      only: {
        type: "string",
        choices: ["ours"],
        help:
          "for rates: measure our codec alone, and keep the curves of the " +
          "others, which have to be of the same photos and versions",
      },
      effort: {
        type: "number",
        integer: true,
        min: 0,
        max: MAX_EFFORT,
        default: 4,
        help: "for rates: effort of our codec's slow curve; 0 leaves it out",
      },
      model: MODEL_OPTION,
      out: OUT_OPTION,
    },
  }, args);
  const parts = words.length === 0 ? MEASURED_PARTS : chooseWords(
    words,
    [...MEASURED_PARTS, CLIPS_PART],
    "There is nothing to measure called",
  );
  using models = new DisposableStack();
  const loaded = loadModel(
    await readModel(options.model),
    await readClipModel(options.model),
  );
  models.defer(() => loaded.dispose());
  const out = resultsFolder(options.out);
  const folder = join(out, "codec");
  using progress = progressReporter();
  const input: MeasureInput = {
    folder,
    loaded,
    weights: options.model ?? WEIGHTS_FILE,
    findBrowser: () => findBrowser(Deno.env.get("CHROMIUM")),
    onlyOurs: options.only === "ours",
    effort: options.effort,
    clips: options.clips,
    mostPhotos: options.photos,
    measurement: {
      set: chooseSome(await photosToMeasure(options.data), options.photos),
      model: loaded.model.id.toHex(),
      cache: await MeasurementCache.open(join(out, "runs", "codec_measured")),
      controls: { signal: interruptSignal(), onProgress: progress },
    },
  };
  for (const part of parts) {
    if (part === "views" && input.measurement.set.name === "kodak") {
      progress.end();
      console.error(
        "Views of Kodak's photos are not kept: choose others by --data.",
      );
      continue;
    }
    const measured = await measureParts[part](input);
    progress.end();
    if (measured === undefined) continue;
    const { file, result, summary } = measured;
    const path = await writeCodecResult(folder, file, result);
    // Drawn from the numbers in the file, which are rounded.
    const drawn = await writeFigures(folder, await codecFigures(folder));
    console.log(`Wrote ${shownPath(path)} and ${drawn.length} figures.`);
    for (const line of summary) console.log(`  ${line}`);
  }
}

if (import.meta.main) await runTask(main);

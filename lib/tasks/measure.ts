/**
 * `deno task measure [rates|storage|speed|views …]`: compares the codec with
 * others and writes `results/codec/`. Without a word it does all four.
 *
 *     rates     size and quality of whole photos       kodak.json, starter.json
 *     storage   bytes for two sizes at equal quality   storage.json
 *     speed     time to encode and to decode           speed.json
 *     views     photos to look at, and the demo's      views.json, demo/
 *
 * @module
 */
import { join } from "node:path";
import { type LoadedModel, loadModel } from "@/codec/mod.ts";
import { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { others, ours, oursRefined } from "@/evaluation/contestants.ts";
import { readCredits, writeDemo } from "@/evaluation/demo_files.ts";
import { codecFigures } from "@/evaluation/figures.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { LEAST_SIDE, photosToMeasure } from "@/evaluation/photos.ts";
import { type CodecMeasurement, measureRates } from "@/evaluation/rates.ts";
import { type CodecOrigin, writeCodecResult } from "@/evaluation/results.ts";
import { startCompressai } from "@/evaluation/speed/compressai.ts";
import { measureSpeed, speedPhoto } from "@/evaluation/speed/measure_speed.ts";
import { measureStorage } from "@/evaluation/storage/measure_storage.ts";
import { installRivals } from "@/evaluation/storage/rivals.ts";
import { storageContestants } from "@/evaluation/storage/schemes.ts";
import {
  summarizeRates,
  summarizeSpeed,
  summarizeStorage,
} from "@/evaluation/tables.ts";
import { viewPhotos } from "@/evaluation/views.ts";
import { writeFigures } from "@/experiment/results.ts";
import { dataPath } from "@/files/data_path.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
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
import { MODEL_OPTION, readModel } from "@/tasks/codec_files/read_model.ts";
import { threadSetting } from "@/tensorflow/mod.ts";

const PARTS = ["rates", "storage", "speed", "views"] as const;
type Part = typeof PARTS[number];

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or there are no weights.
 * @throws {DatasetError} If there are no photos.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task measure [rates|storage|speed|views …] [--data kodak]",
    description: "Compares the codec with others: rates and qualities, " +
      "storage, speed and photos, all by default. The same command resumes a " +
      "stopped run.",
    words: "PART",
    options: {
      data: {
        type: "string",
        default: "starter",
        value: "SET",
        help: "photos: kodak, the test photos of starter or div2k, or those " +
          `of a folder with sides of at least ${LEAST_SIDE} pixels`,
      },
      model: MODEL_OPTION,
      "high-only-model": {
        type: "string",
        value: "FILE",
        help: "file of weights trained for the photo alone, for storage",
      },
      "two-decoders-model": {
        type: "string",
        value: "FILE",
        help: "file of weights of one latent with two decoders, for storage",
      },
      out: OUT_OPTION,
    },
  }, args);
  const parts = chooseWords(
    words,
    PARTS,
    "There is nothing to measure called",
  );
  using models = new DisposableStack();
  const load = async (path: string | undefined) => {
    const loaded = loadModel(await readModel(path));
    return models.adopt(loaded, () => loaded.dispose());
  };
  const loadOther = async (path: string | undefined) =>
    path === undefined ? undefined : await load(path);
  const loaded = await load(options.model);
  const highOnly = await loadOther(options["high-only-model"]);
  const twoDecoders = await loadOther(options["two-decoders-model"]);
  const out = resultsFolder(options.out);
  const folder = join(out, "codec");
  using progress = progressReporter();
  const input: MeasureInput = {
    folder,
    loaded,
    highOnly,
    twoDecoders,
    measurement: {
      set: await photosToMeasure(options.data),
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
    const { file, result, summary } = await measures[part](input);
    progress.end();
    const path = await writeCodecResult(folder, file, result);
    // Drawn from the numbers in the file, which are rounded.
    const drawn = await writeFigures(folder, await codecFigures(folder));
    console.log(`Wrote ${shownPath(path)} and ${drawn.length} figures.`);
    for (const line of summary) console.log(`  ${line}`);
  }
}

/** What all parts are given. */
interface MeasureInput {
  readonly folder: string;
  readonly loaded: LoadedModel;
  readonly highOnly: LoadedModel | undefined;
  readonly twoDecoders: LoadedModel | undefined;
  readonly measurement: CodecMeasurement;
}

/** A result, the name of its file and lines to print. */
interface MeasuredPart {
  readonly file: string;
  readonly result: CodecOrigin;
  readonly summary: readonly string[];
}

const measures: Record<Part, (input: MeasureInput) => Promise<MeasuredPart>> = {
  rates: async ({ measurement, loaded }) => {
    using encoder = new RefiningEncoder(loaded);
    const own = [oursRefined(loaded, encoder), ours(loaded)];
    const result = await measureRates(measurement, [...own, ...others]);
    const summary = summarizeRates(result);
    return { file: measurement.set.file, result, summary };
  },
  storage: async ({ measurement, loaded, highOnly, twoDecoders }) => {
    await using rivals = await startPeer(
      "Layered AVIF and JPEG 2000 by resolution",
      () =>
        installRivals(PROJECT_ROOT, () => console.error("Installing Pillow…")),
    );
    const codecs = storageContestants(loaded, {
      highOnly,
      twoDecoders,
      rivals,
    });
    const result = await measureStorage(measurement, codecs);
    return { file: "storage", result, summary: summarizeStorage(result) };
  },
  speed: async ({ measurement, loaded }) => {
    const { set, model, controls } = measurement;
    // As large as Kodak's photos.
    const { name, photo } = await speedPhoto(set, 768, 512);
    const threads = threadSetting() || navigator.hardwareConcurrency;
    await using peer = await startPeer("CompressAI", () =>
      startCompressai(
        PROJECT_ROOT,
        threads,
        () => console.error("Installing CompressAI and PyTorch…"),
      ));
    const result = await measureSpeed({
      loaded,
      model,
      quality: 50,
      photo,
      name,
      threads,
      seconds: 60,
      leastRounds: 9,
      coder: { seconds: 10, values: 1_000_000 },
      peer,
      ...controls,
    });
    return { file: "speed", result, summary: summarizeSpeed(result) };
  },
  views: async ({ measurement, loaded, folder }) => {
    const codecs = {
      own: ours(loaded),
      others: others.filter(({ id }) => ["jpeg", "webp", "avif"].includes(id)),
    };
    const result = await viewPhotos(folder, measurement, {
      ...codecs,
      count: 4,
      quality: 30,
      side: 256,
    });
    await writeDemo(join(folder, "demo"), measurement, {
      ...codecs,
      count: 3,
      qualities: [20, 40, 60],
      credit: await readCredits(dataPath("starter/SOURCES.csv")),
    });
    return { file: "views", result, summary: [] };
  },
};

/** Starts a process in Python; if that fails, prints why and returns nothing. */
async function startPeer<Started>(
  name: string,
  start: () => Promise<Started>,
): Promise<Started | undefined> {
  try {
    return await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(`Skipped: ${name}. ${reason}`);
    return undefined;
  }
}

if (import.meta.main) await runTask(main);

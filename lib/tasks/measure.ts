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
import {
  others,
  ours,
  oursHighOnly,
  oursRefined,
  oursTwoDecoders,
} from "@/evaluation/contestants.ts";
import { codecFigures, storageTitle } from "@/evaluation/figures.ts";
import {
  LEAST_SIDE,
  type PhotosToMeasure,
  photosToMeasure,
} from "@/evaluation/photos.ts";
import { type CodecMeasurement, measureRates } from "@/evaluation/rates.ts";
import {
  type CodecOrigin,
  type CodecSpeed,
  writeCodecResult,
} from "@/evaluation/results.ts";
import { measureStorage } from "@/evaluation/storage/measure_storage.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { writeFigures } from "@/experiment/results.ts";
import { threadSetting } from "@/tensorflow/mod.ts";
import {
  chooseWords,
  interruptSignal,
  OUT_OPTION,
  parseOptions,
  type ProgressReporter,
  progressReporter,
  resultsFolder,
  runTask,
  shownPath,
} from "@/tasks/cli/mod.ts";
import { MODEL_OPTION, readModel } from "@/tasks/codec_files/read_model.ts";
import type { Peer } from "@/evaluation/speed/peer.ts";
import {
  type CompressaiTiming,
  startCompressai,
} from "@/evaluation/speed/compressai.ts";
import { readCredits, writeDemo } from "@/evaluation/demo_files.ts";
import { viewPhotos } from "@/evaluation/views.ts";
import { measureSpeed, speedPhoto } from "@/evaluation/speed/measure_speed.ts";
import { dataPath } from "@/files/data_path.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

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
        help: "photos: kodak, the test photos of starter or div2k, or those " +
          `of a folder with sides of at least ${LEAST_SIDE} pixels`,
      },
      model: MODEL_OPTION,
      "high-only-model": {
        type: "string",
        help: "file of weights trained for the photo alone, for storage",
      },
      "two-decoders-model": {
        type: "string",
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
  const model = await readModel(options.model);
  const readOther = async (path: string | undefined) =>
    path === undefined ? undefined : await readModel(path);
  const highOnly = await readOther(options["high-only-model"]);
  const twoDecoders = await readOther(options["two-decoders-model"]);
  const out = resultsFolder(options.out);
  const progress = progressReporter();
  const loaded = loadModel(model);
  const loadedAlone = highOnly && loadModel(highOnly);
  const loadedTwo = twoDecoders && loadModel(twoDecoders);
  try {
    const task: Task = {
      folder: join(out, "codec"),
      loaded,
      ...(loadedAlone === undefined ? {} : { loadedAlone }),
      ...(loadedTwo === undefined ? {} : { loadedTwo }),
      progress,
      measurement: {
        set: await photosToMeasure(options.data),
        model: model.id.toHex(),
        cache: await MeasurementCache.open(join(out, "runs", "codec_measured")),
        controls: { signal: interruptSignal(), onProgress: progress },
      },
    };
    for (const part of parts) await measures[part](task);
  } finally {
    progress.end();
    loaded.dispose();
    loadedAlone?.dispose();
    loadedTwo?.dispose();
  }
}

interface Task {
  readonly folder: string;
  readonly loaded: LoadedModel;
  readonly loadedAlone?: LoadedModel;
  readonly loadedTwo?: LoadedModel;
  readonly progress: ProgressReporter;
  readonly measurement: CodecMeasurement;
}

const measures: Record<Part, (task: Task) => Promise<void>> = {
  rates: async (task) => {
    const { measurement, loaded } = task;
    using encoder = new RefiningEncoder(loaded);
    const own = [oursRefined(loaded, encoder), ours(loaded)];
    const rates = await measureRates(measurement, [...own, ...others]);
    const { file } = measurement.set;
    await write(task, file, rates);
    for (const [id, percent] of Object.entries(rates.bdRate)) {
      const plain = rates.bdRateNoEffort?.[id];
      const beside = plain === undefined
        ? ""
        : `, without effort ${signed(plain)}`;
      console.log(
        `  bits against ${id} at equal PSNR: ${signed(percent)}${beside}`,
      );
    }
  },
  storage: async (task) => {
    const { measurement, loaded, loadedAlone, loadedTwo } = task;
    const storage = await measureStorage(measurement, {
      layered: ours(loaded),
      simulcast: oursHighOnly(loaded, "ours", "Ours"),
      ...(loadedAlone === undefined ? {} : {
        highOnly: {
          contestant: oursHighOnly(loadedAlone),
          id: loadedAlone.model.id.toHex(),
        },
      }),
      ...(loadedTwo === undefined ? {} : {
        twoDecoders: {
          contestant: oursTwoDecoders(loadedTwo),
          id: loadedTwo.model.id.toHex(),
        },
      }),
      others: others.filter(({ id }) => id === "webp" || id === "avif"),
    });
    await write(task, "storage", storage);
    for (const row of storage.rows.slice(1)) {
      const { layeredPercent } = row;
      console.log(`  against ${storageTitle(row)}: ${signed(layeredPercent)}`);
    }
  },
  speed: async (task) => {
    const { measurement, loaded, progress } = task;
    const { set, model, controls: { signal } } = measurement;
    const speed = await timeAll(set, { loaded, model, progress, signal });
    await write(task, "speed", speed);
    for (const { name, encodeMs, decodeHighMs } of speed.rows) {
      const [encode, decode] = [encodeMs, decodeHighMs].map((ms) =>
        ms.toFixed(0)
      );
      console.log(`  encode ${encode} ms, decode ${decode} ms: ${name}`);
    }
  },
  views: async (task) => {
    const { measurement, loaded, folder, progress } = task;
    if (measurement.set.name === "kodak") {
      progress.end();
      console.error(
        "Views of Kodak's photos are not kept: choose others by --data.",
      );
      return;
    }
    const codecs = {
      own: ours(loaded),
      others: others.filter(({ id }) => ["jpeg", "webp", "avif"].includes(id)),
    };
    const views = await viewPhotos(folder, measurement, {
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
    await write(task, "views", views);
  },
};

/** The size of the photo that codecs are timed on: Kodak's. */
const WIDTH = 768, HEIGHT = 512;

async function timeAll(
  set: PhotosToMeasure,
  { loaded, model, progress, signal }: {
    readonly loaded: LoadedModel;
    readonly model: string;
    readonly progress: ProgressReporter;
    readonly signal: AbortSignal | undefined;
  },
): Promise<CodecSpeed> {
  const { name, photo } = await speedPhoto(set, WIDTH, HEIGHT);
  const threads = threadSetting() || navigator.hardwareConcurrency;
  const peer = await startPeer(threads);
  try {
    return await measureSpeed({
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
      ...(signal === undefined ? {} : { signal }),
      onProgress: progress,
    });
  } finally {
    await peer?.stop();
  }
}

/** Starts CompressAI; if that fails, prints why and returns nothing. */
async function startPeer(
  threads: number,
): Promise<Peer<CompressaiTiming> | undefined> {
  try {
    return await startCompressai(
      PROJECT_ROOT,
      threads,
      () => console.error("Installing CompressAI and PyTorch…"),
    );
  } catch (error) {
    console.error(
      `CompressAI is skipped: ${
        error instanceof Error ? error.message : error
      }`,
    );
    return undefined;
  }
}

async function write(
  { folder, progress }: Task,
  file: string,
  result: CodecOrigin,
): Promise<void> {
  progress.end();
  const path = await writeCodecResult(folder, file, result);
  // Drawn from the numbers in the file, which are rounded.
  const drawn = await writeFigures(folder, await codecFigures(folder));
  console.log(`Wrote ${shownPath(path)} and ${drawn.length} figures.`);
}

function signed(percent: number | null): string {
  if (percent === null) return "unknown";
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

if (import.meta.main) await runTask(main);

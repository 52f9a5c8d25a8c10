/**
 * `deno task measure [rates|storage|speed|views …]`: measures the codec beside
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
import { measureStorage } from "@/evaluation/storage.ts";
import { KeptUnits } from "@/evaluation/kept_units.ts";
import { writeFigures } from "@/sections/mod.ts";
import { threadSetting } from "@/tensorflow/mod.ts";
import {
  interruptSignal,
  nearestWord,
  parseOptions,
  type ProgressReporter,
  progressReporter,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import { readModel } from "@/tasks/cli/read_model.ts";
import type { Peer } from "@/evaluation/speed/peer.ts";
import {
  type CompressaiTiming,
  startCompressai,
} from "@/evaluation/speed/compressai.ts";
import { showPhotos } from "@/evaluation/show_photos.ts";
import { measureSpeed, speedPhoto } from "@/evaluation/speed/measure_speed.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

const PARTS = ["rates", "storage", "speed", "views"] as const;
type Part = typeof PARTS[number];

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense, or there are no weights.
 * @throws {DatasetError} If there are no photos.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task measure [rates|storage|speed|views …] [--data kodak]",
    description: "Measures the codec beside others, all of it by default: " +
      "rates and qualities, storage, speed, photos. Stopped, it goes on where it was.",
    words: "PART",
    options: {
      data: {
        type: "string",
        default: "starter",
        help: "photos: kodak, the test photos of starter or div2k, or all of " +
          `a folder from ${LEAST_SIDE} pixels up`,
      },
      model: { type: "string", help: "file of other weights" },
      "high-only-model": {
        type: "string",
        help: "weights that were trained for the photo alone, for storage",
      },
      "two-decoders-model": {
        type: "string",
        help: "weights of one latent with two decoders, for storage",
      },
      out: {
        type: "string",
        help: "folder for the results instead of results",
      },
    },
  }, args);
  const parts = chooseParts(words);
  const model = await readModel(options.model);
  const readOther = async (path: string | undefined) =>
    path === undefined ? undefined : await readModel(path);
  const highOnly = await readOther(options["high-only-model"]);
  const twoDecoders = await readOther(options["two-decoders-model"]);
  const out = options.out ?? join(workspaceAt().root, "results");
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
        units: await KeptUnits.open(join(out, "runs", "codec_measured")),
        controls: { signal: interruptSignal(), onProgress: progress },
      },
    };
    for (const part of PARTS) {
      if (parts.includes(part)) await measures[part](task);
    }
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
      const beside = plain === undefined ? "" : `, ${signed(plain)} without`;
      console.log(
        `  ${signed(percent)} bits against ${id}, at equal PSNR${beside}`,
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
      console.log(`  ${signed(layeredPercent)} against ${storageTitle(row)}`);
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
        "Parts of Kodak's photos are not kept; `views` takes others.",
      );
      return;
    }
    const { root } = workspaceAt();
    const views = await showPhotos(folder, measurement, loaded, root);
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

/** CompressAI; where it cannot be had, that is told, and it is left out. */
async function startPeer(
  threads: number,
): Promise<Peer<CompressaiTiming> | undefined> {
  try {
    return await startCompressai(
      workspaceAt().root,
      threads,
      () => console.error("Installing CompressAI and PyTorch…"),
    );
  } catch (error) {
    console.error(
      `CompressAI is left out: ${
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
  // From the numbers as they are kept, which are rounded.
  const drawn = await writeFigures(folder, await codecFigures(folder));
  console.log(`Wrote ${path}; there are ${drawn.length} figures.`);
}

function signed(percent: number | null): string {
  if (percent === null) return "not to be told";
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

function chooseParts(words: readonly string[]): readonly Part[] {
  const isPart = (word: string): word is Part =>
    (PARTS as readonly string[]).includes(word);
  for (const word of words) {
    if (isPart(word)) continue;
    const near = nearestWord(word, [...PARTS]);
    throw new UserError(
      near === undefined
        ? `There is nothing called "${word}" to measure; there are ${
          PARTS.join(", ")
        }.`
        : `There is nothing called "${word}" to measure; did you mean "${near}"?`,
    );
  }
  return words.length === 0 ? PARTS : words.filter(isPart);
}

if (import.meta.main) await runTask(main);

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
import { type LoadedModel, loadModel } from "@/codec/mod.ts";
import { MAX_EFFORT } from "@/codec/format/header.ts";
import { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { others, ours, oursRefined } from "@/evaluation/contestants.ts";
import { writeDemoClip } from "@/evaluation/demo_clip.ts";
import { readCredits, writeDemo } from "@/evaluation/demo_files.ts";
import { writeGallery } from "@/evaluation/storage/gallery_files.ts";
import { codecFigures } from "@/evaluation/figures.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import {
  LEAST_SIDE,
  type PhotosToMeasure,
  photosToMeasure,
} from "@/evaluation/photos.ts";
import {
  type CodecMeasurement,
  keepCurves,
  measureRates,
} from "@/evaluation/rates.ts";
import {
  type CodecOrigin,
  readRates,
  writeCodecResult,
} from "@/evaluation/results.ts";
import { startCompressai } from "@/evaluation/speed/compressai.ts";
import { measureLargePhoto } from "@/evaluation/speed/large_photo.ts";
import { measureSpeed, speedPhoto } from "@/evaluation/speed/measure_speed.ts";
import { startSsimulacra2 } from "@/evaluation/ssimulacra2/start_ssimulacra2.ts";
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
import { evenlySpread } from "@/experiment/samples.ts";
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
  UserError,
} from "@/tasks/cli/mod.ts";
import { findFfmpeg, openClips, prepareClips } from "@/datasets/mod.ts";
import { measureClips } from "@/sections/video/measure_clips.ts";
import {
  CLIP_WEIGHTS_FILE,
  MODEL_OPTION,
  readClipModel,
  readModel,
  WEIGHTS_FILE,
} from "@/tasks/codec_files/read_model.ts";
import { findBrowser } from "@/tasks/test_site.ts";
import { threadSetting } from "@/tensorflow/mod.ts";
import {
  measureBrowser,
  measureClipInBrowser,
} from "./measure/browser_speed.ts";

const PARTS = ["rates", "perception", "storage", "speed", "views"] as const;

/** Measured when it is named. */
const CLIPS_PART = "clips";

/** How test clips are cut. */
const CLIPS = {
  side: 344,
  frames: 8,
  trainPerClip: 1,
  testPerClip: 1,
  seed: 1,
};

/** The clip of the site's demo. */
const DEMO_CLIP = {
  photo: "giraffe.webp",
  name: "A giraffe",
  motion: "pan",
  side: 344,
  frames: 48,
  rate: 12,
  quality: 50,
} as const;

/** Photos and qualities of each codec for SSIMULACRA 2, which is slow. */
const PERCEPTION = { photos: 4, qualities: 5 };

type Part = typeof PARTS[number] | typeof CLIPS_PART;

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
  const parts = words.length === 0 ? PARTS : chooseWords(
    words,
    [...PARTS, CLIPS_PART],
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
    const measured = await measures[part](input);
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

function chooseSome(
  set: PhotosToMeasure,
  most = Infinity,
): PhotosToMeasure {
  return { ...set, photos: evenlySpread(set.photos, most) };
}

/** What all parts are given. */
interface MeasureInput {
  readonly folder: string;
  readonly loaded: LoadedModel;
  /** Path of the file of weights. */
  readonly weights: string;
  readonly onlyOurs: boolean;
  /** Effort of our slow curve; without one if it is 0. */
  readonly effort: number;
  /** Where clips come from. */
  readonly clips: string;
  /** How many photos were asked for; without a wish each part has its own. */
  readonly mostPhotos: number | undefined;
  readonly measurement: CodecMeasurement;
}

/** A result, the name of its file and lines to print. */
interface MeasuredPart {
  readonly file: string;
  readonly result: CodecOrigin;
  readonly summary: readonly string[];
}

const measures: Record<
  Part,
  (input: MeasureInput) => Promise<MeasuredPart | undefined>
> = {
  rates: async ({ measurement, loaded, folder, onlyOurs, effort }) => {
    const { set } = measurement;
    const kept = onlyOurs
      ? keepCurves(await readRates(folder, set.file), set)
      : [];
    using encoder = new RefiningEncoder(loaded);
    const own = [
      ...effort === 0 ? [] : [oursRefined(loaded, encoder, effort)],
      ours(loaded),
    ];
    const result = await measureRates(
      measurement,
      onlyOurs ? own : [...own, ...others],
      kept,
    );
    return { file: set.file, result, summary: summarizeRates(result) };
  },
  perception: async ({ measurement, loaded, mostPhotos }) => {
    await using ssimulacra2 = await startPeer(
      "Quality to the eye",
      () =>
        startSsimulacra2(
          PROJECT_ROOT,
          () => console.error("Building SSIMULACRA 2…"),
        ),
    );
    if (ssimulacra2 === undefined) return undefined;
    const few = [ours(loaded), ...others].map((codec) => ({
      ...codec,
      qualities: evenlySpread(codec.qualities, PERCEPTION.qualities),
    }));
    const set = chooseSome(
      measurement.set,
      mostPhotos ?? PERCEPTION.photos,
    );
    const result = await measureRates(
      { ...measurement, set, ssimulacra2 },
      few,
    );
    return { file: "perception", result, summary: summarizeRates(result) };
  },
  storage: async ({ measurement, loaded }) => {
    await using rivals = await startPeer(
      "Layered AVIF, JPEG 2000 and JPEG XL",
      () =>
        installRivals(PROJECT_ROOT, () => console.error("Installing Pillow…")),
    );
    const codecs = storageContestants(loaded, rivals);
    const result = await measureStorage(measurement, codecs);
    return { file: "storage", result, summary: summarizeStorage(result) };
  },
  speed: async ({ measurement, loaded, weights }) => {
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
    const quality = 50;
    const result = await measureSpeed({
      loaded,
      model,
      quality,
      photo,
      name,
      threads,
      seconds: 60,
      leastRounds: 9,
      coder: { seconds: 10, values: 1_000_000 },
      measureLarge: (photo) => measureLargePhoto(photo, weights, quality),
      measureBrowser: (file) =>
        startPeer("The decoder in a browser", () =>
          measureBrowser({
            ...{ root: PROJECT_ROOT, weights, file, rounds: 9 },
            browser: findBrowser(Deno.env.get("CHROMIUM")),
          })),
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
    const credit = await readCredits(dataPath("starter/SOURCES.csv"));
    await writeDemo(join(folder, "demo"), measurement, {
      ...codecs,
      count: 3,
      qualities: [40, 60, 80],
      credit,
    });
    if (loaded.clip !== undefined) {
      await writeDemoClip(join(folder, "demo/clip"), loaded, {
        ...DEMO_CLIP,
        photo: dataPath(`starter/${DEMO_CLIP.photo}`),
        credit: credit(DEMO_CLIP.photo),
        ...measurement.controls,
      });
    }
    await writeGallery(join(folder, "gallery"), measurement, {
      own: codecs.own,
      avif: others.find(({ id }) => id === "avif")!,
      count: 12,
      quality: 50,
      credit,
    });
    return { file: "views", result, summary: [] };
  },
  clips: measureClipFiles,
};

async function measureClipFiles(
  { loaded, measurement, clips }: MeasureInput,
): Promise<MeasuredPart> {
  if (loaded.clip === undefined) {
    throw new UserError(
      "There is no clip model: `deno task train clips` makes one.",
    );
  }
  const { cache, controls } = measurement;
  const ffmpeg = await findFfmpeg(() => console.error("Installing ffmpeg…"));
  const set = await openClips(clips, controls);
  const { test, fingerprint } = await prepareClips(set, CLIPS, controls);
  const result = await measureClips({
    ...{ loaded, ffmpeg, segments: test, identity: fingerprint, cache },
    measureBrowser: (file) =>
      startPeer("The decoder in a browser", () =>
        measureClipInBrowser({
          ...{ root: PROJECT_ROOT, weights: WEIGHTS_FILE, file, rounds: 3 },
          browser: findBrowser(Deno.env.get("CHROMIUM")),
        }, CLIP_WEIGHTS_FILE)),
    ...controls,
  });
  return { file: "clips", result, summary: [] };
}

/** Starts another process; if that fails, prints why and returns nothing. */
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

/**
 * The parts of `deno task measure`, each of which makes one file of results.
 *
 * @module
 */
import { join } from "node:path";
import type { LoadedModel } from "@/codec/mod.ts";
import { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { others, ours, oursRefined } from "@/evaluation/contestants.ts";
import { writeDemoClip } from "@/evaluation/demo_clip.ts";
import { readCredits, writeDemo } from "@/evaluation/demo_files.ts";
import { writeGallery } from "@/evaluation/storage/gallery_files.ts";
import {
  type CodecMeasurement,
  keepCurves,
  measureRates,
} from "@/evaluation/rates.ts";
import { type CodecOrigin, readRates } from "@/evaluation/results.ts";
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
import { chooseSome } from "@/evaluation/photos.ts";
import { viewPhotos } from "@/evaluation/views.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import { dataPath } from "@/files/data_path.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { UserError } from "@/tasks/cli/mod.ts";
import { findFfmpeg, openClips, prepareClips } from "@/datasets/mod.ts";
import { measureClips } from "@/sections/video/measure_clips.ts";
import {
  CLIP_WEIGHTS_FILE,
  WEIGHTS_FILE,
} from "@/tasks/codec_files/read_model.ts";
import { threadSetting } from "@/tensorflow/mod.ts";
import { measureBrowser, measureClipInBrowser } from "./browser_speed.ts";

/** Measured unless others are named. */
export const MEASURED_PARTS = [
  "rates",
  "perception",
  "storage",
  "speed",
  "views",
] as const;

/** Measured when it is named. */
export const CLIPS_PART = "clips";

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
export const PERCEPTION = { photos: 4, qualities: 5 };

/** A part of the measurements. */
export type MeasurePart = typeof MEASURED_PARTS[number] | typeof CLIPS_PART;

/** What all parts are given. */
export interface MeasureInput {
  /** The folder of the codec's results. */
  readonly folder: string;
  /** The model. */
  readonly loaded: LoadedModel;
  /** Path of the file of weights. */
  readonly weights: string;
  /** Finds a browser for times in one. */
  readonly findBrowser: () => string;
  /** Whether curves of other codecs are kept from before. */
  readonly onlyOurs: boolean;
  /** Effort of our slow curve; without one if it is 0. */
  readonly effort: number;
  /** Where clips come from. */
  readonly clips: string;
  /** How many photos were asked for; without a wish each part has its own. */
  readonly mostPhotos: number | undefined;
  /** Photos, cache and who watches. */
  readonly measurement: CodecMeasurement;
}

/** A result, the name of its file and lines to print. */
export interface MeasuredPart {
  /** Name of the file of results, without `.json`. */
  readonly file: string;
  /** What is written. */
  readonly result: CodecOrigin;
  /** Lines to print. */
  readonly summary: readonly string[];
}

/** Measures a part; nothing if what it needs does not run. */
export const measureParts: Record<
  MeasurePart,
  (input: MeasureInput) => Promise<MeasuredPart | undefined>
> = {
  rates: async ({ measurement, loaded, folder, onlyOurs, effort }) => {
    const { set } = measurement;
    const kept = onlyOurs
      ? keepCurves(await readRates(folder, set.file), set)
      : [];
    using encoder = new RefiningEncoder(loaded);
    const own = [
      ours(loaded),
      ...effort === 0 ? [] : [oursRefined(loaded, encoder, effort)],
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
  speed: async ({ measurement, loaded, weights, findBrowser }) => {
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
            browser: findBrowser(),
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
  { loaded, measurement, clips, findBrowser }: MeasureInput,
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
          browser: findBrowser(),
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

/**
 * `deno task train codec`: trains the codec's networks and writes its weights,
 * `results/codec/weights.safetensors`, which `encode` and `decode` use, and
 * `start.safetensors`, from which training can start again.
 *
 * `deno task train clips`: trains the networks that predict frames of clips from
 * those before them, starting from these weights, and writes
 * `results/codec/clip_weights.safetensors`.
 *
 * @module
 */
import { join } from "node:path";
import { photoGrid } from "@/charts/mod.ts";
import { readSafetensors, SafetensorsError } from "@/models/safetensors.ts";
import {
  CodecStartError,
  writeCodecStart,
} from "@/codec/training/codec_start.ts";
import { makeCodec } from "@/codec/training/make_codec.ts";
import {
  CODEC_TRAINING,
  type CodecTask,
  trainCodec,
} from "@/codec/training/train_codec.ts";
import { makeClipModel } from "@/codec/training/make_clip_model.ts";
import { CLIP_TRAINING, trainClips } from "@/codec/training/train_clips.ts";
import type { CodecImages } from "@/codec/training/validate_codec.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { tf } from "@/tensorflow/mod.ts";
import { openClips, prepareClips } from "@/datasets/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { readModel } from "@/tasks/codec_files/read_model.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { type RunControls, TrainingStopped } from "@/training/mod.ts";
import {
  chooseWords,
  Interrupted,
  OUT_OPTION,
  parseOptions,
  patientSignal,
  progressReporter,
  resultsFolder,
  runTask,
  SEED_OPTION,
  shownPath,
  TENSORBOARD_OPTION,
  tensorBoardLine,
  UserError,
} from "@/tasks/cli/mod.ts";

/** Steps of the training for clips. */
const CLIP_STEPS = 9000;

/** The published weights to start from, in `results/codec`. */
const START_FILE = "start.safetensors";

const usage = "deno task train codec|clips [--steps 20000]";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 * @throws {Interrupted} If it was stopped; the next run resumes there.
 */
export async function main(args: string[]): Promise<void> {
  const integer = { type: "number", integer: true } as const;
  const { options, words } = parseOptions({
    usage,
    description:
      "Trains the codec, or what it needs for clips, and writes its " +
      "weights. The same command resumes a stopped run; more steps continue " +
      "a finished one of the codec.",
    words: "WHAT",
    options: {
      data: {
        type: "string",
        value: "SET",
        help: "photos: starter, by default, div2k or a folder; for clips a " +
          "folder of clips beside made ones",
      },
      pairs: {
        ...integer,
        min: 1,
        default: CODEC_TRAINING.trainPairs,
        help: "squares cut from the photos",
      },
      steps: {
        ...integer,
        min: 1,
        help: "steps at the full learning rate, 20000 by default; for clips " +
          `all steps, ${CLIP_STEPS} by default`,
      },
      rate: {
        type: "number",
        min: 1e-9,
        default: CODEC_TRAINING.rate,
        help: "the full learning rate; lower it for trained weights",
      },
      "cool-steps": {
        ...integer,
        min: 0,
        default: CODEC_TRAINING.coolSteps,
        help: "further steps, in which the rate falls",
      },
      start: {
        type: "string",
        value: "FILE",
        help: "file of trained weights to start from, such as " +
          "start.safetensors, which clips start from by default",
      },
      seed: SEED_OPTION,
      tensorboard: TENSORBOARD_OPTION,
      out: OUT_OPTION,
    },
  }, args);
  const what = chooseWhat(words);
  const out = resultsFolder(options.out);
  const folder = join(out, "codec");
  if (options.tensorboard) console.log(tensorBoardLine(out));
  using progress = progressReporter();
  const controls: RunControls = {
    signal: patientSignal(),
    tensorBoard: options.tensorboard,
    onProgress: progress,
    onWarning: (message) => {
      progress.end();
      console.error(message);
    },
  };
  const { data, seed, steps, start: startPath } = options;
  const common = { seed, runs: join(out, "runs"), controls };
  const trained = async () => {
    if (what === "clips") {
      const path = startPath ?? join(PROJECT_ROOT, "results/codec", START_FILE);
      const start = (await readStart(path))!;
      return await trainForClips({ ...common, data, steps, start });
    }
    const training = {
      ...CODEC_TRAINING,
      trainPairs: options.pairs,
      rate: options.rate,
      coolSteps: options["cool-steps"],
    };
    const start = await readStart(startPath);
    if (start !== undefined) readSafetensors(start); // before the photos
    const { pairs, summary } = await prepareData(
      { profile: "full", seed, data: data ?? "starter", folder, controls },
      { trainPairs: training.trainPairs, highSize: training.pairSize },
    );
    return await trainAndMake({
      ...{ ...common, training, steps: steps ?? 20000, pairs, start },
      ...{ dataset: summary, drawPhotos },
    });
  };
  try {
    const files = await trained();
    progress.end();
    for (const [file, bytes] of Object.entries(files)) {
      const path = join(folder, `${file}.safetensors`);
      await atomicWrite(path, bytes);
      console.log(
        `Wrote ${shownPath(path)}, ${(bytes.length / 1e6).toFixed(1)} MB.`,
      );
    }
  } catch (error) {
    if (error instanceof CodecStartError || error instanceof SafetensorsError) {
      throw new UserError(`"${startPath ?? START_FILE}": ${error.message}`);
    }
    if (error instanceof TrainingStopped) throw new Interrupted(error.message);
    throw error;
  }
}

/** How networks for clips are trained. */
interface ClipChoices {
  /** A folder of clips; made ones alone without it. */
  readonly data: string | undefined;
  readonly steps: number | undefined;
  readonly seed: number;
  readonly runs: string;
  readonly start: Uint8Array;
  readonly controls: RunControls;
}

/** Segments of two frames of each clip. */
const CLIP_PAIRS = { frames: 2, trainPerClip: 16, testPerClip: 4 };

/** Segments of two frames of each made clip. */
const MADE_PAIRS = { frames: 2, trainPerClip: 2, testPerClip: 1 };

async function trainForClips(
  { data, steps = CLIP_STEPS, start, ...common }: ClipChoices,
): Promise<Record<string, Uint8Array>> {
  const { seed, controls } = common;
  const { onProgress, signal } = controls;
  const training = CLIP_TRAINING, { side } = training;
  const prepare = async (
    name: string,
    counts: typeof CLIP_PAIRS,
  ) =>
    await prepareClips(
      await openClips(name, { onProgress, signal }),
      { ...counts, side, seed },
      { onProgress, signal },
    );
  const own = data === undefined ? undefined : await prepare(data, CLIP_PAIRS);
  const made = await prepare("made", MADE_PAIRS);
  const sets = own === undefined ? [made] : [own, made];
  const { weights, frames } = await trainClips({
    ...{ ...common, training, steps, start },
    train: sets.map(({ train }) => train),
    valid: sets[0]!.valid,
    dataset: sets.map(({ fingerprint }) => fingerprint).join(""),
  });
  try {
    const photo = await readModel();
    const source = { photo, weights, frames, side };
    return { clip_weights: await makeClipModel(source, controls) };
  } finally {
    tf.dispose([...weights.values()]);
  }
}

async function trainAndMake(
  task: CodecTask,
): Promise<{ weights: Uint8Array; start: Uint8Array }> {
  const { training, pairs, controls = {} } = task;
  const { weights } = await trainCodec(task);
  try {
    const { network } = training;
    const codec = await makeCodec(network, weights, pairs.train, controls);
    return { weights: codec, start: writeCodecStart(weights) };
  } finally {
    tf.dispose([...weights.values()]);
  }
}

function drawPhotos({ names, high, medium }: CodecImages): Promise<Uint8Array> {
  return photoGrid({
    columns: names,
    rows: [
      { label: "High", photos: high },
      { label: "Medium", photos: medium },
    ],
    format: "jpeg",
  });
}

async function readStart(path?: string): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  try {
    return await Deno.readFile(path);
  } catch {
    throw new UserError(`There is no file "${path}" to start from.`);
  }
}

function chooseWhat(words: readonly string[]): "codec" | "clips" {
  const all = ["codec", "clips"] as const;
  const chosen = chooseWords(words, all, "There is nothing to train called");
  if (words.length === 1) return chosen[0]!;
  throw new UserError(`Name what to train, once: ${usage}`);
}

if (import.meta.main) await runTask(main);

/**
 * `deno task train codec`: trains the codec's networks and writes its weights,
 * `results/codec/weights.safetensors`, which `encode` and `decode` use, and
 * `start.safetensors`, from which training can start again.
 *
 * @module
 */
import { join } from "node:path";
import { photoGrid } from "@/charts/mod.ts";
import { SafetensorsError } from "@/models/safetensors.ts";
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
import type { CodecImages } from "@/codec/training/validate_codec.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { tf } from "@/tensorflow/mod.ts";
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

const usage = "deno task train codec [--steps 20000]";

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
    description: "Trains the codec and writes its weights. The same command " +
      "resumes a stopped run, and more steps continue a finished one.",
    words: "WHAT",
    options: {
      data: {
        type: "string",
        default: "starter",
        value: "SET",
        help: "photos: starter, div2k or a folder",
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
        default: 20000,
        help: "steps at the full learning rate",
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
        help:
          "file of trained weights to start from, such as start.safetensors",
      },
      seed: SEED_OPTION,
      tensorboard: TENSORBOARD_OPTION,
      out: OUT_OPTION,
    },
  }, args);
  checkWords(words);
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
  const training = {
    ...CODEC_TRAINING,
    trainPairs: options.pairs,
    rate: options.rate,
    coolSteps: options["cool-steps"],
  };
  try {
    const { data, seed, steps } = options;
    const start = await readStart(options.start);
    const { pairs, summary } = await prepareData(
      { profile: "full", seed, data, folder, controls },
      { trainPairs: training.trainPairs, highSize: training.pairSize },
    );
    const files = await trainAndMake({
      ...{ training, steps, pairs, dataset: summary, seed, start, controls },
      runs: join(out, "runs"),
      drawPhotos,
    });
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
      throw new UserError(`"${options.start}": ${error.message}`);
    }
    if (error instanceof TrainingStopped) throw new Interrupted(error.message);
    throw error;
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

function checkWords(words: readonly string[]): void {
  chooseWords(words, ["codec"], "There is nothing to train called");
  if (words.length === 1) return;
  throw new UserError(`Name what to train, once: ${usage}`);
}

if (import.meta.main) await runTask(main);

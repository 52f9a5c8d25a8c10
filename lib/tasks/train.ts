/**
 * `deno task train codec`: trains the codec's networks and writes its weights,
 * `results/codec/weights.safetensors`, which `encode` and `decode` use, and
 * `start.safetensors`, from which training can go on.
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
import {
  CODEC_VARIANTS,
  type CodecVariant,
} from "@/codec/training/codec_variant.ts";
import { makeCodec } from "@/codec/training/make_codec.ts";
import {
  CODEC_TRAINING,
  type CodecTask,
  trainCodec,
} from "@/codec/training/train_codec.ts";
import type { CodecImages } from "@/codec/training/validate_codec.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type RunControls, TrainingStopped } from "@/training/mod.ts";
import {
  Interrupted,
  interruptSignal,
  nearestWord,
  parseOptions,
  progressReporter,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import {
  TENSORBOARD_HELP,
  tensorBoardLine,
} from "@/tasks/cli/tensorboard_line.ts";
import { atomicWrite } from "@/files/atomic_write.ts";

const usage = "deno task train codec [--steps 20000]";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status.
 * @throws {UserError} If it makes no sense.
 */
export async function main(args: string[]): Promise<number> {
  const whole = { type: "number", integer: true } as const;
  const { options, words } = parseOptions({
    usage,
    description: "Trains the codec and writes its weights. Stopped, it goes " +
      "on where it was; with more steps it goes on from those that there are.",
    words: "WHAT",
    options: {
      data: {
        type: "string",
        default: "starter",
        help: "photos: starter, div2k or a folder",
      },
      pairs: {
        ...whole,
        min: 1,
        default: CODEC_TRAINING.trainPairs,
        help: "squares that are cut out of the photos",
      },
      steps: {
        ...whole,
        min: 1,
        default: 20000,
        help: "steps at the full learning rate",
      },
      rate: {
        type: "number",
        min: 1e-9,
        default: CODEC_TRAINING.rate,
        help: "the full learning rate; less for weights that are trained",
      },
      "cool-steps": {
        ...whole,
        min: 0,
        default: CODEC_TRAINING.coolSteps,
        help: "steps after them, in which the rate falls",
      },
      variant: {
        type: "string",
        choices: CODEC_VARIANTS,
        default: "layered",
        help: "the codec, or one that it is compared with",
      },
      start: {
        type: "string",
        help: "file of trained weights to start from: start.safetensors",
      },
      seed: {
        ...whole,
        min: 0,
        default: 1,
        help: "decides first weights, squares and orders",
      },
      tensorboard: { type: "boolean", help: TENSORBOARD_HELP },
      out: {
        type: "string",
        help: "folder for the results instead of results",
      },
    },
  }, args);
  checkWords(words);
  const out = options.out ?? join(workspaceAt().root, "results");
  const folder = join(out, "codec");
  if (options.tensorboard) console.log(tensorBoardLine(out));
  const progress = progressReporter();
  const signal = interruptSignal();
  const controls: RunControls = {
    signal,
    tensorBoard: options.tensorboard,
    onProgress: progress,
    onWarning: (message) => {
      progress.end();
      console.error(message);
    },
  };
  const variant = options.variant as CodecVariant;
  const training = {
    ...CODEC_TRAINING,
    trainPairs: options.pairs,
    rate: options.rate,
    coolSteps: options["cool-steps"],
    variant,
  };
  const isLayered = variant === "layered";
  // What is only compared with is not published.
  const results = isLayered ? folder : join(out, "runs");
  const name = isLayered ? "" : `codec_${variant.replace("-", "_")}_`;
  try {
    const { data, seed, steps } = options;
    const start = await readStart(options.start);
    const { pairs, summary } = await prepareData(
      { profile: "full", seed, data, folder, controls },
      training.trainPairs,
      training.pairSize,
    );
    const files = await trainAndMake({
      ...{ training, steps, pairs, dataset: summary, seed, start, controls },
      runs: join(out, "runs"),
      drawPhotos,
    });
    progress.end();
    for (const [file, bytes] of Object.entries(files)) {
      const path = join(results, `${name}${file}.safetensors`);
      await atomicWrite(path, bytes);
      console.log(`Wrote ${path}, ${(bytes.length / 1e6).toFixed(1)} MB.`);
    }
    return 0;
  } catch (error) {
    progress.end();
    if (error instanceof CodecStartError || error instanceof SafetensorsError) {
      throw new UserError(`"${options.start}": ${error.message}`);
    }
    if (!(error instanceof TrainingStopped)) throw error;
    console.error(error.message);
    return signal.reason instanceof Interrupted ? signal.reason.status : 130;
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
  if (words.length === 1 && words[0] === "codec") return;
  const other = words.find((word) => word !== "codec");
  if (other === undefined) {
    throw new UserError(`Say what to train, once: ${usage}`);
  }
  throw new UserError(
    nearestWord(other, ["codec"]) === undefined
      ? `There is nothing called "${other}" to train; there is codec.`
      : `There is nothing called "${other}" to train; did you mean "codec"?`,
  );
}

if (import.meta.main) await runTask(main);

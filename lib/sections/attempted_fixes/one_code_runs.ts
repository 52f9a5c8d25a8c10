/**
 * The fix that works, over its settings: the adapter, a larger one, and joint
 * training with several weights of the medium image, beside both networks
 * alone.
 *
 * @module
 */

import type { Pixels } from "@/images/mod.ts";
import { type Autoencoder, imageDecoder } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { fitImageMap } from "@/experiment/linear_maps.ts";
import {
  type CodeScores,
  meanPsnr,
  measureCodes,
} from "@/experiment/measure.ts";
import { originals, reconstruct } from "@/training/mod.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { samplePhotos } from "@/experiment/samples.ts";
import { PHOTOS_FILE } from "./fix_runs.ts";
import { trainOneCode } from "./one_code.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import {
  trainedNetwork,
  untrainedNetwork,
} from "@/sections/autoencoders/networks.ts";
import type {
  AutoencoderSettings,
  NetworkKind,
} from "@/sections/autoencoders/types.ts";

const OURS: NetworkKind = "residual from PCA";

/** What decides the runs. */
export interface OneCodeSettings {
  /** The medium network alone; a decoder is as large as its own. */
  readonly medium: AutoencoderSettings;
  /** The high network; joint training takes as many steps as its own. */
  readonly high: AutoencoderSettings;
  /** The weights w of joint training. */
  readonly mediumWeights: readonly number[];
  /** An adapter that is larger than any other decoder, and trained longer. */
  readonly largeAdapter: {
    /** Channels inside of the decoder. */
    readonly width: number;
    /** Residual blocks. */
    readonly blocks: number;
    /** Times that all pairs are seen. */
    readonly epochs: number;
  };
}

/** What decides one run, beside the networks. */
interface Way {
  readonly name: string;
  readonly mediumWeight: number | null;
  readonly width: number;
  readonly blocks: number;
  readonly epochs: number;
}

/** A way to have one code for both images. */
export interface OneCodeFound {
  /** In words. */
  readonly way: string;
  /** w, or null for an adapter. */
  readonly mediumWeight: number | null;
  /** On the validation photos, by which a weight is chosen. */
  readonly valid: CodeScores;
  /** On the test photos. */
  readonly test: CodeScores;
  /** Weights of the medium decoder. */
  readonly parameters: number;
}

/** Both networks alone, each on its own code; PSNR in dB. */
export interface AloneScores {
  /** The medium network. */
  readonly mediumOwnDb: number;
  /** The high network. */
  readonly highDb: number;
  /** The high network's image, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
}

/** Both networks alone, on both splits. */
export interface AloneFound {
  /** On the validation photos. */
  readonly valid: AloneScores;
  /** On the test photos. */
  readonly test: AloneScores;
}

/** File in the folder of the networks alone: high images scaled down. */
export const SCALED_DOWN_FILE = "scaled_down.webp";

/** Does what is not finished yet of all that this file is about. */
export async function runOneCode(
  settings: OneCodeSettings,
  data: SectionData,
  context: SectionContext,
): Promise<{
  readonly alone: FinishedRun<AloneFound>;
  readonly ways: readonly FinishedRun<OneCodeFound>[];
}> {
  const [alone] = await runGrid([aloneRun(settings, data, context)], context);
  const ways = await runGrid(
    waysOf(settings).map((way) => wayRun(way, settings, data, context)),
    context,
  );
  return { alone: alone!, ways };
}

function waysOf(
  { medium, high, mediumWeights, largeAdapter }: OneCodeSettings,
): Way[] {
  const { width, blocks } = medium.residual;
  const small = { width, blocks, epochs: high.epochs };
  return [
    { name: "adapter", mediumWeight: null, ...small },
    { name: "large adapter", mediumWeight: null, ...largeAdapter },
    ...mediumWeights.map((mediumWeight) => ({
      name: `joint, w = ${mediumWeight}`,
      mediumWeight,
      ...small,
    })),
  ];
}

function identity(
  settings: OneCodeSettings,
  data: SectionData,
  { seed, steps }: SectionContext,
): unknown[] {
  const own = ({ convolutional: _, ...rest }: AutoencoderSettings) => rest;
  return [own(settings.medium), own(settings.high), data.summary, seed, steps];
}

function aloneRun(
  settings: OneCodeSettings,
  data: SectionData,
  context: SectionContext,
): GridRun<AloneFound> {
  return {
    name: "residual networks alone",
    identity: identity(settings, data, context),
    work: async ({ folder }) => {
      const { valid, test } = data.pairs;
      const { model: medium } = await trainedNetwork(
        OURS,
        settings.medium,
        data,
      );
      const { model: high } = await trainedNetwork(OURS, settings.high, data)
        .catch((error) => {
          medium.dispose();
          throw error;
        });
      try {
        const measure = async (pairs: typeof test) => {
          const images = originals(pairs, "medium");
          const own = reconstruct(
            pairs,
            "medium",
            (x) => medium.decode(medium.encode(x)),
          );
          const { highDb, highScaledDownDb, scaledDown } = await measureCodes(
            pairs,
            {
              encode: high.encode,
              decodeHigh: high.decode,
              decodeMedium: medium.decode,
            },
          );
          const mediumOwnDb = meanPsnr(own, images);
          return {
            own,
            scaledDown,
            scores: { mediumOwnDb, highDb, highScaledDownDb },
          };
        };
        const { own, scaledDown, scores } = await measure(test);
        const shown = (photos: readonly Pixels[]) =>
          samplePhotos(data.pairs, photos);
        await writeStrip(`${folder}/${PHOTOS_FILE}`, shown(own));
        await writeStrip(`${folder}/${SCALED_DOWN_FILE}`, shown(scaledDown));
        return { valid: (await measure(valid)).scores, test: scores };
      } finally {
        medium.dispose();
        high.dispose();
      }
    },
  };
}

function wayRun(
  way: Way,
  settings: OneCodeSettings,
  data: SectionData,
  context: SectionContext,
): GridRun<OneCodeFound> {
  const { name, mediumWeight, epochs } = way;
  return {
    name,
    identity: [way, ...identity(settings, data, context)],
    work: async (run) => {
      const { valid, test } = data.pairs;
      const high = mediumWeight === null
        ? (await trainedNetwork(OURS, settings.high, data)).model
        : untrainedNetwork(OURS, settings.high, data);
      const medium = decoderOf(way, high, settings, data, context.seed);
      try {
        await trainOneCode(
          run,
          { high, medium },
          {
            ...mediumWeight === null ? {} : { mediumWeight },
            length: { epochs },
            batchSize: settings.high.batchSize,
            schedule: settings.high.residual.schedule,
          },
          data,
          context,
        );
        const networks = {
          encode: high.encode,
          decodeHigh: high.decode,
          decodeMedium: medium.decode,
        };
        const measured = await measureCodes(test, networks);
        await writeStrip(
          `${run.folder}/${PHOTOS_FILE}`,
          samplePhotos(data.pairs, measured.fromHigh),
        );
        return {
          way: name,
          mediumWeight,
          valid: scoresOf(await measureCodes(valid, networks)),
          test: scoresOf(measured),
          parameters: medium.parameters,
        };
      } finally {
        medium.dispose();
        high.dispose();
      }
    },
  };
}

function scoresOf(
  { mediumFromHighDb, highScaledDownDb, highDb }: CodeScores,
): CodeScores {
  return { mediumFromHighDb, highScaledDownDb, highDb };
}

function decoderOf(
  { width, blocks }: Way,
  high: Autoencoder,
  { medium }: OneCodeSettings,
  data: SectionData,
  seed: number,
): ReturnType<typeof imageDecoder> {
  const [side, , latentChannels] = high.latentShape;
  const { patch } = medium.residual;
  const map = fitImageMap(data, high.encode, latentChannels, patch);
  try {
    return imageDecoder(
      { side, patch, width, blocks, latentChannels, seed },
      map,
    );
  } finally {
    tf.dispose([map.weights, map.bias]);
  }
}

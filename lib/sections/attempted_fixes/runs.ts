/**
 * The runs of *attempted fixes*: no fix and the write-up's five, each with
 * several seeds; then both of our networks alone, and the ways to have one
 * code for both images.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import { fitImageMap } from "@/experiment/linear_maps.ts";
import { meanPsnr, measureCodes, ownImages } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
  runSeeds,
  type SeededRuns,
} from "@/experiment/run_grid.ts";
import { writeSamples } from "@/experiment/samples.ts";
import {
  type Autoencoder,
  type ImageDecoder,
  imageDecoder,
} from "@/models/mod.ts";
import {
  trainedNetwork,
  untrainedNetwork,
} from "@/sections/autoencoders/networks.ts";
import type {
  AutoencoderSettings,
  NetworkKind,
} from "@/sections/autoencoders/types.ts";
import { originals } from "@/training/mod.ts";
import { makeConvPair, measurePair, trainPair } from "./networks.ts";
import { trainOneCode } from "./one_code.ts";
import {
  type AloneScores,
  type AttemptedFixesSettings,
  type FixFound,
  type FixName,
  fixTitle,
  type OneCodeFound,
} from "./types.ts";

/** The strip of medium images in a run's folder. */
export const PHOTOS_FILE = "photos.webp";

/** The strip of high images scaled down, of the networks alone. */
export const SCALED_DOWN_FILE = "scaled_down.webp";

/** The runs of a fix, finished. */
export interface FinishedFix extends SeededRuns<FixFound> {
  /** Which fix. */
  readonly fix: FixName;
}

/**
 * Trains and measures all fixes that are not finished.
 *
 * @param settings Which, and how.
 * @param data What they are trained on; the same for all seeds.
 * @returns A row for each fix, in the order of the settings.
 */
export async function runFixes(
  settings: AttemptedFixesSettings,
  data: SectionData,
): Promise<FinishedFix[]> {
  const rows: FinishedFix[] = [];
  for (const fix of settings.fixes) {
    const run = (seed: number) => fixRun(fix, settings, { ...data, seed });
    rows.push({ fix, ...await runSeeds(settings.seeds, run, data) });
  }
  return rows;
}

function fixRun(
  fix: FixName,
  settings: AttemptedFixesSettings,
  data: SectionData,
): GridRun<FixFound> {
  const { seed, steps = Infinity } = data;
  const training = {
    ...settings.pairTraining,
    steps: Math.min(steps, settings.pairTraining.steps),
  };
  const shapes = [settings.medium, settings.high].map(
    ({ side, convolutional, latentChannels }) => [
      side,
      convolutional.widths,
      latentChannels,
    ],
  );
  return {
    name: `${fixTitle(fix)}, seed ${seed}`,
    identity: [
      fix,
      seed,
      shapes,
      training,
      data.summary,
      ...fix === "dense" ? [settings.denseUnits] : [],
    ],
    forgetsWeights: true,
    work: async (run) => {
      using pair = makeConvPair(fix, settings, data);
      await trainPair(run, pair, training, data);
      return await measurePair(run, pair, data, PHOTOS_FILE);
    },
  };
}

/** Our networks, which all ways to have one code build on. */
const OURS: NetworkKind = "residual from PCA";

/** Both networks alone, on both splits. */
export interface AloneFound {
  /** On the validation photos. */
  readonly valid: AloneScores;
  /** On the test photos. */
  readonly test: AloneScores;
}

/**
 * Trains and measures both of our networks alone, unless that is finished.
 *
 * @param settings The networks.
 * @param data What they are trained on.
 */
export async function runAlone(
  settings: AttemptedFixesSettings,
  data: SectionData,
): Promise<FinishedRun<AloneFound>> {
  const [alone] = await runGrid([{
    name: "residual networks alone",
    identity: oneCodeIdentity(settings, data),
    work: async ({ folder }) => {
      using medium = await trained(settings.medium, data);
      using high = await trained(settings.high, data);
      const measure = async (pairs: Pairs) => {
        const own = ownImages(pairs, "medium", medium);
        const mediumOwnDb = meanPsnr(own, originals(pairs, "medium"));
        const measured = await measureCodes(pairs, { high, medium });
        const { highDb, highScaledDownDb } = measured.scores;
        const scores = { mediumOwnDb, highDb, highScaledDownDb };
        return { own, scaledDown: measured.scaledDown, scores };
      };
      const test = await measure(data.pairs.test);
      const valid = await measure(data.pairs.valid);
      await writeSamples(`${folder}/${PHOTOS_FILE}`, test.own, data.pairs);
      await writeSamples(
        `${folder}/${SCALED_DOWN_FILE}`,
        test.scaledDown,
        data.pairs,
      );
      return { valid: valid.scores, test: test.scores };
    },
  }], data);
  return alone!;
}

async function trained(
  settings: AutoencoderSettings,
  data: SectionData,
): Promise<Autoencoder> {
  return (await trainedNetwork(OURS, settings, data)).model;
}

/** What decides a way to have one code, beside the networks. */
interface Way {
  readonly name: string;
  readonly mediumWeight: number | null;
  readonly width: number;
  readonly blocks: number;
  readonly epochs: number;
}

/**
 * Trains and measures the ways to have one code that are not finished: an
 * adapter, a larger one, and joint training with each weight.
 *
 * @param settings The networks and the weights.
 * @param data What they are trained on.
 * @returns The ways in this order.
 */
export function runWays(
  settings: AttemptedFixesSettings,
  data: SectionData,
): Promise<FinishedRun<OneCodeFound>[]> {
  const { medium, high, mediumWeights, largeAdapter } = settings;
  const { width, blocks } = medium.residual;
  const small = { width, blocks, epochs: high.epochs };
  const ways: Way[] = [
    { name: "adapter", mediumWeight: null, ...small },
    { name: "large adapter", mediumWeight: null, ...largeAdapter },
    ...mediumWeights.map((mediumWeight) => ({
      name: `joint, w = ${mediumWeight}`,
      mediumWeight,
      ...small,
    })),
  ];
  return runGrid(ways.map((way) => wayRun(way, settings, data)), data);
}

function wayRun(
  way: Way,
  settings: AttemptedFixesSettings,
  data: SectionData,
): GridRun<OneCodeFound> {
  const { name, mediumWeight, epochs } = way;
  return {
    name,
    identity: [way, ...oneCodeIdentity(settings, data)],
    work: async (run) => {
      using high = mediumWeight === null
        ? await trained(settings.high, data)
        : untrainedNetwork(OURS, settings.high, data);
      using medium = makeDecoder(way, high, settings, data);
      await trainOneCode(
        run,
        { high, medium },
        {
          mediumWeight: mediumWeight ?? undefined,
          length: { epochs },
          batchSize: settings.high.batchSize,
          schedule: settings.high.residual.schedule,
        },
        data,
      );
      const { valid, test } = data.pairs;
      const measured = await measureCodes(test, { high, medium });
      await writeSamples(
        `${run.folder}/${PHOTOS_FILE}`,
        measured.fromHigh,
        data.pairs,
      );
      return {
        way: name,
        mediumWeight,
        valid: (await measureCodes(valid, { high, medium })).scores,
        test: measured.scores,
        parameters: medium.parameters,
      };
    },
  };
}

/** A decoder of the medium image that starts at the best linear map. */
function makeDecoder(
  { width, blocks }: Way,
  high: Autoencoder,
  settings: AttemptedFixesSettings,
  data: SectionData,
): ImageDecoder {
  const [side, , latentChannels] = high.latentShape;
  const { patch } = settings.medium.residual;
  const { seed } = data;
  using map = fitImageMap(data, {
    encode: high.encode,
    channels: latentChannels,
    patch,
  });
  return imageDecoder(
    { side, patch, width, blocks, latentChannels, seed },
    map,
  );
}

/** What all runs of our networks depend on. */
function oneCodeIdentity(
  { medium, high }: AttemptedFixesSettings,
  { summary, seed, steps }: SectionData,
): unknown[] {
  const own = ({ convolutional: _, ...rest }: AutoencoderSettings) => rest;
  return [own(medium), own(high), summary, seed, steps];
}

/**
 * The write-up's five fixes and no fix at all, each with several seeds and
 * the same number of steps.
 *
 * @module
 */

import { type ConvPairSettings, makeConvPair } from "./conv_pair.ts";
import { type FixName, fixTitle } from "./names.ts";
import type { NetworkPair } from "./fix_pair.ts";
import {
  type CodeScores,
  meanPsnr,
  measureCodes,
} from "@/experiment/measure.ts";
import { originals, reconstruct, type Run } from "@/training/mod.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { samplePhotos } from "@/experiment/samples.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import { type PairTraining, trainPair } from "./train_pair.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";

/** What decides the runs. */
export interface FixSettings extends ConvPairSettings {
  /** In this order. */
  readonly fixes: readonly FixName[];
  /** Seeds a fix, from the section's own on. */
  readonly seeds: number;
  /** The same for all. */
  readonly pairTraining: PairTraining;
}

/** What one run of a fix has found, on the test photos. */
export interface FixFound extends CodeScores {
  /** The medium network on its own code; null where it has learned none. */
  readonly mediumOwnDb: number | null;
  /** Weights of the medium network. */
  readonly mediumParameters: number;
  /** Weights of the high network. */
  readonly highParameters: number;
}

/** A fix with all its seeds. */
export interface FixRow {
  /** Which one. */
  readonly fix: FixName;
  /** One a seed. */
  readonly runs: readonly (FixFound & { readonly seed: number })[];
}

/** The runs of a fix, finished. */
export interface FinishedFix extends FixRow {
  /** The run of the first seed. */
  readonly first: FinishedRun<FixFound>;
}

/** File in a run's folder with medium images from the high code. */
export const PHOTOS_FILE = "photos.webp";

/**
 * Trains and measures all fixes that are not finished.
 *
 * @param settings Which, and how.
 * @param data What they are trained on; the same for all seeds.
 * @param context What the section was given.
 */
export async function runFixes(
  settings: FixSettings,
  data: SectionData,
  context: SectionContext,
): Promise<FinishedFix[]> {
  const rows: FinishedFix[] = [];
  for (const fix of settings.fixes) {
    const seeds = Array.from(
      { length: settings.seeds },
      (_, i) => context.seed + i,
    );
    const runs = seeds.map((seed) =>
      fixRun(fix, seed, settings, data, context)
    );
    const finished = await runGrid(runs, context);
    rows.push({
      fix,
      runs: finished.map(({ found }, i) => ({ seed: seeds[i]!, ...found })),
      first: finished[0]!,
    });
  }
  return rows;
}

function fixRun(
  fix: FixName,
  seed: number,
  settings: FixSettings,
  data: SectionData,
  { steps = Infinity, controls }: SectionContext,
): GridRun<FixFound> {
  const training = {
    ...settings.pairTraining,
    steps: Math.min(steps, settings.pairTraining.steps),
  };
  const shapes = [settings.medium, settings.high].map(
    ({ side, convolutional, latentChannels }: AutoencoderSettings) => [
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
      const pair = makeConvPair(fix, settings, data, seed);
      try {
        await trainPair(run, fix, pair, training, data, seed, controls);
        return await measurePair(run, fix, pair, data);
      } finally {
        pair.medium.dispose();
        pair.high.dispose();
      }
    },
  };
}

/**
 * Measures a pair on the test photos, and keeps a few medium images out of
 * high codes in the run's folder.
 *
 * @param run Where it is.
 * @param fix Which fix it was trained with.
 * @param pair Its networks.
 * @param data The photos.
 * @param file Name of the file of images.
 */
export async function measurePair(
  { folder }: Run,
  fix: FixName,
  { medium, high }: NetworkPair,
  { pairs }: SectionData,
  file: string = PHOTOS_FILE,
): Promise<FixFound> {
  const { test } = pairs;
  const { fromHigh, scaledDown: _, ...scores } = await measureCodes(test, {
    encode: high.encode,
    decodeHigh: high.decode,
    decodeMedium: medium.decode,
  });
  await writeStrip(
    `${folder}/${file}`,
    samplePhotos(pairs, fromHigh),
  );
  const own = fix === "from start" ? null : meanPsnr(
    reconstruct(test, "medium", (x) => medium.decode(medium.encode(x))),
    originals(test, "medium"),
  );
  return {
    ...scores,
    mediumOwnDb: own,
    mediumParameters: medium.parameters,
    highParameters: high.parameters,
  };
}

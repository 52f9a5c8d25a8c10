/**
 * Section *attempted fixes*: the write-up's five fixes for the medium decoder
 * on the high code, each against no fix with the same budget, and the fix that
 * works, which is ours: a medium decoder made for the high code.
 *
 * How far can any decoder of the medium image get? The medium image is the
 * high one scaled down, which is linear. So of all medium images from a code
 * z, the one with the least squared error is the best high image from z scaled
 * down: E[D x | z] = D E[x | z]. A medium decoder beats *decode high, scale
 * down* only by as much as the high decoder falls short of its best, or by a
 * code that leaves out some of the high image for more of the medium one. Our
 * high decoder does fall short: a larger medium decoder finds more in the very
 * same code than a medium decoder of the high one's size.
 *
 * @module
 */

import { isWriter, originals } from "@/training/mod.ts";
import { attemptedFixesFigures } from "./figures.ts";
import { fixStrip } from "./names.ts";
import {
  type FixRow,
  type FixSettings,
  PHOTOS_FILE,
  runFixes,
} from "./fix_runs.ts";
import { highTraining } from "@/sections/autoencoders/mod.ts";
import { mediumTraining } from "@/sections/autoencoders/mod.ts";
import {
  type AloneScores,
  type OneCodeFound,
  type OneCodeSettings,
  runOneCode,
  SCALED_DOWN_FILE,
} from "./one_code_runs.ts";
import { type FixFloorRow, neighbourhoodFloor } from "./neighbourhood_floor.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { resultHead } from "@/experiment/environment.ts";
import type {
  Profile,
  Section,
  SectionContext,
  SectionResult,
} from "@/experiment/types.ts";
import { samplePairs } from "@/experiment/samples.ts";

/** What decides the section. */
export interface AttemptedFixesSettings extends FixSettings, OneCodeSettings {
  /** Channels that the floor is measured for. */
  readonly floorChannels: readonly number[];
  /** What the high image may lose for the medium one, in dB. */
  readonly highMayLoseDb: number;
}

/** What the section finds; PSNR in dB, means over the test photos. */
export interface AttemptedFixesMetrics {
  /** No fix and the write-up's fixes. */
  readonly fixes: readonly FixRow[];
  /** Our networks alone, each on its own code. */
  readonly alone: AloneScores;
  /** Adapters and joint training: the frontier of both images. */
  readonly frontier: readonly OneCodeFound[];
  /**
   * The way of the frontier that has the best medium image of the validation
   * photos, among those whose high image loses no more there than it may.
   */
  readonly fix: {
    /** In words. */
    readonly way: string;
    /** The medium image from the high code. */
    readonly mediumFromHighDb: number;
    /** The medium network alone on its own code. */
    readonly mediumOwnDb: number;
    /** The high image of the same code, scaled down by Lanczos. */
    readonly highScaledDownDb: number;
    /** The high image. */
    readonly highDb: number;
    /** The high image of the high network alone. */
    readonly highAloneDb: number;
    /** The high network alone's image, scaled down by Lanczos. */
    readonly highAloneScaledDownDb: number;
  };
  /** Principal components in place of the networks. */
  readonly floors: readonly FixFloorRow[];
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section. */
export const attemptedFixes: Section<
  AttemptedFixesSettings,
  AttemptedFixesMetrics
> = {
  name: "attempted_fixes",
  title: "Five fixes for the medium decoder, and one that works",
  settings,
  run: (context) => runAttemptedFixes(settings(context.profile), context),
  figures: attemptedFixesFigures,
};

function settings(profile: Profile): AttemptedFixesSettings {
  const quick = profile === "quick";
  return {
    medium: mediumTraining.settings(profile),
    high: highTraining.settings(profile),
    fixes: [
      "none",
      "standardised",
      "normalised",
      "capacity",
      "dense",
      "alternate",
      "from start",
    ],
    seeds: quick ? 2 : 3,
    denseUnits: 64,
    pairTraining: {
      steps: quick ? 16 : 400,
      batchSize: 2,
      schedule: { peak: 2e-3, warmUpSteps: 5 },
    },
    mediumWeights: quick ? [1] : [0.3, 1, 3],
    largeAdapter: { width: 96, blocks: 4, epochs: quick ? 3 : 16 },
    floorChannels: [4, 8, 16],
    highMayLoseDb: 0.1,
  };
}

/**
 * Does the section's work with other settings than a profile's.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runAttemptedFixes(
  chosen: AttemptedFixesSettings,
  context: SectionContext,
): Promise<SectionResult<AttemptedFixesSettings, AttemptedFixesMetrics>> {
  const data = await prepareData(context, chosen.medium.trainPairs);
  const fixes = await runFixes(chosen, data, context);
  const { alone, ways } = await runOneCode(chosen, data, context);
  const floors: FixFloorRow[] = [];
  for (const channels of chosen.floorChannels) {
    context.controls.signal?.throwIfAborted();
    floors.push(
      await neighbourhoodFloor(data, chosen.medium, chosen.high, channels),
    );
  }
  const best = chooseWay(
    ways.map(({ found }) => found),
    alone.found.valid.highDb - chosen.highMayLoseDb,
  );
  const chosenRun = ways.find(({ found }) => found === best)!;
  const examples = samplePairs(data.pairs);
  const { folder } = context;
  await writeStrip(`${folder}/original.webp`, originals(examples, "medium"));
  const copies: [string, string][] = [
    ...fixes.map(({ fix, first }): [string, string] => [
      `${first.folder}/${PHOTOS_FILE}`,
      fixStrip(fix),
    ]),
    [`${alone.folder}/${PHOTOS_FILE}`, "alone_own.webp"],
    [`${alone.folder}/${SCALED_DOWN_FILE}`, "alone_scaled_down.webp"],
    [`${ways[0]!.folder}/${PHOTOS_FILE}`, "adapter.webp"],
    [`${chosenRun.folder}/${PHOTOS_FILE}`, "fix.webp"],
  ];
  // Only worker 0 has the photos of runs that were finished before.
  for (const [from, name] of isWriter() ? copies : []) {
    await Deno.copyFile(from, `${folder}/${name}`);
  }
  return {
    ...resultHead("attempted_fixes", chosen, data),
    // Of each fix the first seed's losses: the others look the same.
    history: [
      ...fixes.flatMap(({ first }) => first.history),
      ...ways.flatMap(({ history }) => history),
    ],
    metrics: {
      fixes: fixes.map(({ fix, runs }) => ({ fix, runs })),
      alone: alone.found.test,
      frontier: ways.map(({ found }) => found),
      fix: {
        way: best.way,
        ...best.test,
        mediumOwnDb: alone.found.test.mediumOwnDb,
        highAloneDb: alone.found.test.highDb,
        highAloneScaledDownDb: alone.found.test.highScaledDownDb,
      },
      floors,
      examples: examples.names,
    },
  };
}

/**
 * The best medium image among ways whose high image is good enough, on the
 * validation photos; where none is, the best high image.
 *
 * @param ways At least one.
 * @param highDb What the high image must have.
 */
export function chooseWay(
  ways: readonly OneCodeFound[],
  highDb: number,
): OneCodeFound {
  const usable = ways.filter(({ valid }) => valid.highDb >= highDb);
  const rank = usable.length > 0 ? "mediumFromHighDb" : "highDb";
  const candidates = usable.length > 0 ? usable : ways;
  return candidates.reduce((best, way) =>
    way.valid[rank] > best.valid[rank] ? way : best
  );
}

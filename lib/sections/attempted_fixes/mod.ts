/**
 * Section *attempted fixes*: the write-up's five fixes for the medium decoder
 * on the high code, each against no fix with the same budget, and a fix that
 * works, which is ours: a medium decoder made for the high code.
 *
 * How good can any decoder of the medium image get? The medium image is the
 * high one scaled down, which is linear. So of all medium images from a code
 * z, the one with the smallest squared error is the best high image from z
 * scaled down: E[D x | z] = D E[x | z]. A medium decoder beats *decode high,
 * scale down* only by as much as the high decoder falls short of its best, or
 * by a code that gives up some of the high image for more of the medium one.
 * Our high decoder does fall short: a medium decoder larger than it finds more
 * in the very same code than one of its size.
 *
 * @module
 */

import { resultHead } from "@/experiment/environment.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import { samplePairs } from "@/experiment/samples.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { autoencoderSettings } from "@/sections/autoencoders/mod.ts";
import { originals } from "@/training/mod.ts";
import { attemptedFixesFigures } from "./figures.ts";
import { neighbourhoodFloor } from "./one_code.ts";
import {
  PHOTOS_FILE,
  runAlone,
  runFixes,
  runWays,
  SCALED_DOWN_FILE,
} from "./runs.ts";
import {
  type AttemptedFixesMetrics,
  type AttemptedFixesResult,
  type AttemptedFixesSettings,
  FIXES,
  type FixFloorRow,
  fixStrip,
  type OneCodeFound,
} from "./types.ts";

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
    medium: autoencoderSettings("medium", profile),
    high: autoencoderSettings("high", profile),
    fixes: FIXES,
    seeds: quick ? 1 : 3,
    denseUnits: 64,
    pairTraining: {
      steps: quick ? 16 : 400,
      batchSize: 2,
      schedule: { peak: 2e-3, warmUpSteps: 5 },
    },
    mediumWeights: quick ? [1] : [0.3, 1, 3],
    largeAdapter: quick
      ? { width: 48, blocks: 2, epochs: 1 }
      : { width: 96, blocks: 4, epochs: 16 },
    floorChannels: [4, 8, 16],
    highMayLoseDb: 0.1,
  };
}

/**
 * Does the section's work with any settings.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runAttemptedFixes(
  chosen: AttemptedFixesSettings,
  context: SectionContext,
): Promise<AttemptedFixesResult> {
  const data = await prepareData(context, {
    trainPairs: chosen.medium.trainPairs,
    highSize: chosen.high.side,
  });
  const fixes = await runFixes(chosen, data);
  const alone = await runAlone(chosen, data);
  const ways = await runWays(chosen, data);
  const floors: FixFloorRow[] = [];
  for (const channels of chosen.floorChannels) {
    context.controls.signal?.throwIfAborted();
    floors.push(await neighbourhoodFloor(chosen, data, channels));
  }
  const frontier = ways.map(({ found }) => found);
  const { valid, test } = alone.found;
  const best = chooseWay(frontier, valid.highDb - chosen.highMayLoseDb);
  const bestRun = ways[frontier.indexOf(best)]!;

  const { folder } = context;
  const examples = samplePairs(data.pairs);
  await writeStrip(`${folder}/original.webp`, originals(examples, "medium"));
  await publishStrips(folder, [
    ...fixes.map(({ fix, first }) =>
      [`${first.folder}/${PHOTOS_FILE}`, fixStrip(fix)] as const
    ),
    [`${alone.folder}/${PHOTOS_FILE}`, "alone_own.webp"],
    [`${alone.folder}/${SCALED_DOWN_FILE}`, "alone_scaled_down.webp"],
    [`${ways[0]!.folder}/${PHOTOS_FILE}`, "adapter.webp"],
    [`${bestRun.folder}/${PHOTOS_FILE}`, "fix.webp"],
  ]);
  return {
    ...resultHead("attempted_fixes", chosen, data),
    // The losses of each fix's first seed: those of the others look alike.
    history: [
      ...fixes.flatMap(({ first }) => first.history),
      ...ways.flatMap(({ history }) => history),
    ],
    metrics: {
      fixes: fixes.map(({ fix, runs }) => ({ fix, runs })),
      alone: test,
      frontier,
      fix: {
        way: best.way,
        ...best.test,
        mediumOwnDb: test.mediumOwnDb,
        highAloneDb: test.highDb,
        highAloneScaledDownDb: test.highScaledDownDb,
      },
      floors,
      examples: examples.names,
    },
  };
}

/**
 * Chooses the way with the best medium image among those whose high image is
 * good enough, on the validation photos; if none is, the best high image.
 *
 * @param ways At least one.
 * @param highDb The PSNR in dB that the high image must have.
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

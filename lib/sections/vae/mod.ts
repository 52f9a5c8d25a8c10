/**
 * Section *vae*: convolutional variational autoencoders of both sizes, and
 * whether a regularised code is one that both networks agree on.
 *
 *     medium image ▶ medium encoder ▶ N(mean, variance) ▶ medium decoder
 *                                        │ pulled to N(0, 1) with weight beta
 *     high image   ▶ high encoder   ▶ N(mean, variance) ▶ high decoder
 *                                        └─▶ medium decoder: feature capture
 *
 * The prior is the same for both networks and fixes where codes lie and how
 * large they are. It does not say which channel means what: a prior of equal
 * channels stays the same when they change places or signs.
 *
 * @module
 */

import { isWriter, originals } from "@/training/mod.ts";
import { highTraining } from "@/sections/autoencoders/mod.ts";
import { mediumTraining } from "@/sections/autoencoders/mod.ts";
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
import { vaeFigures } from "./figures.ts";
import {
  DRAWN_PHOTOS,
  EXAMPLES,
  ROW_PHOTOS,
  rowStrip,
  type VaeRow,
} from "./rows.ts";
import { runVaes, type VaeRunSettings } from "./runs.ts";

/** What decides the section. */
export type VaeSettings = VaeRunSettings;

/** What the section finds. */
export interface VaeMetrics {
  /** Plain networks, then one row a weight of the prior. */
  readonly rows: readonly VaeRow[];
  /** Photos of the figures; walks lead from the first to the last. */
  readonly examples: readonly string[];
}

/** The section. */
export const vae: Section<VaeSettings, VaeMetrics> = {
  name: "vae",
  title: "Variational autoencoders of both sizes",
  settings,
  run: (context) => runVae(settings(context.profile), context),
  figures: vaeFigures,
};

function settings(profile: Profile): VaeSettings {
  const quick = profile === "quick";
  return {
    medium: {
      ...mediumTraining.settings(profile),
      steps: quick ? 24 : 500,
    },
    high: {
      ...highTraining.settings(profile),
      batchSize: 4,
      steps: quick ? 16 : 400,
    },
    betas: quick ? [0.0001, 0.1] : [0.0001, 0.01, 0.1],
  };
}

/**
 * Does the section's work with other settings than a profile's.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runVae(
  chosen: VaeSettings,
  context: SectionContext,
): Promise<SectionResult<VaeSettings, VaeMetrics>> {
  const data = await prepareData(context, chosen.medium.trainPairs);
  const runs = await runVaes(chosen, data, context);
  const examples = samplePairs(data.pairs, EXAMPLES);
  const { folder } = context;
  await writeStrip(`${folder}/original.webp`, originals(examples, "medium"));
  // Only worker 0 has the photos of runs that were finished before.
  for (const run of isWriter() ? runs : []) {
    const { beta } = run.found.row;
    for (
      const photos of [...ROW_PHOTOS, ...beta === null ? [] : DRAWN_PHOTOS]
    ) {
      const file = rowStrip(beta, photos);
      await Deno.copyFile(`${run.folder}/${file}`, `${folder}/${file}`);
    }
  }
  return {
    ...resultHead("vae", chosen, data),
    history: runs.flatMap(({ found }) => found.history),
    metrics: {
      rows: runs.map(({ found }) => found.row),
      examples: examples.names,
    },
  };
}

/**
 * Section *vae*: convolutional variational autoencoders of both sizes. Do both
 * networks agree on a code that is regularised?
 *
 *     medium image ▶ medium encoder ▶ N(mean, variance) ▶ medium decoder
 *                                        │ pulled to N(0, 1) with weight beta
 *     high image   ▶ high encoder   ▶ N(mean, variance) ▶ high decoder
 *                                        └─▶ medium decoder: feature capture
 *
 * Both networks have the same prior, which fixes where codes are and how large
 * they are. It does not fix what each channel means: the prior stays the same
 * when channels change places or signs.
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
import { vaeFigures } from "./figures.ts";
import { runVaes } from "./runs.ts";
import {
  EXAMPLES,
  rowStrips,
  type VaeMetrics,
  type VaeResult,
  type VaeSettings,
} from "./types.ts";

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
      ...autoencoderSettings("medium", profile),
      steps: quick ? 18 : 500,
    },
    high: {
      ...autoencoderSettings("high", profile),
      batchSize: 4,
      steps: quick ? 12 : 400,
    },
    betas: quick ? [0.0001, 0.1] : [0.0001, 0.01, 0.1],
  };
}

/**
 * Does the section's work with any settings.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runVae(
  chosen: VaeSettings,
  context: SectionContext,
): Promise<VaeResult> {
  const data = await prepareData(context, {
    trainPairs: chosen.medium.trainPairs,
    highSize: chosen.high.side,
  });
  const runs = await runVaes(chosen, data);
  const examples = samplePairs(data.pairs, EXAMPLES);
  const { folder } = context;
  await writeStrip(`${folder}/original.webp`, originals(examples, "medium"));
  await publishStrips(
    folder,
    runs.flatMap((run) =>
      rowStrips(run.found.row.beta)
        .map((name) => [`${run.folder}/${name}`, name] as const)
    ),
  );
  return {
    ...resultHead("vae", chosen, data),
    history: runs.flatMap(({ found }) => found.history),
    metrics: {
      rows: runs.map(({ found }) => found.row),
      examples: examples.names,
    },
  };
}

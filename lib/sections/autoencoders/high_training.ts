/**
 * Section *high training*: the write-up's second step, an autoencoder of high
 * images, 344x344x3 to 43x43xC and back: a code of the medium one's shape.
 *
 * @module
 */

import { autoencoderFigures } from "./figures.ts";
import { type AutoencoderMetrics, runAutoencoderSection } from "./run.ts";
import { TRAIN_PAIRS } from "@/sections/data/mod.ts";
import type { Profile, Section } from "@/experiment/section.ts";
import type { AutoencoderSettings } from "./networks.ts";

/** The section. */
export const highTraining: Section<AutoencoderSettings, AutoencoderMetrics> = {
  name: "high_training",
  title: "An autoencoder of high images, 344 × 344",
  settings: highSettings,
  run: (context) =>
    runAutoencoderSection(
      "high_training",
      highSettings(context.profile),
      context,
    ),
  figures: autoencoderFigures,
};

function highSettings(profile: Profile): AutoencoderSettings {
  return {
    size: "high",
    side: 344,
    trainPairs: TRAIN_PAIRS[profile],
    latentChannels: 8,
    batchSize: 16,
    epochs: profile === "quick" ? 3 : 10,
    convolutional: {
      widths: [32, 64, 64],
      schedule: { peak: 2e-3, warmUpSteps: 10 },
    },
    residual: {
      patch: 8,
      width: 64,
      blocks: 2,
      schedule: { peak: 2e-3, warmUpSteps: 20 },
    },
  };
}

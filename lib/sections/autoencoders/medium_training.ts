/**
 * Section *medium training*: the write-up's first step, an autoencoder of
 * medium images, 172x172x3 to 43x43xC and back.
 *
 * @module
 */

import { autoencoderFigures } from "./figures.ts";
import { type AutoencoderMetrics, runAutoencoderSection } from "./run.ts";
import { TRAIN_PAIRS } from "@/sections/data/mod.ts";
import type { Profile, Section } from "@/experiment/section.ts";
import type { AutoencoderSettings } from "./networks.ts";

/** The section. */
export const mediumTraining: Section<AutoencoderSettings, AutoencoderMetrics> =
  {
    name: "medium_training",
    title: "An autoencoder of medium images, 172 × 172",
    settings: mediumSettings,
    run: (context) =>
      runAutoencoderSection(
        "medium_training",
        mediumSettings(context.profile),
        context,
      ),
    figures: autoencoderFigures,
  };

function mediumSettings(profile: Profile): AutoencoderSettings {
  return {
    size: "medium",
    side: 172,
    trainPairs: TRAIN_PAIRS[profile],
    latentChannels: 8,
    batchSize: 16,
    epochs: profile === "quick" ? 6 : 10,
    convolutional: {
      widths: [32, 64],
      schedule: { peak: 2e-3, warmUpSteps: 10 },
    },
    residual: {
      patch: 4,
      width: 64,
      blocks: 2,
      schedule: { peak: 2e-3, warmUpSteps: 20 },
    },
  };
}

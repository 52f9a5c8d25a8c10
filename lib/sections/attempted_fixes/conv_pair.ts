/**
 * The write-up's two convolutional networks, under any of its fixes.
 *
 * @module
 */

import { convAutoencoder } from "@/models/mod.ts";
import type { FixName } from "./names.ts";
import { makeFixPair, type NetworkPair } from "./fix_pair.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";

/** What decides a pair. */
export interface ConvPairSettings {
  /** The medium network without a fix. */
  readonly medium: AutoencoderSettings;
  /** The high network without a fix. */
  readonly high: AutoencoderSettings;
  /** Numbers in the middle of a fully connected layer. */
  readonly denseUnits: number;
}

/**
 * Makes the networks of a fix.
 *
 * @param fix Which one.
 * @param settings Of the networks.
 * @param data What they will be trained on.
 * @param seed Of the first weights.
 */
export function makeConvPair(
  fix: FixName,
  { denseUnits, ...networks }: ConvPairSettings,
  data: SectionData,
  seed: number,
): NetworkPair {
  return makeFixPair(
    fix,
    {
      denseUnits,
      make: (which, factor) => {
        const { side: size, convolutional, latentChannels } = networks[which];
        const widths = convolutional.widths.map((width) => width * factor);
        return convAutoencoder({ size, widths, latentChannels, seed });
      },
    },
    data,
    seed,
  );
}

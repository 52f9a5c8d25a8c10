/** Settings of networks that are trained in a moment. */
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";

const schedule = { peak: 2e-3, warmUpSteps: 2 };

/** Of medium or high images in full size, with as few weights as it takes. */
export function tinyAutoencoder(
  size: AutoencoderSettings["size"],
): AutoencoderSettings {
  const medium = size === "medium";
  return {
    size,
    side: medium ? 172 : 344,
    trainPairs: 8,
    latentChannels: 2,
    batchSize: 4,
    epochs: 1,
    convolutional: { widths: medium ? [4, 4] : [4, 4, 4], schedule },
    residual: { patch: medium ? 4 : 8, width: 4, blocks: 1, schedule },
  };
}

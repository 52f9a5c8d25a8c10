/**
 * An autoencoder's decoder for itself.
 *
 * @module
 */

import type { Autoencoder, ImageDecoder } from "@/models/mod.ts";

/**
 * The decoder alone, with its own weights: they are the autoencoder's and are
 * disposed with it.
 *
 * @param model Its decoder's layers have names that start with `synthesis`.
 */
export function decoderOf(model: Autoencoder): ImageDecoder {
  const weights = new Map(
    [...model.weights()].filter(([name]) => name.startsWith("synthesis")),
  );
  let parameters = 0;
  for (const { size } of weights.values()) parameters += size;
  return {
    imageShape: model.imageShape,
    parameters,
    decode: model.decode,
    weights: () => new Map(weights),
    dispose: model.dispose,
  };
}

/**
 * A decoder of images for a code that another network makes: the best linear
 * map from the code to the image's patches, and a network beside it that
 * corrects it. The map is given and the network starts at zero, so training
 * begins at the map.
 *
 *     z [n, side, side, C] ─────────┐
 *     │ conv 3x3, ReLU              │ conv 3x3
 *     │ residual blocks             │ (least squares at first)
 *     │ conv 1x1 (zero at first)    │
 *     └────────────▶ + ◀────────────┘
 *                    patches [n, side, side, P·P·3]
 *                    x̂ [n, side·P, side·P, 3]
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { type ImageDecoder, trainable } from "./autoencoder.ts";
import { conv2d, residualBlocks, sum } from "./layers.ts";
import type { LinearMap } from "./linear_map.ts";
import { fromPatches } from "./patch_pca.ts";

/** What decides the shape of an image decoder. */
export interface ImageDecoderSettings {
  /** Side of the code. */
  readonly side: number;
  /** Side of the patch that one position of the code stands for. */
  readonly patch: number;
  /** Channels inside the network. */
  readonly width: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/**
 * Makes an image decoder.
 *
 * @param settings Its shape and seed.
 * @param start Where it starts: a map from the `9 * C` numbers of
 * `neighbourhoods` to a patch's `patch * patch * 3`, in 0..1.
 * @returns The decoder.
 * @throws {RangeError} If the map does not fit the settings.
 *
 * @example
 * ```ts
 * import { linearMap } from "@/models/linear_map.ts";
 * import { imageDecoder } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = imageDecoder(
 *   { side: 3, patch: 2, width: 4, blocks: 1, latentChannels: 5, seed: 1 },
 *   linearMap(tf.zeros([45, 12]), tf.fill([12], 0.5)),
 * );
 * const images = decoder.decode(tf.zeros([1, 3, 3, 5]));
 * assertEquals(images.shape, [1, 6, 6, 3]);
 * assertEquals(images.min().dataSync()[0], 0.5);
 * ```
 */
export function imageDecoder(
  settings: ImageDecoderSettings,
  start: LinearMap,
): ImageDecoder {
  const { side, patch, latentChannels } = settings;
  const shape = [9 * latentChannels, patch * patch * 3];
  if (start.weights.shape.join() !== shape.join()) {
    throw new RangeError(
      `A decoder of ${latentChannels} channels to ${patch}x${patch} patches ` +
        `cannot start from a map of [${start.weights.shape.join(", ")}]: ` +
        `it takes [${shape.join(", ")}].`,
    );
  }
  const network = makeNetwork(settings);
  tf.tidy(() =>
    network.getLayer("image_linear").setWeights([
      start.weights.reshape([3, 3, latentChannels, -1]),
      start.bias,
    ])
  );
  return {
    ...trainable([network]),
    imageShape: [side * patch, side * patch, 3],
    decode: (codes) =>
      tf.tidy(() => fromPatches(network.apply(codes) as tf.Tensor4D, patch)),
  };
}

function makeNetwork(settings: ImageDecoderSettings): tf.LayersModel {
  const { side, patch, width, blocks, latentChannels, seed } = settings;
  const filters = patch * patch * 3;
  const input = tf.input({ shape: [side, side, latentChannels] });
  const first = conv2d(input, {
    name: "image_code",
    filters: width,
    kernelSize: 3,
    activation: "relu",
    seed: seed + 500,
  }); // [n, side, side, width]
  const hidden = residualBlocks(first, {
    name: "image",
    filters: width,
    blocks,
    seed: seed + 500,
  });
  const correction = conv2d(hidden, {
    name: "image_correction",
    filters,
    kernelSize: 1,
    seed: seed + 600,
    gain: 0,
    useBias: false,
  }); // [n, side, side, patch * patch * 3]
  const linear = conv2d(input, {
    name: "image_linear",
    filters,
    kernelSize: 3,
    seed: seed + 601,
  }); // [n, side, side, patch * patch * 3]
  const patches = sum("image_sum", correction, linear);
  return tf.model({ inputs: input, outputs: patches });
}

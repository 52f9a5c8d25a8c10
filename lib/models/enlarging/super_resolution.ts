/**
 * A network that doubles an image's sides: interpolation, and a network beside
 * it that adds what interpolation cannot know. It works at the small image's
 * size throughout. The network starts at zero, so training begins at the
 * interpolation.
 *
 *     x [n, h, w, 3] (and hints [n, h, w, H]) ──┐
 *     │ conv 3x3 ──────────┐                    │ interpolation of x,
 *     │ residual blocks    │                    │ fixed
 *     └──────▶ + ◀─────────┘                    │
 *              │ conv 3x3 (zero at first)       │
 *              │ [n, h, w, 2·2·3], shuffled     │
 *              └──────────────▶ + ◀─────────────┘
 *                               x̂ [n, 2h, 2w, 3]
 *
 * The shuffle: W. Shi et al., "Real-Time Single Image and Video
 * Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network",
 * 2016. Blocks without normalisation: B. Lim et al., "Enhanced Deep Residual
 * Networks for Single Image Super-Resolution", 2017.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  IMAGE_OFFSET,
  type Trainable,
  trainable,
} from "@/models/autoencoder.ts";
import { doubleSize, type Interpolation } from "./double_size.ts";
import { conv2d, residualBlocks, sum } from "@/models/layers.ts";
import { fromPatches } from "@/models/patch_pca.ts";

/** What decides the shape of a super-resolution network. */
export interface SuperResolutionNetworkSettings {
  /** Channels inside the network. */
  readonly width: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** What it adds to. */
  readonly interpolation: Interpolation;
  /** Channels of hints beside the image's three; none by default. */
  readonly hintChannels?: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/** A network that doubles an image's sides. */
export interface SuperResolutionNetwork extends Trainable {
  /**
   * Doubles the sides of images of any size.
   *
   * @param images `[n, height, width, 3]` in 0..1.
   * @param hints `[n, height, width, hintChannels]`, about 0..1, if the
   * network takes any: such as the 2x2 patches of a rough large image.
   * @returns `[n, 2 * height, 2 * width, 3]`; about 0..1, not clipped.
   * @throws {RangeError} If the hints are not those that it takes.
   */
  enlarge(images: tf.Tensor4D, hints?: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Makes a super-resolution network.
 *
 * @param settings Its shape and seed.
 * @returns The network; `parameters` does not count the fixed interpolation.
 *
 * @example
 * ```ts
 * import { doubleSize, superResolutionNetwork } from "@/models/enlarging/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const network = superResolutionNetwork({
 *   width: 4,
 *   blocks: 1,
 *   interpolation: "lanczos3",
 *   seed: 1,
 * });
 * const images = tf.fill([1, 5, 6, 3], 0.25) as tf.Tensor4D;
 * const large = network.enlarge(images);
 * assertEquals(large.shape, [1, 10, 12, 3]);
 * assertEquals(large.dataSync(), doubleSize(images, "lanczos3").dataSync());
 * network.dispose();
 * ```
 */
export function superResolutionNetwork(
  settings: SuperResolutionNetworkSettings,
): SuperResolutionNetwork {
  const { interpolation, hintChannels = 0 } = settings;
  const network = makeNetwork(settings);
  return {
    ...trainable([network]),
    enlarge: (images, hints) => {
      const given = hints?.shape[3] ?? 0;
      if (given !== hintChannels) {
        throw invalid("hints", `of ${hintChannels} channels`, given);
      }
      return tf.tidy(() => {
        const seen = hints === undefined
          ? images
          : tf.concat([images, hints], 3);
        const quarters = network.apply(seen.sub(IMAGE_OFFSET)) as tf.Tensor4D;
        return doubleSize(images, interpolation).add(fromPatches(quarters, 2));
      });
    },
  };
}

function makeNetwork(
  { width, blocks, hintChannels = 0, seed }: SuperResolutionNetworkSettings,
): tf.LayersModel {
  const input = tf.input({ shape: [null, null, 3 + hintChannels] });
  const first = conv2d(input, {
    name: "enlarge_image",
    filters: width,
    kernelSize: 3,
    seed: seed + 800,
  }); // [n, h, w, width]
  const hidden = residualBlocks(first, {
    name: "enlarge",
    filters: width,
    blocks,
    seed: seed + 800,
  });
  const quarters = conv2d(sum("enlarge_sum", first, hidden), {
    name: "enlarge_quarters",
    filters: 12,
    kernelSize: 3,
    seed: seed + 900,
    gain: 0,
  }); // [n, h, w, 12]
  return tf.model({ inputs: input, outputs: quarters });
}

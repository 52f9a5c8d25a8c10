/**
 * The networks of *super-resolution*, made and ready to be trained.
 *
 *     medium image ─┬──────────────────────────────▶ super-resolution ▶ high
 *     high decoder's image of the code, as hints ──▶ (from both alone)
 *     code ▶ image decoder ▶ high image              (from the code alone)
 *
 * @module
 */

import {
  type Autoencoder,
  decoderOf,
  imageDecoder,
  type Interpolation,
  roundTo8Bits,
  superResolution,
  toPatches,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { fitImageMap } from "@/experiment/linear_maps.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import type { Enlarger } from "./train.ts";

/** A network that is ready, with what it costs. */
export interface EnlargerNetwork extends Enlarger {
  /** Weights of all that is needed to make the high image. */
  readonly parameters: number;
  /**
   * Multiplications, each with an addition, for a pixel of the high image;
   * fixed interpolation is not counted.
   */
  readonly multiplyAdds: number;
  /** Frees its own weights; those of the high network stay. */
  dispose(): void;
}

/** What decides the shape of a super-resolution network. */
export interface EnlargeSettings {
  /** Channels inside of the network. */
  readonly width: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** What it adds to. */
  readonly interpolation: Interpolation;
}

/**
 * The high image from the medium one.
 *
 * @param settings Its shape.
 * @param seed Of its first weights.
 */
export function fromMedium(
  settings: EnlargeSettings,
  seed: number,
): EnlargerNetwork {
  const network = superResolution({ ...settings, seed });
  const weights = network.weights();
  return {
    weights,
    parameters: network.parameters,
    multiplyAdds: multiplyAdds(weights, 2),
    enlarge: ({ medium }) => network.enlarge(medium),
    dispose: network.dispose,
  };
}

/**
 * The high image from the medium one and the high network's code: what the
 * high network's decoder makes of the code is a hint.
 *
 * @param settings Its shape.
 * @param high The trained high network.
 * @param patch Side of its patches.
 * @param seed Of its first weights.
 */
export function fromBoth(
  settings: EnlargeSettings,
  high: Autoencoder,
  patch: number,
  seed: number,
): EnlargerNetwork {
  const network = superResolution({ ...settings, hintChannels: 12, seed });
  const weights = network.weights();
  const decoder = highDecoder(high, patch);
  return {
    weights,
    parameters: network.parameters + decoder.parameters,
    multiplyAdds: multiplyAdds(weights, 2) + decoder.multiplyAdds,
    enlarge: (pair) =>
      tf.tidy(() =>
        network.enlarge(pair.medium, toPatches(decoder.enlarge(pair), 2))
      ),
    dispose: network.dispose,
  };
}

/** The high network itself; nothing of it is trained here. */
export function highDecoder(
  high: Autoencoder,
  patch: number,
): EnlargerNetwork {
  const decoder = decoderOf(high);
  return {
    weights: new Map(),
    parameters: decoder.parameters,
    multiplyAdds: multiplyAdds(decoder.weights(), patch),
    enlarge: (pair) => tf.tidy(() => high.decode(storedCode(high, pair.high))),
    dispose: () => {},
  };
}

/**
 * The high image from the high network's code, by a decoder that is larger
 * than the network's own. It starts at the best linear map.
 *
 * @param size Channels inside of the decoder, and its residual blocks.
 * @param high The trained high network.
 * @param patch Side of its patches.
 * @param data What the map is fitted to.
 * @param seed Of its first weights.
 */
export function fromCode(
  size: { readonly width: number; readonly blocks: number },
  high: Autoencoder,
  patch: number,
  data: SectionData,
  seed: number,
): EnlargerNetwork {
  const [side, , latentChannels] = high.latentShape;
  const encode = (images: tf.Tensor4D) => storedCode(high, images);
  const map = fitImageMap(data, encode, latentChannels, patch, "high");
  try {
    const decoder = imageDecoder(
      { ...size, side, patch, latentChannels, seed },
      map,
    );
    const weights = decoder.weights();
    return {
      weights,
      parameters: decoder.parameters,
      multiplyAdds: multiplyAdds(weights, patch),
      enlarge: (pair) => tf.tidy(() => decoder.decode(encode(pair.high))),
      dispose: decoder.dispose,
    };
  } finally {
    tf.dispose([map.weights, map.bias]);
  }
}

/** The code as it is stored: 8 bits a number, as the medium image has. */
function storedCode(high: Autoencoder, images: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => roundTo8Bits(high.encode(images)));
}

/**
 * Multiplications a pixel of the high image, of a network of convolutions that
 * all work at one size.
 *
 * @param weights By names; those of kernels end in `kernel`.
 * @param patch Side of the square of pixels that one position stands for. Each
 * kernel's number is multiplied once a position.
 */
export function multiplyAdds(
  weights: ReadonlyMap<string, tf.Variable>,
  patch: number,
): number {
  let sum = 0;
  for (const [name, { size }] of weights) {
    if (name.endsWith("/kernel")) sum += size;
  }
  return sum / patch ** 2;
}

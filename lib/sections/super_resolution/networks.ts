/**
 * The networks of *super-resolution*, ready to be trained.
 *
 *     medium image ─┬──────────────────────────────▶ super-resolution ▶ high
 *     high decoder's image of the code, as hints ──▶ (from both only)
 *     code ▶ image decoder ▶ high image              (from the code only)
 *
 * @module
 */

import { fitImageMap } from "@/experiment/linear_maps.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type Autoencoder,
  decoderOf,
  imageDecoder,
  roundTo8Bits,
  toPatches,
} from "@/models/mod.ts";
import { superResolutionNetwork } from "@/models/enlarging/mod.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { Enlarger } from "./train.ts";
import type {
  EnlargeSettings,
  EnlargingName,
  SuperResolutionSettings,
} from "./types.ts";

/** A network with what it costs. */
export interface EnlargerNetwork extends Enlarger, Disposable {
  /** Weights of everything that is needed to make the high image. */
  readonly parameters: number;
  /**
   * Multiplications, each with an addition, per pixel of the high image; fixed
   * interpolation is not counted.
   */
  readonly multiplyAdds: number;
}

/** The ways that need a network. */
export type NetworkWay = Exclude<
  EnlargingName,
  "libvips" | "bicubic" | "Lanczos"
>;

/**
 * Makes the network of a way. Only the high network, which some build on, is
 * trained.
 *
 * @param way Which way.
 * @param settings The networks' sizes.
 * @param data What the high network is trained on, and the seed of the first
 * weights.
 * @returns The network, to be disposed together with what it builds on.
 */
export async function makeEnlarger(
  way: NetworkWay,
  settings: SuperResolutionSettings,
  data: SectionData,
): Promise<EnlargerNetwork> {
  if (way === "from medium" || way === "from medium, sharper") {
    return fromMedium(settings.network, data.seed);
  }
  using parts = new DisposableStack();
  const { model: high } = await trainedNetwork(
    "residual from PCA",
    settings.high,
    data,
  );
  parts.use(high);
  const { patch } = settings.high.residual;
  const stored = { high, patch, encode: storedEncoder(high) };
  const network = way === "high network"
    ? highDecoder(stored)
    : way === "from code"
    ? fromCode(settings.codeDecoder, stored, data)
    : fromBoth(settings.network, stored, data.seed);
  parts.use(network);
  const all = parts.move();
  return { ...network, [Symbol.dispose]: () => all.dispose() };
}

/** The high network, whose code is stored. */
interface StoredCode {
  readonly high: Autoencoder;
  /** Side of its patches in pixels. */
  readonly patch: number;
  /** High images to the codes that a reader of the stored ones gets. */
  readonly encode: (images: tf.Tensor4D) => tf.Tensor4D;
}

/** Codes with 8 bits per number, as each value of the medium image has. */
function storedEncoder(high: Autoencoder): StoredCode["encode"] {
  return (images) => tf.tidy(() => roundTo8Bits(high.encode(images)));
}

/**
 * Makes the network that sees the medium image alone; it is not trained yet.
 *
 * @param settings Its shape.
 * @param seed Of its first weights.
 */
export function fromMedium(
  settings: EnlargeSettings,
  seed: number,
): EnlargerNetwork {
  const network = superResolutionNetwork({ ...settings, seed });
  const weights = network.weights();
  return {
    weights,
    parameters: network.parameters,
    multiplyAdds: multiplyAdds(weights, 2),
    enlarge: ({ medium }) => network.enlarge(medium),
    [Symbol.dispose]: network.dispose,
  };
}

/** What the high network's decoder makes of the code is a hint. */
function fromBoth(
  settings: EnlargeSettings,
  stored: StoredCode,
  seed: number,
): EnlargerNetwork {
  const network = superResolutionNetwork({
    ...settings,
    hintChannels: 12,
    seed,
  });
  const weights = network.weights();
  const decoder = highDecoder(stored);
  return {
    weights,
    parameters: network.parameters + decoder.parameters,
    multiplyAdds: multiplyAdds(weights, 2) + decoder.multiplyAdds,
    enlarge: (pair) =>
      tf.tidy(() =>
        network.enlarge(pair.medium, toPatches(decoder.enlarge(pair), 2))
      ),
    [Symbol.dispose]: network.dispose,
  };
}

/** The high network's own decoder; nothing of it is trained here. */
function highDecoder({ high, patch, encode }: StoredCode): EnlargerNetwork {
  const decoder = decoderOf(high);
  return {
    weights: new Map(),
    parameters: decoder.parameters,
    multiplyAdds: multiplyAdds(decoder.weights(), patch),
    enlarge: (pair) => tf.tidy(() => high.decode(encode(pair.high))),
    [Symbol.dispose]: () => {},
  };
}

/** A decoder larger than the high network's; it starts at a linear map. */
function fromCode(
  { width, blocks }: SuperResolutionSettings["codeDecoder"],
  { high, patch, encode }: StoredCode,
  data: SectionData,
): EnlargerNetwork {
  const [side, , latentChannels] = high.latentShape;
  const { seed } = data;
  using map = fitImageMap(data, {
    encode,
    channels: latentChannels,
    patch,
    size: "high",
  });
  const decoder = imageDecoder(
    { width, blocks, side, patch, latentChannels, seed },
    map,
  );
  const weights = decoder.weights();
  return {
    weights,
    parameters: decoder.parameters,
    multiplyAdds: multiplyAdds(weights, patch),
    enlarge: (pair) => tf.tidy(() => decoder.decode(encode(pair.high))),
    [Symbol.dispose]: decoder.dispose,
  };
}

/**
 * Multiplications per pixel of the high image of a network of convolutions
 * that all work at one resolution.
 *
 * @param weights By name; the names of kernels end in `/kernel`.
 * @param patch Side in pixels of the square that one position stands for. Each
 * value of a kernel is multiplied once per position.
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

/**
 * The networks of *ablation 32x32*: of each kind one for high and one for
 * medium images, with codes of one shape.
 *
 *     kind              high 32x32x3           medium 16x16x3         code
 *     fully connected   3,072 ▶ hidden ▶       768 ▶ hidden ▶         1x1xK
 *     convolutional     halved 3 times         halved twice           4x4xC
 *     variational       as convolutional, each code a distribution    4x4xC
 *
 * K = 4·4·C, so that all codes have the same length.
 *
 * @module
 */

import type { PairSize } from "@/datasets/mod.ts";
import {
  type Autoencoder,
  convAutoencoder,
  denseAutoencoder,
  type DenseShape,
  variationalAutoencoder,
} from "@/models/mod.ts";
import type { AblationKind, AblationNetworks } from "./types.ts";

/**
 * The length of a code, whatever the kind of network.
 *
 * @param networks The shapes.
 */
export function codeLength(
  { high, latentChannels }: AblationNetworks,
): number {
  return (high.side / 2 ** high.widths.length) ** 2 * latentChannels;
}

/**
 * The shape of a fully connected network.
 *
 * @param networks The shapes.
 * @param size Which image of each pair it is for.
 * @param factor Multiplies its hidden layers; 1 by default.
 */
export function denseShape(
  networks: AblationNetworks,
  size: PairSize,
  factor = 1,
): DenseShape {
  const { side, hidden } = networks[size];
  return {
    size: side,
    hidden: hidden.map((width) => width * factor),
    units: codeLength(networks),
  };
}

/** What decides a network, beside the shapes of all. */
export interface AblationNetwork {
  /** Its kind. */
  readonly kind: AblationKind;
  /** Which image of each pair it is for. */
  readonly size: PairSize;
  /** Multiplies the channels of its layers, not of its code. */
  readonly factor: number;
  /** Decides the first weights. */
  readonly seed: number;
}

/**
 * Makes a network.
 *
 * @param networks The shapes.
 * @param options Which network.
 * @returns The network, to be disposed.
 */
export function makeAblationNetwork(
  networks: AblationNetworks,
  { kind, size, factor, seed }: AblationNetwork,
): Autoencoder {
  if (kind === "fully connected") {
    return denseAutoencoder({ ...denseShape(networks, size, factor), seed });
  }
  const { side, widths } = networks[size];
  const make = kind === "convolutional"
    ? convAutoencoder
    : variationalAutoencoder;
  return make({
    size: side,
    widths: widths.map((width) => width * factor),
    latentChannels: networks.latentChannels,
    seed,
  });
}

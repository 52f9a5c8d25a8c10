/**
 * The networks of *ablation 32x32*: of each kind one for high and one for
 * medium images, with codes of one shape.
 *
 *     kind              high 32x32x3           medium 16x16x3         code
 *     fully connected   3,072 ▶ hidden ▶       768 ▶ hidden ▶         1x1xK
 *     convolutional     halved 3 times         halved twice           4x4xC
 *     variational       as convolutional, each code a distribution    4x4xC
 *
 * K = 4·4·C, so that all codes have as many numbers.
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
import type { AblationKind } from "./names.ts";

/** What decides the networks of one size. */
export interface AblationSize {
  /** Side of the images. */
  readonly side: number;
  /** Channels of the convolutional networks after each halving. */
  readonly widths: readonly number[];
  /** Numbers of the fully connected networks' hidden layers. */
  readonly hidden: readonly number[];
}

/** What decides the networks. */
export interface AblationNetworks {
  /** Of high images. */
  readonly high: AblationSize;
  /** Of medium images. */
  readonly medium: AblationSize;
  /** Channels of the convolutional networks' codes, C. */
  readonly latentChannels: number;
}

/** Numbers of a code, whatever the kind. */
export function codeNumbers(
  { high, latentChannels }: AblationNetworks,
): number {
  return (high.side / 2 ** high.widths.length) ** 2 * latentChannels;
}

/**
 * The shape of a fully connected network.
 *
 * @param factor Multiplies its hidden layers.
 */
export function denseShape(
  networks: AblationNetworks,
  which: PairSize,
  factor = 1,
): DenseShape {
  const { side: size, hidden } = networks[which];
  const units = codeNumbers(networks);
  return { size, hidden: hidden.map((width) => width * factor), units };
}

/**
 * Makes a network.
 *
 * @param kind Which kind.
 * @param networks The shapes.
 * @param which Of high or medium images.
 * @param factor Multiplies the channels of its layers, not of its code.
 * @param seed Of the first weights.
 */
export function makeAblationNetwork(
  kind: AblationKind,
  networks: AblationNetworks,
  which: PairSize,
  factor: number,
  seed: number,
): Autoencoder {
  if (kind === "fully connected") {
    return denseAutoencoder({ ...denseShape(networks, which, factor), seed });
  }
  const { side: size, widths } = networks[which];
  const make = kind === "convolutional"
    ? convAutoencoder
    : variationalAutoencoder;
  return make({
    size,
    widths: widths.map((width) => width * factor),
    latentChannels: networks.latentChannels,
    seed,
  });
}

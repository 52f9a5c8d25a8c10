/**
 * The groups of channels, and the walk over them that defines the bitstream:
 *
 *     features ─┬─▶ group 0, even cells ─▶ group 0, odd cells ─▶ group 1 …
 *               └── each is predicted from the features and all that is known
 *
 * The walk has two forms. {@linkcode ChannelGroups} works on numbers, for the
 * encoder and the decoder, which wait for each prediction before they can go on.
 * The one on tensors, for training, which estimates rates, is in
 * `tensor_passes.ts`.
 *
 * D. Minnen and S. Singh, "Channel-wise Autoregressive Entropy Models for
 * Learned Image Compression", 2020; two passes in a checkerboard: D. He et al.,
 * "ELIC", 2022.
 *
 * @module
 */

import type { Tensor4D, TypedArray } from "@tensorflow/tfjs";
import { concat, tensor4d, tidy, zeros } from "@tensorflow/tfjs";
import {
  GROUPS,
  MEDIUM_CHANNELS,
  MEDIUM_GROUPS,
} from "@/codec/transform/colour_dct.ts";
import { type Layer, predictGroup } from "./networks.ts";

/** Which cells a pass codes: all, or those whose row and column have such a sum. */
export type Parity = "all" | "even" | "odd";

/** Channels that are coded together. */
export interface ChannelGroup {
  /** Its place in the walk, from 0. */
  readonly index: number;
  /** Its first channel. */
  readonly first: number;
  /** The number of its channels. */
  readonly size: number;
  /** The layer of the file that holds it: 1 is the medium image. */
  readonly layer: 1 | 2;
  /** The passes over its cells, in order. */
  readonly passes: readonly Parity[];
}

/** Groups of two passes: those whose neighbours say most about each other. */
const TWO_PASS_GROUPS: readonly number[] = [0, 1];

/** All groups, in the order in which they are coded. */
export const CHANNEL_GROUPS: readonly ChannelGroup[] = GROUPS.map(
  ({ length }, index) => ({
    index,
    first: GROUPS.slice(0, index).flat().length,
    size: length,
    layer: index < MEDIUM_GROUPS ? 1 : 2,
    passes: TWO_PASS_GROUPS.includes(index) ? ["even", "odd"] : ["all"],
  }),
);

/**
 * The number of channels whose inputs a group's network gets for itself: all of
 * a group of two passes, none of another.
 *
 * @param group The group.
 * @returns Channels.
 */
export function ownInputs({ passes, size }: ChannelGroup): number {
  return passes.length > 1 ? size : 0;
}

/**
 * The number of channels of the frame before that a group's network gets: those
 * of the medium image, and in the second layer also the group's own.
 *
 * @param group The group.
 * @returns Channels.
 */
export function beforeInputs({ layer, size }: ChannelGroup): number {
  return layer === 1 ? MEDIUM_CHANNELS : MEDIUM_CHANNELS + size;
}

/** What the frame before says of a frame's latents. */
export interface BeforeTensors {
  /** For the first layer, of the medium frame, `[n, rows, columns, 48]`. */
  readonly first: Tensor4D;
  /**
   * For the second layer, of the high frame, `[n, rows, columns, 192]`; not
   * needed if only the first one is coded.
   */
  readonly second?: Tensor4D;
}

/** What a pass over a group's cells is predicted from. */
export interface KnownInputs {
  /** The features, then the groups before, each `[n, rows, columns, …]`. */
  readonly known: readonly Tensor4D[];
  /** From {@linkcode beforeOf}. */
  readonly before: readonly Tensor4D[];
}

/** A pass over a group's cells, on numbers. */
export interface CodingPass {
  /** The group. */
  readonly group: ChannelGroup;
  /** The cells to code. */
  readonly parity: Parity;
  /** From `predictGroup`, `[rows, columns, 2 or 3 * size]`. */
  readonly predicted: TypedArray;
  /** `[rows, columns, size]`: receives what later passes are predicted from. */
  readonly inputs: Float32Array;
}

/**
 * Predicts a group's latents for a pass.
 *
 * @param group The group.
 * @param inputs What is known.
 * @param layer The convolutions of the groups' networks.
 * @param own The group's own inputs; 0 by default, as in the first of two passes.
 * @returns From `predictGroup`.
 */
export function predictPass(
  group: ChannelGroup,
  { known, before }: KnownInputs,
  layer: Layer,
  own?: Tensor4D,
): Tensor4D {
  const [n, rows, columns] = known[0]!.shape;
  const size = ownInputs(group);
  const ownOrNone = size === 0
    ? []
    : [own ?? zeros([n, rows, columns, size]) as Tensor4D];
  const inputs = concat([...known, ...ownOrNone, ...before], 3);
  return predictGroup(group.index, inputs, layer);
}

/**
 * What a group's network is given of the frame before.
 *
 * @param group The group.
 * @param before What the frame before says, if there is one.
 * @returns Inputs, `[n, rows, columns, …]`.
 */
export function beforeOf(
  { layer, first, size }: ChannelGroup,
  before: BeforeTensors | undefined,
): Tensor4D[] {
  if (before === undefined) return [];
  if (layer === 1) return [before.first];
  const part = (first: number, size: number) =>
    before.second!.slice([0, 0, 0, first], [-1, -1, -1, size]);
  return [part(0, MEDIUM_CHANNELS), part(first, size)];
}

/** The walk over the groups of an image or a tile, on numbers. */
export class ChannelGroups {
  readonly #layer: Layer;
  readonly #before: BeforeTensors | undefined;
  /** The features, then the inputs that follow from each group. */
  readonly #known: Tensor4D[];

  /**
   * Starts with no group known.
   *
   * @param features From `hyperSynthesise`, `[1, rows, columns, F]`.
   * @param layer The convolutions of the groups' networks.
   * @param before What the frame before says; for a frame after another one.
   */
  constructor(features: Tensor4D, layer: Layer, before?: BeforeTensors) {
    this.#known = [features];
    this.#layer = layer;
    this.#before = before;
  }

  /**
   * Walks over the groups of a layer.
   *
   * @param layer The layer of the file; the first one comes first.
   * @param codePass Called with each pass in turn.
   */
  async code(
    layer: ChannelGroup["layer"],
    codePass: (pass: CodingPass) => void | Promise<void>,
  ): Promise<void> {
    const [, rows, columns] = this.#known[0]!.shape;
    for (const group of CHANNEL_GROUPS) {
      if (group.layer !== layer) continue;
      const inputs = new Float32Array(rows * columns * group.size);
      const own = () => tensor4d(inputs, [1, rows, columns, group.size]);
      for (const parity of group.passes) {
        const prediction = tidy(() =>
          predictPass(
            group,
            { known: this.#known, before: beforeOf(group, this.#before) },
            this.#layer,
            parity === "odd" ? own() : undefined,
          )
        );
        const predicted = await prediction.data();
        prediction.dispose();
        await codePass({ group, parity, predicted, inputs });
      }
      this.#known.push(own());
    }
  }

  /**
   * Replaces what is known of the first layer's groups, before the second layer
   * is coded.
   *
   * @param inputs One per group, `[rows, columns, size]`.
   */
  refine(inputs: readonly Float32Array[]): void {
    const [, rows, columns] = this.#known[0]!.shape;
    const refined = inputs.map((values, i) =>
      tensor4d(values, [1, rows, columns, CHANNEL_GROUPS[i]!.size])
    );
    const before = this.#known.splice(1, inputs.length, ...refined);
    for (const known of before) known.dispose();
  }

  /** Frees what is known. */
  dispose(): void {
    for (const known of this.#known) known.dispose();
  }
}

/**
 * The groups of channels, and the walk over them that defines the bitstream:
 *
 *     features ─┬─▶ group 0, even cells ─▶ group 0, odd cells ─▶ group 1 …
 *               └── each is predicted from the features and all that is known
 *
 * The walk has two forms. {@linkcode ChannelGroups.forward} works on tensors,
 * for training, which estimates rates. {@linkcode ChannelGroups.code} works on
 * numbers, for the encoder and the decoder, which wait for each prediction before
 * they can go on.
 *
 * D. Minnen and S. Singh, "Channel-wise Autoregressive Entropy Models for
 * Learned Image Compression", 2020; two passes in a checkerboard: D. He et al.,
 * "ELIC", 2022.
 *
 * @module
 */

import type { Tensor4D, TypedArray } from "@tensorflow/tfjs";
import { concat, sub, tensor4d, tidy, zeros } from "@tensorflow/tfjs";
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

/** How a group is coded on tensors; all are `[n, rows, columns, size]`. */
export interface GroupForward<Coded extends Record<string, Tensor4D>> {
  /**
   * Codes all cells.
   *
   * @param predicted `[n, rows, columns, 2 * size]`, from `predictGroup`.
   * @returns Tensors by name; those of two passes are mixed.
   */
  code(predicted: Tensor4D): Coded;
  /**
   * What the second pass gets of the first one.
   *
   * @param coded From the first pass.
   * @returns Inputs of the group's network.
   */
  asInput(coded: Coded): Tensor4D;
  /**
   * Called when the group is coded.
   *
   * @param coded All of its cells.
   * @returns What later groups are predicted from.
   */
  finish(coded: Coded): Tensor4D;
}

/** A pass over a group's cells, on numbers. */
export interface CodingPass {
  /** The group. */
  readonly group: ChannelGroup;
  /** The cells to code. */
  readonly parity: Parity;
  /** `[rows, columns, 2 * size]`: means and logarithms of scales. */
  readonly predicted: TypedArray;
  /** `[rows, columns, size]`: receives what later passes are predicted from. */
  readonly inputs: Float32Array;
}

/** The walk over the groups of an image or a tile. */
export class ChannelGroups {
  readonly #layer: Layer;
  readonly #toInput: (known: Tensor4D) => Tensor4D;
  readonly #before: BeforeTensors | undefined;
  /** The features, then what {@linkcode GroupForward.finish} returned. */
  readonly #known: Tensor4D[];

  /**
   * Starts with no group known.
   *
   * @param features From `hyperSynthesise`, `[n, rows, columns, F]`.
   * @param layer The convolutions of the groups' networks.
   * @param toInput Makes inputs of what is known of earlier groups; by default
   * it is passed on unchanged.
   * @param before What the frame before says; for a frame after another one.
   */
  constructor(
    features: Tensor4D,
    layer: Layer,
    toInput: (known: Tensor4D) => Tensor4D = (known) => known,
    before?: BeforeTensors,
  ) {
    this.#known = [features];
    this.#layer = layer;
    this.#toInput = toInput;
    this.#before = before;
  }

  /**
   * Walks over all groups on tensors.
   *
   * @param start Called with each group in turn.
   * @param refine What the second layer knows of the first one's groups, where
   * it refines them.
   */
  forward<Coded extends Record<string, Tensor4D>>(
    start: (group: ChannelGroup) => GroupForward<Coded>,
    refine?: () => readonly Tensor4D[],
  ): void {
    const [, rows, columns] = this.#known[0]!.shape;
    const even = checkerboard(rows, columns);
    for (const group of CHANNEL_GROUPS) {
      if (group.index === MEDIUM_GROUPS && refine !== undefined) {
        this.#known.splice(1, MEDIUM_GROUPS, ...refine());
      }
      const { code, asInput, finish } = start(group);
      const context = this.#context();
      let coded = code(this.#predict(group, context));
      if (group.passes.length > 1) {
        const own = asInput(coded).mul(even) as Tensor4D;
        coded = mix(coded, code(this.#predict(group, context, own)), even);
      }
      this.#known.push(finish(coded));
    }
  }

  /**
   * Walks over the groups of a layer on numbers, of one image or tile.
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
          this.#predict(
            group,
            this.#context(),
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

  /** Frees what is known; needed after {@linkcode ChannelGroups.code} alone. */
  dispose(): void {
    for (const known of this.#known) known.dispose();
  }

  #context(): Tensor4D[] {
    const [features, ...known] = this.#known;
    return [features!, ...known.map(this.#toInput)];
  }

  /** In the first of two passes a group's own inputs are 0. */
  #predict(
    group: ChannelGroup,
    context: readonly Tensor4D[],
    own?: Tensor4D,
  ): Tensor4D {
    const [n, rows, columns] = context[0]!.shape;
    const size = ownInputs(group);
    const ownOrNone = size === 0
      ? []
      : [own ?? zeros([n, rows, columns, size]) as Tensor4D];
    const before = this.#beforeOf(group);
    const known = concat([...context, ...ownOrNone, ...before], 3);
    return predictGroup(group.index, known, this.#layer);
  }

  #beforeOf({ layer, first, size }: ChannelGroup): Tensor4D[] {
    if (this.#before === undefined) return [];
    if (layer === 1) return [this.#toInput(this.#before.first)];
    const part = (first: number, size: number) =>
      this.#toInput(
        this.#before!.second!.slice([0, 0, 0, first], [-1, -1, -1, size]),
      );
    return [part(0, MEDIUM_CHANNELS), part(first, size)];
  }
}

/** Of two passes, the cells that each has coded. */
function mix<Coded extends Record<string, Tensor4D>>(
  first: Coded,
  second: Coded,
  even: Tensor4D,
): Coded {
  const odd = sub(1, even);
  const mixed = Object.entries(first).map(([name, value]) =>
    [name, value.mul(even).add(second[name]!.mul(odd))] as const
  );
  return Object.fromEntries(mixed) as Coded;
}

/** 1 on even cells and 0 on odd ones, `[1, rows, columns, 1]`. */
function checkerboard(rows: number, columns: number): Tensor4D {
  const values = Array.from(
    { length: rows * columns },
    (_, i) => (Math.floor(i / columns) + i % columns) % 2 === 0 ? 1 : 0,
  );
  return tensor4d(values, [1, rows, columns, 1]);
}

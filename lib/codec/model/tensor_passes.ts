/**
 * The passes over the hyper-latent and the groups of channels on tensors, for
 * training and refinement.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { concat, sub, tensor4d, zeros } from "@tensorflow/tfjs";
import { MEDIUM_GROUPS } from "@/codec/transform/colour_dct.ts";
import {
  beforeOf,
  type BeforeTensors,
  CHANNEL_GROUPS,
  type ChannelGroup,
  predictPass,
} from "./channel_groups.ts";
import { type Layer, predictHyper } from "./networks.ts";

/**
 * Predicts the hyper-latent in two passes over a checkerboard: the even places
 * with nothing known of it, the odd ones from the even ones.
 *
 * @param channels Z, the number of its channels.
 * @param given What `predictHyper` is given before the hyper-latent, and after.
 * @param hyperOf The hyper-latent that follows from a prediction.
 * @param layer The convolutions.
 * @returns What `predictHyper` returns, of each cell's pass.
 */
export function predictHyperTwice(
  channels: number,
  given: readonly [Tensor4D, ...Tensor4D[]],
  hyperOf: (predicted: Tensor4D) => Tensor4D,
  layer: Layer,
): Tensor4D {
  const [prior, ...rest] = given;
  const [n, rows, columns] = prior.shape;
  const predict = (own: Tensor4D) =>
    predictHyper(concat([prior, own, ...rest], 3), layer);
  const even = checkerboard(rows, columns);
  const first = predict(zeros([n, rows, columns, channels]));
  const second = predict(hyperOf(first).mul(even));
  return first.mul(even).add(second.mul(sub(1, even)));
}

/** How a group is coded; all tensors are `[n, rows, columns, size]`. */
export interface GroupForward<Coded extends Record<string, Tensor4D>> {
  /**
   * Codes all cells.
   *
   * @param predicted `[n, rows, columns, 2 or 3 * size]`, from `predictGroup`.
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

/** What a walk on tensors is given besides features and convolutions. */
export interface ForwardOptions {
  /**
   * Makes inputs of what is known of earlier groups; by default it is passed on
   * unchanged.
   */
  readonly toInput?: (known: Tensor4D) => Tensor4D;
  /** What the frame before says; for a frame after another one. */
  readonly before?: BeforeTensors | undefined;
  /**
   * Returns what the second layer knows of the first one's groups, where it
   * refines them.
   */
  readonly refine?: () => readonly Tensor4D[];
}

/**
 * Walks over all groups.
 *
 * @param features From `hyperSynthesise`, `[n, rows, columns, F]`.
 * @param layer The convolutions of the groups' networks.
 * @param start Called with each group in turn.
 * @param options What else is known.
 */
export function forwardGroups<Coded extends Record<string, Tensor4D>>(
  features: Tensor4D,
  layer: Layer,
  start: (group: ChannelGroup) => GroupForward<Coded>,
  { toInput = (known) => known, before, refine }: ForwardOptions = {},
): void {
  const [, rows, columns] = features.shape;
  const even = checkerboard(rows, columns);
  const known: Tensor4D[] = [];
  for (const group of CHANNEL_GROUPS) {
    if (group.index === MEDIUM_GROUPS && refine !== undefined) {
      known.splice(0, MEDIUM_GROUPS, ...refine());
    }
    const { code, asInput, finish } = start(group);
    const inputs = {
      known: [features, ...known.map(toInput)],
      before: beforeOf(group, before).map(toInput),
    };
    let coded = code(predictPass(group, inputs, layer));
    if (group.passes.length > 1) {
      const own = asInput(coded).mul(even) as Tensor4D;
      coded = mix(coded, code(predictPass(group, inputs, layer, own)), even);
    }
    known.push(finish(coded));
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

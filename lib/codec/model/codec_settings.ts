/**
 * The sizes of the codec's networks.
 *
 * @module
 */

import { SQUARES } from "@/codec/transform/block_sizes.ts";

/** Widths of the networks, in channels. */
export interface CodecSettings {
  /** The hyper-latent. */
  readonly hyperChannels: number;
  /** Hidden layers of the hyper analysis and synthesis. */
  readonly hyperWidth: number;
  /** The hidden layer of what predicts the hyper-latent. */
  readonly priorWidth: number;
  /** The features that the hyper synthesis makes for the entropy networks. */
  readonly featureChannels: number;
  /** Hidden layers of each group's entropy network. */
  readonly groupWidths: readonly number[];
  /** Hidden layers of the high synthesis at 1/8 of the size. */
  readonly synthesisWidth: number;
  /** Hidden layers of the high synthesis at 1/4 of the size. */
  readonly detailWidth: number;
  /** Hidden layers of the medium synthesis. */
  readonly mediumWidth: number;
  /** The number of qualities that chances of splits are counted for. */
  readonly anchors: number;
}

/** Widths of the codec. */
export const CODEC_SETTINGS: CodecSettings = {
  hyperChannels: 32,
  hyperWidth: 64,
  priorWidth: 24,
  featureChannels: 32,
  groupWidths: [96, 96, 32, 128, 32],
  synthesisWidth: 96,
  detailWidth: 48,
  mediumWidth: 64,
  anchors: 6,
};

/** Inputs of what predicts the hyper-latent: sizes, quality, coarseness. */
export const PRIOR_INPUTS: number = SQUARES.length + 2;

/** Channels that tell the hyper-latent's prediction of the frame before. */
export const BEFORE_CHANNELS = 24;

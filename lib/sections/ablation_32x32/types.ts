/**
 * Settings, findings and names of *ablation 32x32*; needs no TensorFlow.
 *
 * @module
 */

import type { CodeScores } from "@/experiment/measure.ts";
import type { SectionResult } from "@/experiment/types.ts";
import type { DenseShape, NetworkSize } from "@/models/mod.ts";
import {
  FIXES,
  type FixName,
  fixTitle,
  type PairTraining,
} from "@/sections/attempted_fixes/types.ts";
import type { FloorRow } from "@/sections/feature_capture/types.ts";
import type { CodeRelation } from "@/experiment/linear_maps.ts";

/** The kinds of networks that the write-up considers, in its order. */
export const ablationKinds = [
  "fully connected",
  "convolutional",
  "variational",
] as const;

/** A kind of network. */
export type AblationKind = typeof ablationKinds[number];

/** No fix, a fix of the write-up, or a way to have one code for both images. */
export type AblationWay = FixName | "adapter" | "joint";

/** All ways, in the order of the sections before. */
export const ablationWays: readonly AblationWay[] = [
  ...FIXES,
  "adapter",
  "joint",
];

/** The networks of one size. */
export interface AblationSize {
  /** Side of the images, in pixels. */
  readonly side: number;
  /** Channels of the convolutional networks after each halving. */
  readonly widths: readonly number[];
  /** Units of the fully connected networks' hidden layers. */
  readonly hidden: readonly number[];
}

/** The networks of both sizes. */
export interface AblationNetworks {
  /** For high images. */
  readonly high: AblationSize;
  /** For medium images. */
  readonly medium: AblationSize;
  /** Channels of the convolutional networks' codes, C. */
  readonly latentChannels: number;
}

/** Components of patches, one for each position of the code, or of images. */
export type FloorKind = "patches" | "whole images";

/** What decides the section. */
export interface AblationSettings {
  /** The networks without a fix. */
  readonly networks: AblationNetworks;
  /** Pairs to train on. */
  readonly trainPairs: number;
  /** Pairs of each validation and test photo. */
  readonly testPairs: number;
  /** Kinds of networks, in the order of the rows. */
  readonly kinds: readonly AblationKind[];
  /** Ways, in order; no fix comes before the adapter, which builds on it. */
  readonly ways: readonly AblationWay[];
  /** Number of seeds of each way, from the section's own on. */
  readonly seeds: number;
  /** Units in the middle of the third fix's fully connected layer. */
  readonly denseUnits: number;
  /** How all networks are trained. */
  readonly training: PairTraining;
  /** Weight of a variational network's distance from the prior. */
  readonly beta: number;
  /** Weight of the medium image in joint training. */
  readonly mediumWeight: number;
  /** Linear maps are fitted to every nth pair. */
  readonly mapEvery: number;
  /** Principal components that are measured. */
  readonly floors: readonly FloorKind[];
  /** Fully connected networks whose weights are counted; none is made. */
  readonly denseShapes: readonly DenseShape[];
}

/** The high code read through a linear map. */
export interface AblationCapture extends CodeRelation {
  /** PSNR of the medium images in dB. */
  readonly afterLinearMapDb: number;
}

/** What was measured of one run on the test photos; mean PSNR in dB. */
export interface AblationFound extends CodeScores {
  /** The medium network on its own code; null where there is none. */
  readonly mediumOwnDb: number | null;
  /** Without a fix: the medium decoder after a linear map of the high code. */
  readonly capture: AblationCapture | null;
  /** Trained weights. */
  readonly parameters: number;
}

/** A way of one kind with all its seeds. */
export interface AblationRow {
  /** Which networks. */
  readonly kind: AblationKind;
  /** Which way. */
  readonly way: AblationWay;
  /** One run per seed. */
  readonly runs: readonly (AblationFound & { readonly seed: number })[];
}

/** Principal components in place of the networks; mean PSNR in dB. */
export interface AblationFloor extends FloorRow {
  /** What they are components of. */
  readonly of: FloorKind;
}

/** A fully connected network and its size. */
export interface DenseRow extends DenseShape, NetworkSize {}

/** What the section finds; mean PSNR in dB over the test photos. */
export interface AblationMetrics {
  /** Each kind of network, each way. */
  readonly rows: readonly AblationRow[];
  /** Principal components with codes of the same size. */
  readonly floors: readonly AblationFloor[];
  /** The mean colour of all medium train images in place of each image. */
  readonly flatDb: number;
  /** How large fully connected networks are. */
  readonly dense: readonly DenseRow[];
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section's result. */
export type AblationResult = SectionResult<AblationSettings, AblationMetrics>;

/**
 * A way's name in tables and charts.
 *
 * @param way Which way.
 */
export function ablationTitle(way: AblationWay): string {
  return way === "adapter" || way === "joint" ? way : fixTitle(way);
}

/**
 * Images that are kept: high images, medium images from high codes, or those
 * after a linear map.
 */
export type KeptImages = "high" | "from high" | "mapped";

/**
 * The images that are kept of a way's first seed, for the figures.
 *
 * @param way Which way.
 */
export function keptImages(way: AblationWay): readonly KeptImages[] {
  if (way === "none") return ["high", "from high", "mapped"];
  return way === "joint" ? ["from high"] : [];
}

/**
 * The name of a strip of a run's images.
 *
 * @param kind The kind of network.
 * @param way How they were made.
 * @param images Which images.
 */
export function ablationStrip(
  kind: AblationKind,
  way: AblationWay,
  images: KeptImages,
): string {
  return `${`${kind} ${way} ${images}`.replaceAll(" ", "_")}.png`;
}

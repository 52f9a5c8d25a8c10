/**
 * Settings, findings and names of *vae*; needs no TensorFlow.
 *
 * @module
 */

import type { Quality } from "@/experiment/measure.ts";
import type { SectionResult } from "@/experiment/types.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import type { CodeRelation } from "@/experiment/linear_maps.ts";

/** A network's settings, and how long it is trained here. */
export interface VaeNetworkSettings extends AutoencoderSettings {
  /** Steps of each run; at most as many as its epochs have. */
  readonly steps: number;
}

/** What decides the section. */
export interface VaeSettings {
  /** The medium networks. */
  readonly medium: VaeNetworkSettings;
  /** The high networks; their code has the same shape. */
  readonly high: VaeNetworkSettings;
  /** Weights of the distance from the prior, in the order of the rows. */
  readonly betas: readonly number[];
}

/**
 * A channel with at most that many nats per number counts as inactive: it does
 * not depend on the image. Y. Burda et al., "Importance Weighted
 * Autoencoders", 2016, use the variance of the means instead.
 */
export const ACTIVE_NATS = 0.01;

/** What the codes of a variational autoencoder cost and carry. */
export interface CodeRate {
  /** PSNR in dB of images decoded from sampled codes instead of means. */
  readonly sampledDb: number;
  /**
   * KL divergence of the codes from the prior, in bits per pixel: what a
   * sampled code costs an ideal coder that knows the prior.
   *
   * J. Townsend et al., "Practical Lossless Compression with Latent Variables
   * using Bits Back Coding", 2019.
   */
  readonly klBitsPerPixel: number;
  /** KL divergence of each channel, in nats per number of the code. */
  readonly klPerChannel: readonly number[];
  /** Share of the channels that depend on the image, 0 to 1. */
  readonly activeShare: number;
}

/** One network on the test photos. */
export interface VaeNetworkRow extends Quality {
  /** What its codes cost; null for a plain network. */
  readonly rate: CodeRate | null;
}

/** The medium image from the high code: mean PSNR in dB over the test photos. */
export interface VaeCapture extends CodeRelation {
  /** The high image decoded and scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the unchanged high code. */
  readonly asIsDb: number;
  /** The medium decoder on the high code with its channels matched. */
  readonly afterMatchingDb: number;
  /** The medium decoder on the high code after a linear map. */
  readonly afterLinearMapDb: number;
}

/** A medium and a high network, and one decoder on the other's code. */
export interface VaeRow {
  /** Weight of the distance from the prior; null for plain networks. */
  readonly beta: number | null;
  /** The medium network. */
  readonly medium: VaeNetworkRow;
  /** The high network. */
  readonly high: VaeNetworkRow;
  /** The medium decoder on the high code. */
  readonly capture: VaeCapture;
}

/** What the section finds. */
export interface VaeMetrics {
  /** Plain networks, then one row for each weight of the prior. */
  readonly rows: readonly VaeRow[];
  /** Photos of the figures; interpolations lead from the first to the last. */
  readonly examples: readonly string[];
}

/** The section's result. */
export type VaeResult = SectionResult<VaeSettings, VaeMetrics>;

/**
 * A row's name in tables, charts and folders.
 *
 * @param beta Weight of the distance from the prior; null for plain networks.
 */
export function betaTitle(beta: number | null): string {
  return beta === null ? "plain" : `beta = ${beta}`;
}

/**
 * The name of a variational network's training run.
 *
 * @param size Which image of each pair it is trained on.
 * @param beta Weight of the distance from the prior.
 */
export function vaeRunName(size: "medium" | "high", beta: number): string {
  return `${size} variational, ${betaTitle(beta)}`;
}

/** Test photos that the figures show. */
export const EXAMPLES = 3;

/** Images that each variational network decodes from samples of the prior. */
export const DRAWN_IMAGES = 2;

const rowPhotos = ["own", "scaled_down", "as_is", "mapped"] as const;
const drawnPhotos = [
  "medium_drawn",
  "high_drawn",
  "medium_walk",
  "high_walk",
] as const;

/** Which photos of a row; those drawn and walks are of variational networks. */
export type RowPhotos =
  | typeof rowPhotos[number]
  | typeof drawnPhotos[number];

/**
 * The name of a strip of a row's photos.
 *
 * @param beta The row's weight of the prior; null for plain networks.
 * @param photos Which photos.
 */
export function rowStrip(beta: number | null, photos: RowPhotos): string {
  return `${beta === null ? "plain" : `beta_${beta}`}_${photos}.webp`;
}

/**
 * The names of all strips of a row.
 *
 * @param beta The row's weight of the prior; null for plain networks.
 */
export function rowStrips(beta: number | null): string[] {
  const photos = beta === null ? rowPhotos : [...rowPhotos, ...drawnPhotos];
  return photos.map((name) => rowStrip(beta, name));
}

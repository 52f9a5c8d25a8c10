/**
 * What one weight of the prior comes to; this file needs no TensorFlow.
 *
 * @module
 */

import type { CodeRate } from "./measure.ts";
import type { CodeRelation } from "@/experiment/linear_maps.ts";
import type { Quality } from "@/experiment/measure.ts";

/** One network on the test photos. */
export interface VaeNetworkRow extends Quality {
  /** What its codes cost; null for a plain network. */
  readonly rate: CodeRate | null;
}

/** The medium image from the high code; PSNR in dB, means over the test. */
export interface VaeCapture extends CodeRelation {
  /** The high image decoded and scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the high code as it is. */
  readonly asIsDb: number;
  /** The medium decoder on the high code, its channels put in order. */
  readonly afterMatchingDb: number;
  /** The medium decoder on the high code after a linear map. */
  readonly afterLinearMapDb: number;
}

/** A medium and a high network, and the code of the one in the other. */
export interface VaeRow {
  /** Weight of the prior; null for plain networks. */
  readonly beta: number | null;
  /** The medium network. */
  readonly medium: VaeNetworkRow;
  /** The high network. */
  readonly high: VaeNetworkRow;
  /** The medium decoder on the high code. */
  readonly capture: VaeCapture;
}

/** A row in words, for tables, charts and folders. */
export function betaTitle(beta: number | null): string {
  return beta === null ? "plain" : `beta = ${beta}`;
}

/** A variational network's run by name, in its history and its folder. */
export function vaeRunName(size: "medium" | "high", beta: number): string {
  return `${size} variational, ${betaTitle(beta)}`;
}

/** Test photos that the figures show. */
export const EXAMPLES = 3;

/** Images that each variational network draws from the prior. */
export const DRAWN_IMAGES = 2;

/** Photos that are kept of each row. */
export const ROW_PHOTOS = ["own", "scaled_down", "as_is", "mapped"] as const;

/** Photos that are kept of each row of variational networks. */
export const DRAWN_PHOTOS = [
  "medium_drawn",
  "high_drawn",
  "medium_walk",
  "high_walk",
] as const;

/** Photos of a row. */
export type RowPhotos =
  | typeof ROW_PHOTOS[number]
  | typeof DRAWN_PHOTOS[number];

/** File in the section's folder with photos of a row. */
export function rowStrip(beta: number | null, photos: RowPhotos): string {
  return `${beta === null ? "plain" : `beta_${beta}`}_${photos}.webp`;
}

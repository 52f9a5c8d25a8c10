/**
 * The networks and the ways of *ablation 32x32* by name; this file needs no
 * TensorFlow.
 *
 * @module
 */

import { type FixName, fixTitle } from "@/sections/attempted_fixes/names.ts";

/** A kind of network that the write-up considers. */
export type AblationKind = "fully connected" | "convolutional" | "variational";

/** All kinds, in the write-up's order. */
export const ablationKinds: readonly AblationKind[] = [
  "fully connected",
  "convolutional",
  "variational",
];

/** No fix, a fix of the write-up, or a way to have one code for both images. */
export type AblationWay = FixName | "adapter" | "joint";

/** All ways, in the order of the sections before. */
export const ablationWays: readonly AblationWay[] = [
  "none",
  "standardised",
  "normalised",
  "capacity",
  "dense",
  "alternate",
  "from start",
  "adapter",
  "joint",
];

/** A way in words, for tables and charts. */
export function ablationTitle(way: AblationWay): string {
  return way === "adapter" || way === "joint" ? way : fixTitle(way);
}

/**
 * Images that are kept: high images, medium images from high codes, and those
 * after a linear map.
 */
export type KeptImages = "high" | "from high" | "mapped";

/** What is kept of a way, of its first seed, for the figures. */
export function keptImages(way: AblationWay): readonly KeptImages[] {
  if (way === "none") return ["high", "from high", "mapped"];
  return way === "joint" ? ["from high"] : [];
}

/**
 * File in the section's folder with images of the first seed.
 *
 * @param kind Of network.
 * @param way How they were made.
 * @param images Which.
 */
export function ablationStrip(
  kind: AblationKind,
  way: AblationWay,
  images: KeptImages,
): string {
  return `${`${kind} ${way} ${images}`.replaceAll(" ", "_")}.png`;
}

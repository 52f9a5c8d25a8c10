/**
 * Settings, findings and names of *super-resolution*; needs no TensorFlow.
 *
 * @module
 */

import type { Quality } from "@/experiment/measure.ts";
import type { SectionResult } from "@/experiment/types.ts";
import type { Interpolation } from "@/models/enlarging/mod.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import type { ScheduleSettings } from "@/training/mod.ts";

/** Names in tables and charts. */
const titles = {
  libvips: "Lanczos of libvips",
  bicubic: "bicubic interpolation",
  Lanczos: "Lanczos interpolation",
  "from medium": "ours, from medium",
  "from medium, sharper": "ours, from medium, sharper",
  "high network": "high network's decoder",
  "from code": "ours, from the code",
  "from both": "ours, from both",
};

/**
 * A way from what is stored to the high image: interpolation of the medium
 * image, the high network's decoder, or a network of ours, from the medium
 * image, from the high network's code, or from both.
 */
export type EnlargingName = keyof typeof titles;

/** All ways, in the order of the rows. */
export const ENLARGING_WAYS = Object.keys(titles) as readonly EnlargingName[];

/** The size of a super-resolution network. */
export interface EnlargeSettings {
  /** Channels inside the network. */
  readonly width: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** The interpolation that the network's output is added to. */
  readonly interpolation: Interpolation;
}

/** How a network is trained. */
export interface EnlargerTraining {
  /** Passes over all pairs, with a new window of each pair in each. */
  readonly epochs: number;
  /** Windows per step. */
  readonly batchSize: number;
  /** Side of a window in the high image, a multiple of the code's patch. */
  readonly windowSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** Weight of the term against softness; 0 for the squared error alone. */
  readonly detailWeight: number;
}

/** What figures show. */
export interface ShownSettings {
  /** Maximum number of photos. */
  readonly count: number;
  /** Side of the squares, in pixels. */
  readonly side: number;
}

/** What decides the section. */
export interface SuperResolutionSettings {
  /** The high network, whose code is stored. */
  readonly high: AutoencoderSettings;
  /** The network that sees the medium image, alone or beside the code. */
  readonly network: EnlargeSettings;
  /** How that network is trained. */
  readonly training: EnlargerTraining;
  /** How the one from the medium image is trained further, against softness. */
  readonly sharper: EnlargerTraining;
  /** The larger decoder of the code. */
  readonly codeDecoder: {
    /** Channels inside the decoder. */
    readonly width: number;
    /** Residual blocks. */
    readonly blocks: number;
    /** How it is trained. */
    readonly training: EnlargerTraining;
  };
  /** What figures show. */
  readonly shown: ShownSettings;
}

/** Quality of high images, means over photos. */
export interface EnlargedQuality extends Quality {
  /** HaarPSI, 0 to 1: closer to what people see than PSNR and MS-SSIM. */
  readonly haarPsi: number;
  /**
   * Mean absolute difference between neighbouring pixels, relative to the
   * original's; below 1 is softer. Wrong detail counts too: noise raises it.
   */
  readonly sharpness: number;
}

/** What was measured of a way on the test photos. */
export interface EnlargedFound extends EnlargedQuality {
  /** Weights of everything that is needed to make the high image. */
  readonly parameters: number;
  /** Multiplications per pixel of the high image; null for interpolation. */
  readonly multiplyAdds: number | null;
}

/** A way to the high image; qualities are means over the test photos. */
export interface EnlargedRow extends EnlargedFound {
  /** Which way. */
  readonly way: EnlargingName;
  /** Bytes of its input, with 8 bits per number. */
  readonly storedBytes: number;
}

/** What the section finds. */
export interface SuperResolutionMetrics {
  /** In the order of tables. */
  readonly ways: readonly EnlargedRow[];
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section's result. */
export type SuperResolutionResult = SectionResult<
  SuperResolutionSettings,
  SuperResolutionMetrics
>;

/**
 * A way's name in tables, charts and folders.
 *
 * @param way Which way.
 */
export function enlargingTitle(way: EnlargingName): string {
  return titles[way];
}

/**
 * What a way makes the high image from.
 *
 * @param way Which way.
 */
export function wayInput(way: EnlargingName): "medium image" | "code" | "both" {
  if (way === "from both") return "both";
  const code = way === "high network" || way === "from code";
  return code ? "code" : "medium image";
}

/**
 * The photos that figures show whole: every second of those that they show a
 * square of.
 *
 * @param shown Photos or their names.
 */
export function wholeOnes<Item>(shown: readonly Item[]): Item[] {
  return shown.filter((_, i) => i % 2 === 0);
}

/** Whole photos, or squares of them. */
export type ShownPart = "photos" | "details";

/**
 * The name of a strip of a way's high images in the section's folder.
 *
 * @param way The way, or the original.
 * @param part Whole photos, or squares of them.
 */
export function wayStrip(
  way: EnlargingName | "original",
  part: ShownPart,
): string {
  const slug = way.toLowerCase().replace(/[^a-z]+/g, "_");
  return `${slug}_${part}.webp`;
}

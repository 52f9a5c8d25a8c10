/**
 * Settings, findings and names of *video*; needs no TensorFlow.
 *
 * @module
 */
import type { SectionResult } from "@/experiment/types.ts";
import type { SequentialShape } from "@/models/sequential_vae.ts";
import type { RivalPoint, VideoPoint } from "./rivals.ts";
import type { VideoTraining } from "./train.ts";

/** A network of the ablations. */
export const VARIANTS = {
  whole: { title: "global and local, with memory", global: true, memory: true },
  local: { title: "local alone, with memory", global: false, memory: true },
  memoryless: {
    title: "global and local, without memory",
    global: true,
    memory: false,
  },
} as const;

/** A network of the ablations. */
export type VariantName = keyof typeof VARIANTS;

/** All networks, in the order of the rows. */
export const VARIANT_NAMES = Object.keys(VARIANTS) as readonly VariantName[];

/** What the clips of a set have in common. */
export type ContentKind = "specialised" | "general";

/** How many segments each clip of a set gives. */
export interface ContentSettings {
  /** Which set: sprites are specialised. */
  readonly kind: ContentKind;
  /** Maximum number of segments of each train clip. */
  readonly trainPerClip: number;
  /** Maximum number of segments of each other clip. */
  readonly testPerClip: number;
}

/** How clips are cut, trained on and measured. */
export interface VideoSettings {
  /** The sets of clips. */
  readonly contents: readonly ContentSettings[];
  /** Maximum number of test segments that are measured. */
  readonly tested: number;
  /** The network with a global code and a memory. */
  readonly network: Omit<SequentialShape, "levels" | "seed">;
  /** How each is trained. */
  readonly training: VideoTraining;
  /** Number of seeds of each network. */
  readonly seeds: number;
}

/** A network at one quality: means over the test segments. */
export interface NetworkPoint extends VideoPoint {
  /** The quality, counted from 0. */
  readonly level: number;
  /** Bits per pixel of the global code, by the priors' estimate. */
  readonly globalBpp: number;
}

/** What was found of a network with one seed. */
export interface NetworkFound {
  /** One point for each quality. */
  readonly points: readonly NetworkPoint[];
  /** Number of weights. */
  readonly parameters: number;
}

/** A network with all seeds. */
export interface NetworkRow {
  /** Which network. */
  readonly variant: VariantName;
  /** One for each seed. */
  readonly runs: readonly (NetworkFound & { readonly seed: number })[];
}

/** What was found on a set of clips. */
export interface ContentRow {
  /** What its clips have in common. */
  readonly kind: ContentKind;
  /** The set, such as `sprites`. */
  readonly content: string;
  /** Numbers of segments, and of clips that were skipped. */
  readonly counts: {
    readonly train: number;
    readonly valid: number;
    readonly test: number;
    readonly skipped: number;
  };
  /** Number of test segments that were measured. */
  readonly tested: number;
  /** The clip of the segment that is shown. */
  readonly shown: string;
  /** In the order of {@linkcode VARIANT_NAMES}. */
  readonly networks: readonly NetworkRow[];
  /** Codecs of today; none where ffmpeg is not installed. */
  readonly rivals: readonly RivalPoint[];
}

/** What the section finds. */
export interface VideoMetrics {
  /** One for each set of clips. */
  readonly contents: readonly ContentRow[];
}

/** The section's result. */
export type VideoResult = SectionResult<VideoSettings, VideoMetrics>;

/**
 * The file with the frames of a set's example, beside the result.
 *
 * @param kind Of the set.
 * @param level The quality; the original by default.
 * @returns The name of a strip.
 */
export function frameStrip(kind: ContentKind, level?: number): string {
  return `${kind}_${level === undefined ? "original" : `level_${level}`}.png`;
}

/**
 * Settings, findings and names of *video*; needs no TensorFlow.
 *
 * @module
 */
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

/** How clips are cut, trained on and measured. */
export interface VideoSettings {
  /** Maximum number of segments of each train clip. */
  readonly trainPerClip: number;
  /** Maximum number of segments of each other clip. */
  readonly testPerClip: number;
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
  /** The set, such as `sprites`. */
  readonly content: string;
  /** Number of test segments. */
  readonly tested: number;
  /** In the order of {@linkcode VARIANT_NAMES}. */
  readonly networks: readonly NetworkRow[];
  /** Codecs of today; none where ffmpeg is not installed. */
  readonly rivals: readonly RivalPoint[];
}

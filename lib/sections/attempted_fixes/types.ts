/**
 * Settings, findings and names of *attempted fixes*; needs no TensorFlow.
 *
 * @module
 */

import type { CodeScores } from "@/experiment/measure.ts";
import type { SectionResult } from "@/experiment/types.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import type { FloorRow } from "@/sections/feature_capture/types.ts";
import type { ScheduleSettings } from "@/training/mod.ts";

/** Names in tables, charts and folders. */
const titles = {
  none: "no fix",
  standardised: "1 standardised",
  normalised: "1 normalised",
  capacity: "2 more capacity",
  dense: "3 fully connected",
  alternate: "4 alternate training",
  "from start": "5 high codes from the start",
};

/** No fix, and the write-up's five, the first of which is two. */
export type FixName = keyof typeof titles;

/** No fix and the write-up's fixes, in its order. */
export const FIXES = Object.keys(titles) as readonly FixName[];

/** How two networks are trained together. */
export interface PairTraining {
  /** Number of steps; each network is updated once in each. */
  readonly steps: number;
  /** Pairs per step, of each worker. */
  readonly batchSize: number;
  /** The learning rate over the run, the same for both. */
  readonly schedule: ScheduleSettings;
}

/** What decides the section. */
export interface AttemptedFixesSettings {
  /** The medium network without a fix; other decoders have the same size. */
  readonly medium: AutoencoderSettings;
  /** The high network without a fix; joint training lasts as long as its own. */
  readonly high: AutoencoderSettings;
  /** No fix and the write-up's fixes, in the order of the rows. */
  readonly fixes: readonly FixName[];
  /** Number of seeds of each fix, from the section's own on. */
  readonly seeds: number;
  /** Units in the middle of a fully connected layer. */
  readonly denseUnits: number;
  /** How all pairs are trained. */
  readonly pairTraining: PairTraining;
  /** Weights w of the medium image in joint training. */
  readonly mediumWeights: readonly number[];
  /** An adapter that is larger than any other decoder, and trained longer. */
  readonly largeAdapter: {
    /** Channels inside the decoder. */
    readonly width: number;
    /** Residual blocks. */
    readonly blocks: number;
    /** Passes over all pairs. */
    readonly epochs: number;
  };
  /** Numbers of channels that the floor is measured for. */
  readonly floorChannels: readonly number[];
  /** What the high image may lose for the medium one, in dB. */
  readonly highMayLoseDb: number;
}

/** What was measured of one run of a fix, on the test photos. */
export interface FixFound extends CodeScores {
  /** The medium network on its own code; null where it has learned none. */
  readonly mediumOwnDb: number | null;
  /** Weights of the medium network. */
  readonly mediumParameters: number;
  /** Weights of the high network. */
  readonly highParameters: number;
}

/** A fix with all its seeds. */
export interface FixRow {
  /** Which one. */
  readonly fix: FixName;
  /** One run per seed. */
  readonly runs: readonly (FixFound & { readonly seed: number })[];
}

/** A way to have one code for both images. */
export interface OneCodeFound {
  /** Its name. */
  readonly way: string;
  /** w, or null for an adapter. */
  readonly mediumWeight: number | null;
  /** On the validation photos, by which a way is chosen. */
  readonly valid: CodeScores;
  /** On the test photos. */
  readonly test: CodeScores;
  /** Weights of the medium decoder. */
  readonly parameters: number;
}

/** Both networks alone, each on its own code; mean PSNR in dB. */
export interface AloneScores {
  /** The medium network. */
  readonly mediumOwnDb: number;
  /** The high network. */
  readonly highDb: number;
  /** The high network's image, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
}

/** The floor with C channels, and what the code's neighbours add to it. */
export interface FixFloorRow extends FloorRow {
  /** The medium image by a map of each position and the eight around it. */
  readonly neighbourhoodMapDb: number;
}

/** What the section finds; mean PSNR in dB over the test photos. */
export interface AttemptedFixesMetrics {
  /** No fix and the write-up's fixes. */
  readonly fixes: readonly FixRow[];
  /** Our networks alone, each on its own code. */
  readonly alone: AloneScores;
  /** Adapters and joint training: the frontier of both images. */
  readonly frontier: readonly OneCodeFound[];
  /**
   * Of the ways whose high image loses no more than it may, the one with the
   * best medium image, both on the validation photos.
   */
  readonly fix: {
    /** Its name. */
    readonly way: string;
    /** The medium image from the high code. */
    readonly mediumFromHighDb: number;
    /** The medium network alone on its own code. */
    readonly mediumOwnDb: number;
    /** The high image of the same code, scaled down by Lanczos. */
    readonly highScaledDownDb: number;
    /** The high image. */
    readonly highDb: number;
    /** The high image of the high network alone. */
    readonly highAloneDb: number;
    /** The high network alone's image, scaled down by Lanczos. */
    readonly highAloneScaledDownDb: number;
  };
  /** Principal components in place of the networks. */
  readonly floors: readonly FixFloorRow[];
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section's result. */
export type AttemptedFixesResult = SectionResult<
  AttemptedFixesSettings,
  AttemptedFixesMetrics
>;

/**
 * A fix's name in tables, charts and folders.
 *
 * @param fix Which fix.
 */
export function fixTitle(fix: FixName): string {
  return titles[fix];
}

/**
 * The name of the strip of a fix's medium images from high codes in the
 * section's folder.
 *
 * @param fix Which fix.
 */
export function fixStrip(fix: FixName): string {
  return `fix_${fix.replaceAll(" ", "_")}.webp`;
}

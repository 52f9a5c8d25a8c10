/**
 * What decides section *feature capture*, and what it finds.
 *
 * @module
 */

import type { SectionResult } from "@/experiment/types.ts";
import type { CodeRelation } from "@/experiment/linear_maps.ts";
import type {
  AutoencoderSettings,
  NetworkKind,
} from "@/sections/autoencoders/types.ts";

/** What decides the section. */
export interface FeatureCaptureSettings {
  /** The medium networks. */
  readonly medium: AutoencoderSettings;
  /** The high networks. */
  readonly high: AutoencoderSettings;
  /** How the two convolutional networks are trained further, independently. */
  readonly trainOn: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
  };
  /** Channels that the floor is measured for. */
  readonly floorChannels: readonly number[];
}

/** One kind of network; PSNR in dB against the medium image. */
export interface CaptureRow extends CodeRelation {
  /** Which networks. */
  readonly kind: NetworkKind;
  /** (a) The medium network on its own code. */
  readonly mediumOwnDb: number;
  /** (b) The high image decoded and scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the unchanged high code. */
  readonly asIsDb: number;
  /** The medium decoder on the high code after a linear map. */
  readonly afterLinearMapDb: number;
}

/** What the section finds. */
export interface FeatureCaptureMetrics {
  /** Networks trained apart. */
  readonly networks: readonly CaptureRow[];
  /**
   * Two medium networks that differ only in their seed, which decides first
   * weights and the order of the images: what makes codes differ is not the
   * size of the images but training apart.
   */
  readonly twins: CodeRelation & {
    readonly ownDb: number;
    readonly asIsDb: number;
    readonly afterLinearMapDb: number;
  };
  /** Both convolutional networks, trained further independently. */
  readonly trainedOn: {
    readonly steps: number;
    /** Of the medium decoder on the high code, on the validation split. */
    readonly firstDb: number;
    readonly lastDb: number;
  };
  /** Principal components in place of the networks. */
  readonly floors: readonly FloorRow[];
  /** Photos of the figure. */
  readonly examples: readonly string[];
}

/** Principal components with C channels; PSNR in dB, means over the test photos. */
export interface FloorRow {
  /** C. */
  readonly channels: number;
  /** The high image from its code. */
  readonly highDb: number;
  /** The medium image from its own code. */
  readonly mediumOwnDb: number;
  /** The medium image from the high code, by the best linear map. */
  readonly linearMapDb: number;
  /** The high image from its code, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the unchanged high code. */
  readonly asIsDb: number;
}

/** The result of the section. */
export type FeatureCaptureResult = SectionResult<
  FeatureCaptureSettings,
  FeatureCaptureMetrics
>;

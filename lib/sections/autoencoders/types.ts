/**
 * What decides the sections that train autoencoders, and what they find.
 *
 * @module
 */

import type { SectionResult } from "@/experiment/types.ts";
import type { PairSize } from "@/datasets/mod.ts";
import type { Quality } from "@/experiment/measure.ts";
import type { ScheduleSettings } from "@/training/mod.ts";

/** The write-up's network, or ours. */
export type NetworkKind = "convolutional" | "residual from PCA";

/** What decides the networks of one size and their training. */
export interface AutoencoderSettings {
  /** Which image of each pair. */
  readonly size: PairSize;
  /** Its side in pixels. */
  readonly side: number;
  /** Pairs to train on. */
  readonly trainPairs: number;
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Images in each step of each worker. */
  readonly batchSize: number;
  /** Passes over all pairs. */
  readonly epochs: number;
  /** The write-up's network. */
  readonly convolutional: {
    readonly widths: readonly number[];
    readonly schedule: ScheduleSettings;
  };
  /** Ours. */
  readonly residual: {
    readonly patch: number;
    readonly width: number;
    readonly blocks: number;
    readonly schedule: ScheduleSettings;
  };
}

/** A trained network on the test photos. */
export interface ModelRow extends Quality {
  /** The run's name. */
  readonly run: string;
  /** Number of weights. */
  readonly parameters: number;
  /** With its code stored in 8 bits per number. */
  readonly stored: Quality;
  /** PSNR above the principal components' in dB; below 0 it is undertrained. */
  readonly aboveFloorDb: number;
}

/** A codec at the size nearest to the wanted one; means over the photos. */
export interface BaselineRow {
  /** The codec's name. */
  readonly codec: string;
  /** Bytes per photo. */
  readonly bytes: number;
  /** Bits per pixel. */
  readonly bpp: number;
  /** PSNR in dB. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
  /**
   * PSNR in dB of the decoded photo scaled down by Lanczos, against the photo
   * at half its size: what a server does that keeps one file.
   */
  readonly halfPsnrDb?: number;
}

/** What a section finds; qualities are means over the test photos. */
export interface AutoencoderMetrics {
  /** The code. */
  readonly latent: {
    /** Shape of one photo's code. */
    readonly shape: readonly number[];
    /** Numbers in it. */
    readonly floats: number;
    /** Numbers of the image for each of the code's. */
    readonly pixelsPerFloat: number;
    /** Its size in bytes with 8 bits per number. */
    readonly storedBytes: number;
  };
  /** The trained networks. */
  readonly models: readonly ModelRow[];
  /** Principal components with the same number of channels: the best linear code. */
  readonly floor: Quality;
  /** Image codecs at the size of the stored code. */
  readonly baselines: readonly BaselineRow[];
  /** Photos of the figure. */
  readonly examples: readonly string[];
}

/** The result of a section. */
export type AutoencoderResult = SectionResult<
  AutoencoderSettings,
  AutoencoderMetrics
>;

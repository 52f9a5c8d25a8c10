/**
 * What was measured of the codec, in types; see `codec_results.ts`.
 *
 * @module
 */

import type { LibraryVersions } from "@/baselines/mod.ts";
import type { Machine, Versions } from "@/experiment/environment.ts";

/** What every result of the codec says of where it comes from. */
export interface CodecOrigin {
  /** Id of the model, 16 hexadecimal digits. */
  readonly model: string;
  /** What it ran on. */
  readonly machine: Machine;
  /** What it ran with, the libraries of the other codecs included. */
  readonly versions: Versions & LibraryVersions;
}

/** Photos that codecs were measured on. */
export interface CodecDataset {
  /** The photo set's name; the last part of a folder's path. */
  readonly name: string;
  /** Changes with any photo of the set. */
  readonly fingerprint: string;
  /** How many were measured. */
  readonly photos: number;
}

/** A codec at one quality: means over the photos. */
export interface CodecPoint {
  /** The codec's own setting. */
  readonly quality: number;
  /** Bits of the whole file, header included, for a pixel of the photo. */
  readonly bpp: number;
  /** PSNR of the photo in dB, over 8-bit RGB. */
  readonly psnrDb: number;
  /** MS-SSIM of the photo, 0 to 1. */
  readonly msssim: number;
  /**
   * Bits of the part of the file that is the half, for a pixel of the photo;
   * absent where it takes the whole file.
   */
  readonly halfBpp?: number;
  /** PSNR at half size; absent where it was not published. */
  readonly halfPsnrDb?: number;
  /** MS-SSIM at half size; absent where it was not published. */
  readonly halfMsssim?: number;
}

/** The rate curve of a codec. */
export interface CodecCurve {
  /** For a program, such as `"jpegXl"`. */
  readonly id: string;
  /** For a reader. */
  readonly name: string;
  /** Where it was published, if it was not measured here. */
  readonly source?: string;
  /** By rising quality. */
  readonly points: readonly CodecPoint[];
}

/** Ours against another codec, in percent by the other's `id`. */
export type DeltaRates = Readonly<Record<string, number | null>>;

/** Rate and quality of all codecs on a photo set. */
export interface CodecRates extends CodecOrigin {
  /** The photos. */
  readonly dataset: CodecDataset;
  /** Ours first. */
  readonly codecs: readonly CodecCurve[];
  /** Limits of the delta rates, in bits a pixel. */
  readonly bdRange: readonly [low: number, high: number];
  /**
   * Extra bits of ours at equal PSNR (Bjøntegaard's delta rate); null where
   * the curves share no quality within the limits.
   */
  readonly bdRate: DeltaRates;
  /** The same at equal MS-SSIM. */
  readonly bdRateMsssim: DeltaRates;
  /**
   * As {@linkcode CodecRates.bdRate} for the second codec, if the first one is
   * ours with effort and the second ours without.
   */
  readonly bdRateNoEffort?: DeltaRates;
}

/** Processor time of a request in milliseconds, the median. */
export interface RequestCost {
  /** For the image of half the size. */
  readonly medium: number;
  /** For the whole photo. */
  readonly high: number;
}

/** A way of keeping a photo for two sizes. */
export type StorageWay =
  | "layered"
  | "two files"
  | "two files, high-only model"
  | "high only"
  | "one latent, two decoders";

/**
 * A way with a codec: means over the photos and targets that all ways reach;
 * null where there are none.
 */
export interface StorageRow {
  /** How the photo is kept. */
  readonly way: StorageWay;
  /** The codec's `id`. */
  readonly codec: string;
  /** For a reader. */
  readonly name: string;
  /** Photos and targets that it can meet. */
  readonly reached: number;
  /** Bytes that are kept. */
  readonly storedBytes: number | null;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number | null;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number | null;
  /** Decibels that the medium image which is sent falls below the target. */
  readonly mediumLossDb: number | null;
  /** What the server does for a request. */
  readonly serverCpuMs: RequestCost | null;
  /** What the client does to decode. */
  readonly clientCpuMs: RequestCost | null;
  /**
   * What the layered file takes more than this way, in percent; the mean over
   * all that this way reaches.
   */
  readonly layeredPercent: number | null;
}

/** One target: what the layered file of a quality reaches. */
export interface StorageTarget {
  /** Quality of the layered file. */
  readonly quality: number;
  /** PSNR of the photo in dB. */
  readonly highDb: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
  /** Bytes of the layered file. */
  readonly layeredBytes: number;
  /** Layered against our own two files, in percent. */
  readonly layeredVsSimulcastPercent: number | null;
  /** Layered against our own high only; null without such a model. */
  readonly layeredVsHighOnlyPercent: number | null;
  /** Layered against each row of the table, in its order. */
  readonly layeredPercent: readonly (number | null)[];
}

/** What one file for two sizes is worth, at equal PSNR at both. */
export interface CodecStorage extends CodecOrigin {
  /** The photos. */
  readonly dataset: CodecDataset;
  /** Id of the model that was trained for the photo alone, if one was given. */
  readonly highOnlyModel: string | null;
  /** Id of the model of one latent with two decoders, if one was given. */
  readonly twoDecodersModel: string | null;
  /** Photos times targets. */
  readonly pairs: number;
  /** Of these, the ones that every way reaches: those of the table's means. */
  readonly sharedPairs: number;
  /** The layered file first. */
  readonly rows: readonly StorageRow[];
  /** Mean over photos and targets; null if no target is reached. */
  readonly layeredVsSimulcastPercent: number | null;
  /** Mean over photos and targets; null without a high-only model. */
  readonly layeredVsHighOnlyPercent: number | null;
  /** Means over the photos. */
  readonly targets: readonly StorageTarget[];
}

/** Median milliseconds of a contestant for a photo. */
export interface SpeedRow {
  /** For a program. */
  readonly id: string;
  /** For a reader. */
  readonly name: string;
  /** Bytes of the file; absent where its weights are random. */
  readonly bytes?: number;
  /** The photo to a file. */
  readonly encodeMs: number;
  /** A file to the photo. */
  readonly decodeHighMs: number;
  /**
   * A file to the image of half the size: ours from its first layer, the
   * others scaled down by Lanczos; absent where that is not timed.
   */
  readonly decodeMediumMs?: number;
}

/** How long codecs take, one after the other on one machine. */
export interface CodecSpeed extends CodecOrigin {
  /** Name of the photo. */
  readonly photo: string;
  /** Its width in pixels. */
  readonly width: number;
  /** Its height in pixels. */
  readonly height: number;
  /** Threads of each. */
  readonly threads: number;
  /** Times that each was timed. */
  readonly rounds: number;
  /** Quality of ours. */
  readonly quality: number;
  /** Ours first. */
  readonly rows: readonly SpeedRow[];
  /** How many times as long as ours each takes, by `id`. */
  readonly timesOurs: Readonly<
    Record<string, { readonly encode: number; readonly decodeHigh: number }>
  >;
  /** Nanoseconds of a value in the entropy coder, on one core. */
  readonly coder: readonly {
    readonly name: string;
    readonly encodeNs: number;
    readonly decodeNs: number;
  }[];
  /** Versions of the peer in Python and what is to know of it; if it ran. */
  readonly peer?: {
    readonly versions: Readonly<Record<string, string>>;
    readonly remark: string;
  };
}

/** A whole photo by a codec. */
export interface ViewedFile {
  /** The codec's id, such as `"webp"`. */
  readonly id: string;
  /** For a reader. */
  readonly name: string;
  /** Of the file. */
  readonly bytes: number;
  /** PSNR of the photo in dB. */
  readonly psnrDb: number;
}

/** A photo by all codecs. */
export interface ViewedPhoto {
  /** Its name in its set. */
  readonly name: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Of the first layer of our file, with the header. */
  readonly mediumBytes: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
  /** Ours first; the others as near to its bytes as they come. */
  readonly files: readonly ViewedFile[];
}

/** What figures show of photos. */
export interface CodecViews extends CodecOrigin {
  /** Where the photos are from. */
  readonly dataset: CodecDataset;
  /** Quality of ours. */
  readonly quality: number;
  /** Side of the squares in pixels; of the medium image half of it. */
  readonly side: number;
  /** By name. */
  readonly views: readonly ViewedPhoto[];
}

/**
 * Types of the codec's measured results; `results.ts` reads and writes them.
 *
 * @module
 */

import type { LibraryVersions } from "@/baselines/mod.ts";
import type { Machine } from "@/experiment/types.ts";
import type { Versions } from "@/training/run.ts";

/** Where a result of the codec comes from. */
export interface CodecOrigin {
  /** Id of the model, 16 hexadecimal digits. */
  readonly model: string;
  /** The machine it ran on. */
  readonly machine: Machine;
  /** Versions of everything it ran with, including the other codecs. */
  readonly versions: Versions & LibraryVersions;
}

/** Photos that codecs were measured on. */
export interface CodecDataset {
  /** Name of the set; of a folder the last part of its path. */
  readonly name: string;
  /** Checksum of all photos of the set. */
  readonly fingerprint: string;
  /** Number of photos that were measured. */
  readonly photos: number;
}

/** A codec at one quality: means over the photos. */
export interface CodecPoint {
  /** The codec's own setting. */
  readonly quality: number;
  /** Bits of the whole file, header included, per pixel of the photo. */
  readonly bpp: number;
  /** PSNR of the photo in dB, over 8-bit RGB; of each photo at most 60. */
  readonly psnrDb: number;
  /**
   * Number of photos that count as 60 dB at either size, such as those without
   * any loss; missing if there are none.
   */
  readonly capped?: number;
  /** MS-SSIM of the photo, 0 to 1. */
  readonly msssim: number;
  /** SSIMULACRA 2 of the photo, at most 100; missing if it was not measured. */
  readonly ssimulacra2?: number;
  /**
   * Bits of the part of the file that gives the half, per pixel of the photo;
   * missing if that is the whole file.
   */
  readonly halfBpp?: number;
  /** PSNR at half size in dB; missing if it was not published. */
  readonly halfPsnrDb?: number;
  /** MS-SSIM at half size, 0 to 1; missing if it was not published. */
  readonly halfMsssim?: number;
}

/** The rate curve of a codec. */
export interface CodecCurve {
  /** Id, such as `"jpegXl"`. */
  readonly id: string;
  /** Name for readers. */
  readonly name: string;
  /** Where it was published, if it was not measured here. */
  readonly source?: string;
  /** In the order of rising quality. */
  readonly points: readonly CodecPoint[];
}

/** Ours against another codec, in percent by the other's `id`. */
export type DeltaRates = Readonly<Record<string, number | null>>;

/** Rate and quality of all codecs on a photo set. */
export interface CodecRates extends CodecOrigin {
  /** The photos. */
  readonly dataset: CodecDataset;
  /** All codecs, ours first. */
  readonly codecs: readonly CodecCurve[];
  /** Limits of the delta rates, in bits per pixel. */
  readonly bdRange: readonly [low: number, high: number];
  /**
   * Extra bits of ours at equal PSNR (Bjøntegaard's delta rate); null if the
   * curves share no quality within the limits.
   */
  readonly bdRate: DeltaRates;
  /** Extra bits of ours at equal MS-SSIM. */
  readonly bdRateMsssim: DeltaRates;
  /** As {@linkcode CodecRates.bdRate} for ours with effort, if it is given. */
  readonly bdRateWithEffort?: DeltaRates;
  /** Extra bits of ours at equal SSIMULACRA 2; missing if not measured. */
  readonly bdRateSsimulacra2?: DeltaRates;
  /** What computed SSIMULACRA 2; missing if it was not measured. */
  readonly ssimulacra2Library?: string;
  /**
   * Ids of codecs whose curves were kept from an earlier measurement of the same
   * photos by the same versions; missing if all were measured anew.
   */
  readonly kept?: readonly string[];
}

/** Median processor time of a request in milliseconds. */
export interface RequestCost {
  /** For the image of half the size. */
  readonly medium: number;
  /** For the whole photo. */
  readonly high: number;
}

/**
 * A way of storing a photo for two sizes. `"by resolution"` is one file with one
 * quality for both, whose prefix is the medium image; as its pixels are not where
 * scaling down puts them, its PSNR is against the format's own half of the photo.
 * `"progressive"` is such a file of which any prefix is an image of the full
 * size; scaled down, the shortest that is good enough is the medium image.
 */
export type StorageWay =
  | "layered"
  | "two files"
  | "high only"
  | "by resolution"
  | "progressive";

/**
 * A way of storing photos with a codec: means over the photos and targets that
 * all ways reach; null if there are none.
 */
export interface StorageRow {
  /** How the photo is stored. */
  readonly way: StorageWay;
  /** Id of the codec. */
  readonly codec: string;
  /** Name of the codec for readers. */
  readonly name: string;
  /** Number of photos and targets that it reaches. */
  readonly reached: number;
  /** Bytes that are stored. */
  readonly storedBytes: number | null;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number | null;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number | null;
  /** Decibels by which the medium image that is sent misses the target. */
  readonly mediumLossDb: number | null;
  /** Processor time of the server for a request. */
  readonly serverCpuMs: RequestCost | null;
  /** Processor time of the client to decode. */
  readonly clientCpuMs: RequestCost | null;
  /**
   * How much more the layered file stores than this way, in percent: the mean
   * over all photos and targets that this way reaches.
   */
  readonly layeredPercent: number | null;
}

/** Our layered file against a layered AVIF, in percent. */
export interface AgainstLayeredAvif {
  /** Of the whole file. */
  readonly total: number;
  /** Of the prefix for the medium image. */
  readonly prefix: number;
}

/** One target: what layered files of a quality reach. */
export interface StorageTarget {
  /** Quality of the layered files. */
  readonly quality: number;
  /**
   * Number of photos whose target is limited to 60 dB at either size, such as
   * those without any loss; missing if there are none.
   */
  readonly capped?: number;
  /** PSNR of the photo in dB. */
  readonly highDb: number;
  /** PSNR of the medium image in dB. */
  readonly mediumDb: number;
  /** Bytes of the layered file. */
  readonly layeredBytes: number;
  /** Layered against two files of ours, in percent. */
  readonly layeredVsSimulcastPercent: number | null;
  /**
   * Layered against AVIF of two layers; null if that does not reach the target,
   * missing if it was not measured.
   */
  readonly layeredVsLayeredAvifPercent?: AgainstLayeredAvif | null;
  /** Layered against each row of the table, in the table's order. */
  readonly layeredPercent: readonly (number | null)[];
}

/** What a photo's files take in some way of storing it. */
export interface StoredSizes extends Pick<StorageRow, "way" | "codec"> {
  /** Bytes that are stored. */
  readonly storedBytes: number;
  /** Bytes that show a placeholder; missing if the way has none. */
  readonly thumbnailBytes?: number;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number;
}

/** A photo at a target, stored in every way that reaches it. */
export interface StoredPair {
  /** Name of the photo in its set. */
  readonly photo: string;
  /** Quality of the layered file. */
  readonly quality: number;
  /** The ways that reach the target. */
  readonly ways: readonly StoredSizes[];
}

/** What one file for two sizes saves, at equal PSNR at both. */
export interface CodecStorage extends CodecOrigin {
  /** The photos. */
  readonly dataset: CodecDataset;
  /** Number of photos times targets. */
  readonly pairs: number;
  /** How many of these every way reaches; the table's means are over them. */
  readonly sharedPairs: number;
  /** All ways, the layered file first. */
  readonly rows: readonly StorageRow[];
  /** Mean over photos and targets; null if no target is reached. */
  readonly layeredVsSimulcastPercent: number | null;
  /** As in {@linkcode StorageTarget}, over all targets. */
  readonly layeredVsLayeredAvifPercent?: AgainstLayeredAvif | null;
  /** Versions of what encoded the other formats of one file, if it ran. */
  readonly rivalVersions?: Readonly<Record<string, string>>;
  /** Means over the photos. */
  readonly targets: readonly StorageTarget[];
  /** Single photos at targets, as far as they were kept. */
  readonly photos?: readonly StoredPair[];
}

/** Median times of a codec for a photo, in milliseconds. */
export interface SpeedRow {
  /** Id of the codec. */
  readonly id: string;
  /** Name for readers. */
  readonly name: string;
  /** Size of the file; missing if the codec's weights are random. */
  readonly bytes?: number;
  /** Encoding the photo. */
  readonly encodeMs: number;
  /** Decoding the photo. */
  readonly decodeHighMs: number;
  /**
   * Decoding the image of half the size: ours from its first layer, the others
   * scaled down by Lanczos; missing if that is not timed.
   */
  readonly decodeMediumMs?: number;
}

/**
 * What ours needs for a large photo: times in milliseconds, each from one run in
 * a process of its own, and the most memory of that process in MiB, with the
 * runtime, TensorFlow and the photo; null where the system does not tell.
 */
export interface LargePhotoCost {
  /** Width of the photo in pixels. */
  readonly width: number;
  /** Height of the photo in pixels. */
  readonly height: number;
  /** How the photo was made. */
  readonly made: string;
  /** Encoding. */
  readonly encodeMs: number;
  /** Memory to encode. */
  readonly encodeMiB: number | null;
  /** Decoding the photo. */
  readonly decodeHighMs: number;
  /** Memory to decode the photo. */
  readonly decodeHighMiB: number | null;
  /** Decoding the image of half the size from its prefix. */
  readonly decodeMediumMs: number;
  /** Memory to decode the image of half the size. */
  readonly decodeMediumMiB: number | null;
}

/** How long our decoder takes in a browser, for the photo of the table. */
export interface BrowserSpeed {
  /** Name and version. */
  readonly browser: string;
  /** Median times in milliseconds, of the backend that it chooses first. */
  readonly rows: readonly {
    readonly backend: string;
    readonly decodeHighMs: number;
    readonly decodeMediumMs: number;
  }[];
  /** Why better backends are not used, a sentence each. */
  readonly passedOver: readonly string[];
}

/** How long codecs take, timed in turns on one machine. */
export interface CodecSpeed extends CodecOrigin {
  /** Name of the photo. */
  readonly photo: string;
  /** Width of the photo in pixels. */
  readonly width: number;
  /** Height of the photo in pixels. */
  readonly height: number;
  /** Number of threads for each codec. */
  readonly threads: number;
  /** How many times each was timed. */
  readonly rounds: number;
  /** Quality of ours. */
  readonly quality: number;
  /** All codecs, ours first. */
  readonly rows: readonly SpeedRow[];
  /** Each codec's times divided by ours, by `id`. */
  readonly timesOurs: Readonly<
    Record<string, { readonly encode: number; readonly decodeHigh: number }>
  >;
  /** What ours needs for a photo of 25 megapixels, if it was measured. */
  readonly large?: LargePhotoCost;
  /** Our decoder in a browser, if there was one. */
  readonly inBrowser?: BrowserSpeed;
  /** Nanoseconds per value in the entropy coder, on one core. */
  readonly coder: readonly {
    readonly name: string;
    readonly encodeNs: number;
    readonly decodeNs: number;
  }[];
  /** Versions of the peer in Python and a remark on its times, if it ran. */
  readonly peer?: {
    readonly versions: Readonly<Record<string, string>>;
    readonly remark: string;
  };
}

/** A whole photo, coded by a codec. */
export interface ViewedFile {
  /** Id of the codec, such as `"webp"`. */
  readonly id: string;
  /** Name for readers. */
  readonly name: string;
  /** Size of the file. */
  readonly bytes: number;
  /** PSNR of the photo in dB, at most 60. */
  readonly psnrDb: number;
}

/** A photo, coded by all codecs. */
export interface ViewedPhoto {
  /** Name of the photo in its set. */
  readonly name: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Bytes of the first layer of our file, with the header. */
  readonly mediumBytes: number;
  /** PSNR of the medium image in dB, at most 60. */
  readonly mediumDb: number;
  /** Ours first; the others as close to its size as they come. */
  readonly files: readonly ViewedFile[];
}

/** Photos that figures show. */
export interface CodecViews extends CodecOrigin {
  /** The photo set. */
  readonly dataset: CodecDataset;
  /** Quality of ours. */
  readonly quality: number;
  /** Side of the crops in pixels; crops of the medium image have half of it. */
  readonly side: number;
  /** The photos, sorted by name. */
  readonly views: readonly ViewedPhoto[];
}

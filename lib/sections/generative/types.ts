/**
 * Settings, findings and names of *generative*; needs no TensorFlow.
 *
 * @module
 */

import type { SectionResult } from "@/experiment/types.ts";
import type { SplitDistance } from "@/metrics/mod.ts";
import type {
  DetailSamplerSettings,
  PatchDiscriminatorSettings,
} from "@/models/enlarging/mod.ts";
import type {
  EnlargedQuality,
  EnlargerTraining,
  EnlargeSettings,
  ShownPart,
  ShownSettings,
} from "@/sections/super_resolution/types.ts";

/** Names in tables and charts. */
const titles = {
  bicubic: "bicubic interpolation",
  Lanczos: "Lanczos interpolation",
  "least error": "least error",
  adversarial: "adversarial",
  drawn: "one draw",
  "mean of draws": "mean of draws",
};

/**
 * A way from the medium image to the high one: interpolation, the network of
 * the least squared error, the same trained against a discriminator, and one
 * that draws.
 */
export type GenerativeWay = keyof typeof titles;

/** All ways, in the order of the rows. */
export const GENERATIVE_WAYS = Object.keys(titles) as readonly GenerativeWay[];

/** How sets of patches are compared. */
export interface PerceptionSettings {
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Random splits of the places into halves. */
  readonly splits: number;
}

/** Weights of the terms of the adversarial network's loss. */
export interface AdversarialTerms {
  /** Of the game against the discriminator. */
  readonly adversarial: number;
  /** Of the difference between what the discriminator's layers see. */
  readonly features: number;
  /** Of the mean absolute error. */
  readonly absolute: number;
}

/** How the network from the medium image is trained against a second one. */
export interface AdversarialSettings {
  /** Number of seeds. */
  readonly seeds: number;
  /** The second network. */
  readonly discriminator: PatchDiscriminatorSettings;
  /** How both are trained; the rate is that of the first. */
  readonly training: Omit<EnlargerTraining, "detailWeight">;
  /** The second network's rate, relative to the first one's. */
  readonly judgeRate: number;
  /** What the first one is trained for. */
  readonly terms: AdversarialTerms;
}

/** The network that draws, how it is trained, and what is drawn. */
export interface SamplingSettings {
  /** The network. */
  readonly sampler: DetailSamplerSettings;
  /** How it is trained. */
  readonly training: Omit<EnlargerTraining, "detailWeight">;
  /** Passes over the pairs between two validations. */
  readonly validateEvery: number;
  /** Steps of a draw. */
  readonly steps: number;
  /** Draws of each test photo. */
  readonly draws: number;
}

/** How a file is encoded whose medium image is enlarged. */
export interface StoredFile {
  /** Quality of the file, 1 to 100; no two kinds have the same. */
  readonly quality: number;
  /** Place in the codec's `MEDIUM_QUALITIES`; its usual one by default. */
  readonly coarseness?: number;
}

/** Files whose second layer is made up. */
export interface StoredSettings {
  /** The codec's weights, a path in the checkout. */
  readonly model: string;
  /** The kinds of files, from the smallest medium image to the largest. */
  readonly files: readonly StoredFile[];
  /** Pairs that are encoded for training, as all kinds of files in turn. */
  readonly trainPairs: number;
  /** How networks are trained further on medium images from files. */
  readonly training: Pick<EnlargerTraining, "epochs" | "schedule">;
}

/** What decides the section. */
export interface GenerativeSettings {
  /** Number of train pairs. */
  readonly trainPairs: number;
  /** Side of the high images in pixels. */
  readonly side: number;
  /** Photos that validate and that test, at most; all by default. */
  readonly heldOut?: number;
  /** The network that makes one image. */
  readonly network: EnlargeSettings;
  /** How it is trained for the least squared error. */
  readonly training: EnlargerTraining;
  /** How sets of patches are compared. */
  readonly perception: PerceptionSettings;
  /** How it is trained further, against a second network. */
  readonly adversarial: AdversarialSettings;
  /** The same without what keeps such training stable. */
  readonly unstable: AdversarialSettings;
  /** The network that draws. */
  readonly sampling: SamplingSettings;
  /** Files whose second layer is made up. */
  readonly stored: StoredSettings;
  /** What figures show. */
  readonly shown: ShownSettings;
}

/** Quality of high images, means over photos. */
export interface GenerativeQuality extends EnlargedQuality {
  /** PSNR in dB of the image, scaled down, against the medium image. */
  readonly scaledDownDb: number;
  /** How far the patches are from those of originals, as a set. */
  readonly patches: SplitDistance;
}

/** What was measured of a way on the test photos. */
export interface GenerativeFound extends GenerativeQuality {
  /** Weights of everything that is needed to make the high image. */
  readonly parameters: number;
  /** Multiplications per pixel of the high image; null for interpolation. */
  readonly multiplyAdds: number | null;
}

/** A way to the high image. */
export interface GenerativeRow extends GenerativeFound {
  /** Which way. */
  readonly way: GenerativeWay;
}

/** The adversarial network of one seed. */
export interface AdversarialFound extends GenerativeQuality {
  /**
   * How often the discriminator gave the real place the higher score, over the
   * last tenth of the steps; 0.5 if it only guesses.
   */
  readonly toldApart: number;
}

/** Training without what keeps it stable. */
export interface UnstableFound {
  /** The step at which a loss was no longer finite, if one was. */
  readonly divergedAt: number | null;
  /** What came out; null if it diverged. */
  readonly quality: AdversarialFound | null;
}

/** Where draws differ, and where their mean is wrong. */
export interface DeviationBin {
  /** Root mean square of the deviation over draws, in 0..1 of the image. */
  readonly deviation: number;
  /** Root mean square of the error of their mean. */
  readonly error: number;
}

/** What was measured of draws. */
export interface DrawsFound {
  /** The first draw of each photo. */
  readonly drawn: GenerativeFound;
  /** The mean of all draws of each photo. */
  readonly mean: GenerativeFound;
  /** PSNR in dB of a single draw, a mean over all. */
  readonly singleDb: number;
  /** PSNR in dB of the mean of so many draws. */
  readonly meanDb: readonly {
    readonly draws: number;
    readonly psnrDb: number;
  }[];
  /** Correlation, over pixels, of the deviation with the size of the error. */
  readonly correlation: number;
  /** Tenths of all pixels, by their deviation. */
  readonly bins: readonly DeviationBin[];
}

/** Ways from a stored file to the high image. */
export type StoredWay =
  | "Lanczos"
  | "least error"
  | "adversarial"
  | "least error, trained on files"
  | "one draw, trained on files"
  | "its own layers"
  | "whole file"
  | "AVIF";

/** A way at one quality of the files; means over the test photos. */
export interface StoredRow {
  /**
   * Which: the first five enlarge a file's medium image; "its own layers" and
   * "AVIF" are other files of as many bytes, where there are any; "whole file"
   * has its second layer, and more bytes.
   */
  readonly way: StoredWay;
  /** Of the file whose medium image is enlarged. */
  readonly quality: number;
  /** Bits per pixel of the high image. */
  readonly bitsPerPixel: number;
  /** PSNR in dB. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
  /** HaarPSI, 0 to 1. */
  readonly haarPsi: number;
  /** How far the patches are from those of originals, as a set. */
  readonly distance: number;
}

/** What was found of files whose second layer is made up. */
export interface StoredFound {
  /** By way and quality. */
  readonly rows: readonly StoredRow[];
}

/** What the section finds. */
export interface GenerativeMetrics {
  /** In the order of tables; means over the test photos. */
  readonly ways: readonly GenerativeRow[];
  /** Originals compared with themselves. */
  readonly noise: SplitDistance;
  /** Between one half of the photos and the other; null for a single photo. */
  readonly otherPhotos: number | null;
  /** The adversarial network, one for each seed. */
  readonly adversarial: readonly (AdversarialFound & {
    readonly seed: number;
  })[];
  /** The same without what keeps it stable. */
  readonly unstable: UnstableFound;
  /** The draws. */
  readonly draws: DrawsFound;
  /** Files whose second layer is made up. */
  readonly stored: StoredFound;
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section's result. */
export type GenerativeResult = SectionResult<
  GenerativeSettings,
  GenerativeMetrics
>;

/**
 * A way's name in tables and charts.
 *
 * @param way Which way.
 */
export function generativeTitle(way: GenerativeWay): string {
  return titles[way];
}

const storedTitles: Readonly<Record<StoredWay, string>> = {
  Lanczos: "medium image, Lanczos",
  "least error": "medium image, least error",
  adversarial: "medium image, adversarial",
  "least error, trained on files":
    "medium image, least error, trained on files",
  "one draw, trained on files": "medium image, one draw, trained on files",
  "its own layers": "the codec, all layers, as many bytes",
  "whole file": "the codec, with its second layer",
  AVIF: "AVIF, as many bytes",
};

/**
 * The name in tables and charts of a way from a stored file.
 *
 * @param way Which way.
 */
export function storedTitle(way: StoredWay): string {
  return storedTitles[way];
}

/** What a strip shows besides the ways' images. */
export type GenerativeStrip =
  | GenerativeWay
  | "original"
  | "second draw"
  | "third draw"
  | "deviation"
  | "error"
  | "unstable";

/**
 * The name of a strip in the section's folder.
 *
 * @param shown A way, the original, or what else is shown.
 * @param part Whole photos, or squares of them.
 */
export function generativeStrip(
  shown: GenerativeStrip,
  part: ShownPart,
): string {
  return `${shown.toLowerCase().replace(/[^a-z]+/g, "_")}_${part}.webp`;
}

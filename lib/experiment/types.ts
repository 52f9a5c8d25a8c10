/**
 * What a section of the write-up is: settings in, a result out, figures from
 * the result.
 *
 * @module
 */

import type { Chart } from "@/charts/mod.ts";
import type { RunControls, RunRecord, Versions } from "@/training/mod.ts";

/** The sections by the one name that each has everywhere. */
export type SectionName =
  | "data"
  | "medium_training"
  | "high_training"
  | "feature_capture"
  | "attempted_fixes"
  | "vae"
  | "ablation_32x32"
  | "super_resolution"
  | "generative"
  | "cdn_cache"
  | "video";

/** How much work a section does: minutes, or the scale of the write-up. */
export type Profile = "quick" | "full";

/** The machine that a result was made on. */
export interface Machine {
  /** The processor's name. */
  readonly cpu: string;
  /** Number of its cores. */
  readonly cores: number;
  /** Its memory, rounded to GiB. */
  readonly memoryGiB: number;
  /** Operating system and architecture. */
  readonly os: string;
  /** Devices that TensorFlow used, such as `CPU`. */
  readonly devices: readonly string[];
  /** Workers that trained together, each with batches of its own; if several. */
  readonly workers?: number;
}

/** The photos of a result. */
export interface DatasetSummary {
  /** The photo set's name; the last part of a folder's path. */
  readonly name: string;
  /** Changes with any photo. */
  readonly fingerprint: string;
  /** Changes with any pair: with the photos, their crops and their sizes. */
  readonly pairs?: string;
  /** Pairs for training, photos for the rest, and files that were skipped. */
  readonly counts: {
    readonly train: number;
    readonly valid: number;
    readonly test: number;
    readonly skipped: number;
  };
}

/** What `results/<section>/result.json` holds. */
export interface SectionResult<Settings = unknown, Metrics = unknown> {
  /** The section. */
  readonly section: SectionName;
  /** How much work was done; `"trial"` if the number of steps was limited. */
  readonly profile: Profile | "trial";
  /** Maximum number of steps of each training run of a trial. */
  readonly steps?: number;
  /** What decided the result besides the photos, the seed and the versions. */
  readonly settings: Settings;
  /** Maps and components were fitted to every nth train pair. */
  readonly fitEvery?: number;
  /** Decides first weights, crops and orders. */
  readonly seed: number;
  /** The photos. */
  readonly dataset: DatasetSummary;
  /** What it ran on. */
  readonly machine: Machine;
  /** What it ran with. */
  readonly versions: Versions;
  /** Losses of all training runs. */
  readonly history: readonly RunRecord[];
  /** What was found. */
  readonly metrics: Metrics;
}

/** What a section is given. */
export interface SectionContext {
  /** How much work to do. */
  readonly profile: Profile;
  /** Decides first weights, crops and orders. */
  readonly seed: number;
  /** A photo set's name, or a folder. */
  readonly data: string;
  /** A folder of clips; made ones by default. */
  readonly clips?: string;
  /** Where its result goes. */
  readonly folder: string;
  /** Maximum number of steps of each training run, for trial runs. */
  readonly steps?: number;
  /** How to watch and to stop it. */
  readonly controls: SectionControls;
}

/** How to watch and to stop a section. */
export interface SectionControls extends RunControls {
  /** Called with a figure of current reconstructions after each epoch. */
  readonly onPhotos?: (bytes: Uint8Array, alt: string) => void;
}

/** What a figure shows: a chart, or photos as a PNG or JPEG file. */
export type Drawing =
  | { readonly chart: Chart }
  | { readonly photos: Uint8Array; readonly alt: string };

/** A figure that was drawn. */
export type Figure = Drawing & { readonly name: string };

/** Figures by name, in order; each is drawn when it is called. */
export type Figures = Readonly<
  Record<string, () => Drawing | Promise<Drawing>>
>;

/** A section. */
export interface Section<Settings = unknown, Metrics = unknown> {
  /** Its name in notebooks, code, results and tests. */
  readonly name: SectionName;
  /** What it does, in a sentence. */
  readonly title: string;
  /** Its settings in a profile. */
  settings(profile: Profile): Settings;
  /** Does the work; what was done before is not done again. */
  run(context: SectionContext): Promise<SectionResult<Settings, Metrics>>;
  /**
   * Its figures, which need no training.
   *
   * @param result From {@linkcode run}.
   * @param folder Where the result and its photos are.
   * @returns The figures by name; none is drawn yet.
   */
  figures(result: SectionResult<Settings, Metrics>, folder: string): Figures;
}

/**
 * Results that are there, and figures from them: the part of the sections that
 * needs no TensorFlow, so that a notebook opens at once.
 *
 * @module
 */

import type {
  AblationMetrics,
  AblationSettings,
} from "@/sections/ablation_32x32/mod.ts";
import { ablationFigures } from "@/sections/ablation_32x32/figures.ts";
import type {
  AttemptedFixesMetrics,
  AttemptedFixesSettings,
} from "@/sections/attempted_fixes/mod.ts";
import { attemptedFixesFigures } from "@/sections/attempted_fixes/figures.ts";
import { autoencoderFigures } from "@/sections/autoencoders/figures.ts";
import type { AutoencoderMetrics } from "@/sections/autoencoders/types.ts";
import type { DataMetrics, DataSettings } from "@/sections/data/types.ts";
import type {
  FeatureCaptureMetrics,
  FeatureCaptureSettings,
} from "@/sections/feature_capture/types.ts";
import { dataFigures } from "@/sections/data/figures.ts";
import { featureCaptureFigures } from "@/sections/feature_capture/figures.ts";
import { readResult } from "@/experiment/results.ts";
import type { Figure, SectionName, SectionResult } from "@/experiment/types.ts";
import type { SuperResolutionMetrics } from "@/sections/super_resolution/mod.ts";
import { superResolutionFigures } from "@/sections/super_resolution/figures.ts";
import type { SuperResolutionSettings } from "@/sections/super_resolution/runs.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import type { VaeMetrics, VaeSettings } from "@/sections/vae/mod.ts";
import { vaeFigures } from "@/sections/vae/figures.ts";

/** What each section finds. */
export interface SectionResults {
  /** Of `data`. */
  readonly data: SectionResult<DataSettings, DataMetrics>;
  /** Of `medium_training`. */
  readonly medium_training: SectionResult<
    AutoencoderSettings,
    AutoencoderMetrics
  >;
  /** Of `high_training`. */
  readonly high_training: SectionResult<
    AutoencoderSettings,
    AutoencoderMetrics
  >;
  /** Of `feature_capture`. */
  readonly feature_capture: SectionResult<
    FeatureCaptureSettings,
    FeatureCaptureMetrics
  >;
  /** Of `attempted_fixes`. */
  readonly attempted_fixes: SectionResult<
    AttemptedFixesSettings,
    AttemptedFixesMetrics
  >;
  /** Of `vae`. */
  readonly vae: SectionResult<VaeSettings, VaeMetrics>;
  /** Of `ablation_32x32`. */
  readonly ablation_32x32: SectionResult<AblationSettings, AblationMetrics>;
  /** Of `super_resolution`. */
  readonly super_resolution: SectionResult<
    SuperResolutionSettings,
    SuperResolutionMetrics
  >;
}

/** A result and its figures. */
export interface Published<Name extends SectionName = SectionName> {
  /** What was found. */
  readonly result: SectionResults[Name];
  /** Drawn from the result. */
  readonly figures: readonly Figure[];
}

const draw: {
  readonly [Name in SectionName]: (
    result: SectionResults[Name],
    folder: string,
  ) => Promise<Figure[]>;
} = {
  data: dataFigures,
  medium_training: autoencoderFigures,
  high_training: autoencoderFigures,
  feature_capture: featureCaptureFigures,
  attempted_fixes: attemptedFixesFigures,
  vae: vaeFigures,
  ablation_32x32: ablationFigures,
  super_resolution: superResolutionFigures,
};

/**
 * Reads a section's result and draws its figures.
 *
 * @param name The section.
 * @param folder Such as `results/medium_training`.
 * @throws {ResultError} When there is no result.
 */
export async function readPublished<Name extends SectionName>(
  name: Name,
  folder: string,
): Promise<Published<Name>> {
  const result = await readResult(folder) as SectionResults[Name];
  return { result, figures: await draw[name](result, folder) };
}

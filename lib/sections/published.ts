/**
 * Results that are kept in a folder, and the figures drawn from them: the part
 * of the sections that needs no TensorFlow, so that a notebook opens at once.
 *
 * @module
 */

import { readResult } from "@/experiment/results.ts";
import type {
  Figures,
  SectionName,
  SectionResult,
} from "@/experiment/types.ts";
import { ablationFigures } from "./ablation_32x32/figures.ts";
import { attemptedFixesFigures } from "./attempted_fixes/figures.ts";
import { autoencoderFigures } from "./autoencoders/figures.ts";
import { cdnCacheFigures } from "./cdn_cache/figures.ts";
import { dataFigures } from "./data/figures.ts";
import { featureCaptureFigures } from "./feature_capture/figures.ts";
import { generativeFigures } from "./generative/figures.ts";
import { superResolutionFigures } from "./super_resolution/figures.ts";
import { vaeFigures } from "./vae/figures.ts";
import { videoFigures } from "./video/figures.ts";

/** The figures of each section, in the write-up's order. */
const sectionFigures = {
  data: dataFigures,
  medium_training: autoencoderFigures,
  high_training: autoencoderFigures,
  feature_capture: featureCaptureFigures,
  attempted_fixes: attemptedFixesFigures,
  vae: vaeFigures,
  ablation_32x32: ablationFigures,
  super_resolution: superResolutionFigures,
  generative: generativeFigures,
  cdn_cache: cdnCacheFigures,
  video: videoFigures,
};

/** The names of all sections, in the write-up's order. */
export const sectionNames: readonly SectionName[] = Object.keys(
  sectionFigures,
) as SectionName[];

/** What each section finds. */
export type SectionResults = {
  readonly [Name in SectionName]: Parameters<typeof sectionFigures[Name]>[0];
};

/** A result and its figures. */
export interface Published<Name extends SectionName = SectionName> {
  /** What was found. */
  readonly result: SectionResults[Name];
  /** Drawn from the result, each when it is called. */
  readonly figures: Figures;
}

/**
 * Reads a section's result. Its figures are drawn when they are called.
 *
 * @param name The section.
 * @param folder Such as `results/medium_training`.
 * @returns The result and its figures.
 * @throws {ResultError} When there is no result, with the command that makes
 * it.
 */
export async function readPublished<Name extends SectionName>(
  name: Name,
  folder: string,
): Promise<Published<Name>> {
  const result = await readResult(folder) as SectionResults[Name];
  const draw = sectionFigures[name] as (
    result: SectionResult,
    folder: string,
  ) => Figures;
  return { result, figures: draw(result, folder) };
}

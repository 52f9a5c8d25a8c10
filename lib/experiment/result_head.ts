/**
 * What all results of sections begin with.
 *
 * @module
 */

import { describeMachine, describeVersions } from "./environment.ts";
import type {
  DatasetSummary,
  SectionContext,
  SectionName,
  SectionResult,
} from "./section.ts";

/** A result without what was found. */
export type ResultHead<Settings> = Omit<
  SectionResult<Settings>,
  "history" | "metrics"
>;

/**
 * Says what a result is of, what decided it and what it ran on.
 *
 * @param section Its name.
 * @param settings All that decided it beside the context.
 * @param dataset The photos.
 * @param context What the section was given.
 */
export function resultHead<Settings>(
  section: SectionName,
  settings: Settings,
  dataset: DatasetSummary,
  { profile, seed }: SectionContext,
): ResultHead<Settings> {
  return {
    section,
    profile,
    settings,
    seed,
    dataset,
    machine: describeMachine(),
    versions: describeVersions(),
  };
}

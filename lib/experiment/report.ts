/**
 * What every notebook on a section says of its result.
 *
 * @module
 */

import { count } from "./number_words.ts";
import type { SectionResult } from "./types.ts";

/**
 * Describes how a result was made.
 *
 * @param result Any section's.
 * @param details What else to say, as sentences.
 * @returns Markdown.
 */
export function describeRun(
  { profile, steps, seed, dataset, machine, versions }: SectionResult,
  details = "",
): string {
  const { train, test } = dataset.counts;
  const limit = steps === undefined ? "" : ` of at most ${steps} steps per run`;
  return `Profile **${profile}**${limit}, seed ${seed}, photo set "${dataset.name}":
${count(train)} training pairs; qualities are means over ${test} test photos.
${details}${
    details && "\n"
  }Computed with TensorFlow ${versions.tensorflow} on ${machine.cores} cores
(${machine.cpu}).`;
}

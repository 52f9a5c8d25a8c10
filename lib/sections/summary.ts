/**
 * What each section found, in a sentence for a terminal.
 *
 * @module
 */

import type { SectionName } from "@/experiment/types.ts";
import { mean } from "@/metrics/mod.ts";
import { summarizeCdnCache } from "./cdn_cache/report.ts";
import { summarizeGenerative } from "./generative/report.ts";
import type { SectionResults } from "./published.ts";
import { summarizeVideo } from "./video/report.ts";

const decibels = (db: number) => `${db.toFixed(2)} dB`;

/** Says how well the best network of a size does. */
function bestNetwork(
  { metrics: { models } }: SectionResults["medium_training"],
): string {
  const best = models.toSorted((a, b) => b.psnrDb - a.psnrDb)[0]!;
  return `The best network (${best.run}) reaches ${decibels(best.psnrDb)} on ` +
    "test photos.";
}

const summaries: {
  readonly [Name in SectionName]: (result: SectionResults[Name]) => string;
} = {
  data: ({ metrics: { splits } }) =>
    `${splits.train.photos} photos for training, ${splits.valid.photos} for ` +
    `validation, ${splits.test.photos} for the test.`,
  medium_training: bestNetwork,
  high_training: bestNetwork,
  feature_capture: ({ metrics: { networks } }) => {
    const best = networks.toSorted((a, b) => b.asIsDb - a.asIsDb)[0]!;
    return "The medium decoder reads the unchanged high code at " +
      `${decibels(best.asIsDb)} at best, its own code at ` +
      `${decibels(best.mediumOwnDb)}.`;
  },
  attempted_fixes: ({ metrics: { fix } }) =>
    `One code for both sizes ("${fix.way}") gives the medium image at ` +
    `${decibels(fix.mediumFromHighDb)}, a code of its own ` +
    `${decibels(fix.mediumOwnDb)}; the high image has ` +
    `${decibels(fix.highDb)}.`,
  vae: ({ metrics: { rows } }) => {
    const loss = ({ medium, capture }: typeof rows[number]) =>
      medium.psnrDb - capture.asIsDb;
    const plain = rows.find(({ beta }) => beta === null)!;
    const least = Math.min(
      ...rows.filter(({ beta }) => beta !== null).map(loss),
    );
    return "Reading the high code costs the medium decoder " +
      `${decibels(loss(plain))}, and ${decibels(least)} at least where the ` +
      "networks are variational.";
  },
  ablation_32x32: ({ settings, metrics: { rows } }) =>
    settings.kinds.map((kind) => {
      const { runs } = rows.find((row) =>
        row.kind === kind && row.way === "adapter"
      )!;
      const { runs: own } = rows.find((row) =>
        row.kind === kind && row.way === "none"
      )!;
      return `${kind}: one code gives the medium image at ` +
        `${decibels(mean(runs.map((run) => run.mediumFromHighDb)))}, a code ` +
        `of its own ${decibels(mean(own.map((run) => run.mediumOwnDb!)))}`;
    }).join("; ").replace(/^./, (letter) => letter.toUpperCase()) + ".",
  super_resolution: ({ metrics: { ways } }) => {
    const of = (name: string) => ways.find(({ way }) => way === name)!.psnrDb;
    return "From the medium image alone the network makes the high one at " +
      `${decibels(of("from medium"))}; Lanczos interpolation reaches ` +
      `${decibels(of("Lanczos"))}.`;
  },
  generative: ({ metrics }) => summarizeGenerative(metrics),
  cdn_cache: ({ metrics, settings }) =>
    summarizeCdnCache(metrics, settings.comparedShare),
  video: ({ metrics }) => summarizeVideo(metrics),
};

/**
 * Says in a sentence what a section found.
 *
 * @param name The section.
 * @param result Its result, of any profile.
 * @returns Plain text.
 * @example
 * ```ts
 * import { readPublished } from "@/sections/published.ts";
 * import { summarizeSection } from "@/sections/summary.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const { result } = await readPublished("data", "results/data");
 * assertMatch(summarizeSection("data", result), /^\d+ photos for training/);
 * ```
 */
export function summarizeSection<Name extends SectionName>(
  name: Name,
  result: SectionResults[Name],
): string {
  return summaries[name](result);
}

/**
 * The write-up's claims beside what was measured: what the overview says in
 * numbers, from the results of all sections.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { count, countOf, decibels } from "@/experiment/number_words.ts";
import { mean } from "@/metrics/statistics.ts";
import type { AblationResult } from "@/sections/ablation_32x32/types.ts";
import type {
  AttemptedFixesResult,
  FixName,
} from "@/sections/attempted_fixes/types.ts";
import { fixScores } from "@/sections/attempted_fixes/report.ts";
import type { AutoencoderResult } from "@/sections/autoencoders/types.ts";
import { summarizeCdnCache } from "@/sections/cdn_cache/report.ts";
import type { CdnCacheResult } from "@/sections/cdn_cache/types.ts";
import type { FeatureCaptureResult } from "@/sections/feature_capture/types.ts";
import type {
  SuperResolutionResult,
} from "@/sections/super_resolution/types.ts";
import { summarizeGenerative } from "@/sections/generative/report.ts";
import type { GenerativeResult } from "@/sections/generative/types.ts";
import type { VaeResult } from "@/sections/vae/types.ts";
import { summarizeVideo } from "@/sections/video/report.ts";
import type { VideoResult } from "@/sections/video/types.ts";

/** The results that the overview compares. */
export interface OverviewResults {
  /** Of medium training. */
  readonly medium: AutoencoderResult;
  /** Of high training. */
  readonly high: AutoencoderResult;
  /** Of feature capture. */
  readonly capture: FeatureCaptureResult;
  /** Of the attempted fixes. */
  readonly fixes: AttemptedFixesResult;
  /** Of variational autoencoders. */
  readonly vae: VaeResult;
  /** Of the ablation at 32x32. */
  readonly small: AblationResult;
  /** Of super-resolution. */
  readonly larger: SuperResolutionResult;
  /** Of networks that make detail up. */
  readonly made: GenerativeResult;
  /** Of the cache of a content delivery network. */
  readonly cached: CdnCacheResult;
  /** Of video. */
  readonly video: VideoResult;
}

/**
 * Describes what was measured on which photos.
 *
 * @param results Of all sections.
 * @returns Markdown.
 */
export function describeData(
  { fixes: { dataset, profile } }: OverviewResults,
): string {
  return `Photo set "${dataset.name}", profile ${profile}:
${dataset.counts.train} pairs of a medium (172 × 172) and a high image
(344 × 344) for training. Qualities are means over ${dataset.counts.test} test
photos, of 8-bit pixels.`;
}

/**
 * Describes the two images from one code.
 *
 * @param results Of all sections.
 * @returns Markdown.
 */
export function summarizeOneCode({ fixes }: OverviewResults): string {
  const { fix } = fixes.metrics;
  return `From the stored high code the medium image comes out at
**${decibels(fix.mediumFromHighDb)}**. A medium network on a code of its own
reaches ${decibels(fix.mediumOwnDb)}, the high image scaled down
${decibels(fix.highScaledDownDb)}. The high image has ${decibels(fix.highDb)},
that of the high network alone ${decibels(fix.highAloneDb)}. The decoder used
here is the "${fix.way}".`;
}

/**
 * Lists the write-up's claims, what was measured, and the notebook with more.
 *
 * @param results Of all sections.
 * @returns A Markdown table.
 */
export function claims(results: OverviewResults): string {
  const rows = [
    [
      "A fully connected network of 172 × 172 × 3 has too many parameters.",
      fullyConnected(results),
      "7_ablation_32x32",
    ],
    [
      "A convolutional autoencoder learns medium images.",
      mediumTraining(results),
      "2_medium_training",
    ],
    [
      "The same holds for high images.",
      highTraining(results),
      "3_high_training",
    ],
    [
      "Feature capture, the medium decoder on the high code, does not converge.",
      featureCapture(results),
      "4_feature_capture",
    ],
    ...fixes(results).map((row) => [...row, "5_attempted_fixes"]),
    [
      "Variational autoencoders were left open.",
      variational(results),
      "6_vae",
    ],
    [
      "So was a size of 32 × 32.",
      smallImages(results),
      "7_ablation_32x32",
    ],
    [
      "A generative network from medium to high is next.",
      superResolution(results),
      "9_super_resolution",
    ],
    [
      "One code instead of a file per resolution helps a delivery network.",
      cdnCache(results),
      "10_cdn_cache",
    ],
    [
      "Video is last: the paper does not decode into two resolutions.",
      summarizeVideo(results.video.metrics),
      "11_video",
    ],
  ];
  return [
    "| | The write-up | Measured | Notebook |",
    "| --- | --- | --- | --- |",
    ...rows.map(([claim, measured, notebook], i) =>
      `| ${i + 1} | ${claim} | ${measured} | [${
        notebook!.split("_")[0]
      }](${notebook}.ipynb) |`
    ),
  ].join("\n");
}

/**
 * Compares the one code with image codecs of as many bytes.
 *
 * @param results Of all sections.
 */
export function storedFileTable({ high, fixes }: OverviewResults): Table {
  const { baselines, latent } = high.metrics;
  const { fix } = fixes.metrics;
  const ours = {
    codec: "one code, two decoders",
    bytes: latent.storedBytes,
    psnrDb: fix.highDb,
    halfPsnrDb: fix.mediumFromHighDb,
  };
  const caption = `One stored file of about ${
    count(latent.storedBytes)
  } bytes per photo`;
  return makeTable(caption, [ours, ...baselines], [
    ["", (row) => row === ours ? row.codec : `${row.codec}, scaled down`],
    ["Bytes per photo", ({ bytes }) => bytes, 0],
    ["High (PSNR, dB)", ({ psnrDb }) => psnrDb, 2],
    ["Medium (PSNR, dB)", ({ halfPsnrDb }) => halfPsnrDb, 2],
  ]);
}

/**
 * Describes by how much AVIF is ahead of the one code.
 *
 * @param results Of all sections.
 * @returns Markdown.
 */
export function describeAvif({ high, fixes }: OverviewResults): string {
  const { fix } = fixes.metrics;
  const avif = high.metrics.baselines.find(({ codec }) =>
    codec.startsWith("AVIF")
  )!;
  return `The simple way wins by far: AVIF is
**${decibels(avif.psnrDb - fix.highDb)}** better for the high image and
**${decibels(avif.halfPsnrDb! - fix.mediumFromHighDb)}** for the medium one. And
the row of the network is flattering: its qualities are those of a code in
floating point, which takes more than 8 bits per number.`;
}

function fullyConnected({ small }: OverviewResults): string {
  const size = (hidden: readonly number[]) => {
    const { parameters, trainingBytes } = small.metrics.dense.find((row) =>
      row.size === 172 && row.hidden.join() === hidden.join()
    )!;
    return `${(parameters / 1e9).toFixed(1)} billion weights and ` +
      `${
        (trainingBytes / 1e9).toFixed(1)
      } GB with gradients and Adam's moments`;
  };
  return `True with one layer each way: ${size([])}. With a hidden layer of ` +
    `4,096 it has ${size([4096])}. At 32 × 32 it trains.`;
}

function mediumTraining({ medium }: OverviewResults): string {
  const { models: [conv, ours], floor } = medium.metrics;
  return `It does: ${decibels(conv!.psnrDb)}. The simplest code with as many ` +
    `numbers, principal components, reaches ${decibels(floor.psnrDb)}: after ` +
    "ten epochs the network is undertrained. One that starts from the " +
    `components reaches ${decibels(ours!.psnrDb)}.`;
}

function highTraining({ high }: OverviewResults): string {
  const { models: [conv, ours], floor } = high.metrics;
  return `It does: ${decibels(conv!.psnrDb)}; components ` +
    `${decibels(floor.psnrDb)}; started from them ${decibels(ours!.psnrDb)}.`;
}

function featureCapture({ capture }: OverviewResults): string {
  const [plain] = capture.metrics.networks;
  return `True: ${decibels(plain!.asIsDb)}, against ` +
    `${decibels(plain!.mediumOwnDb)} on its own code. The two codes have ` +
    "different bases: a linear map alone raises it to " +
    `${decibels(plain!.afterLinearMapDb)}.`;
}

/** Claims and findings on the five fixes, and on the third network. */
function fixes({ capture, fixes }: OverviewResults): [string, string][] {
  const scores = fixScores(fixes.metrics);
  const none = scores.get("none")!;
  const [plain] = capture.metrics.networks;
  const verdict = (fix: FixName) => {
    const db = scores.get(fix)!;
    // Whether it recovers half of what the networks lose without a fix.
    const helps = db - none > (plain!.mediumOwnDb - plain!.asIsDb) / 2;
    return `${helps ? "It does here" : "True"}: ${decibels(db)}`;
  };
  return [
    [
      "Standardising and normalising do not help.",
      `${verdict("standardised")} and ` +
      `${decibels(scores.get("normalised")!)}, without a fix ${
        decibels(none)
      }.`,
    ],
    ["More capacity does not help.", `${verdict("capacity")}.`],
    [
      "A fully connected layer in the middle does not help.",
      `${verdict("dense")}.`,
    ],
    ["Alternate training does not help.", `${verdict("alternate")}.`],
    ["High codes from the start do not help.", `${verdict("from start")}.`],
    [
      "A third network could make the medium image from the high code.",
      `It does: ${decibels(fixes.metrics.fix.mediumFromHighDb)}.`,
    ],
  ];
}

function variational({ vae }: OverviewResults): string {
  const best = vae.metrics.rows.filter(({ beta }) => beta !== null)
    .toSorted((a, b) => b.capture.asIsDb - a.capture.asIsDb)[0]!;
  return "At best the medium decoder reads the high code at " +
    `${decibels(best.capture.asIsDb)}, with beta = ${best.beta}, where its ` +
    `own code gives ${decibels(best.medium.psnrDb)}.`;
}

function smallImages({ small }: OverviewResults): string {
  const { rows } = small.metrics;
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const sameOrder = kinds.filter((kind) => {
    const scores = (...ways: string[]) =>
      rows.filter((row) => row.kind === kind && ways.includes(row.way))
        .map(({ runs }) => mean(runs.map((run) => run.mediumFromHighDb)));
    const failing = scores("standardised", "normalised", "capacity", "dense");
    return Math.min(...scores("alternate", "from start")) >
      Math.max(...failing);
  });
  return `Fixes 8 and 9 beat all the others for ${sameOrder.length} of ` +
    `${kinds.length} kinds of networks (${kinds.join(", ")}; means of ` +
    `${countOf(small.settings.seeds, "seed")}).`;
}

function superResolution({ made }: OverviewResults): string {
  return `It works. ${summarizeGenerative(made.metrics)}`;
}

function cdnCache({ cached: { metrics, settings } }: OverviewResults): string {
  return summarizeCdnCache(metrics, settings.comparedShare);
}

/**
 * What the notebooks on medium and high training say in numbers.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { apart, cost, count, decibels } from "@/experiment/number_words.ts";
import type {
  AutoencoderMetrics,
  AutoencoderResult,
  AutoencoderSettings,
} from "./types.ts";

/**
 * Describes the training behind a result.
 *
 * @param settings Of the section.
 * @returns A sentence for `describeRun`.
 */
export function describeEpochs(
  { epochs, batchSize }: AutoencoderSettings,
): string {
  return `Training took ${epochs} epochs in batches of ${batchSize} images.`;
}

/**
 * Describes the size of the code.
 *
 * @param result Of medium or high training.
 * @returns Markdown.
 */
export function describeCodeSize(
  { settings, metrics }: AutoencoderResult,
): string {
  const { side } = settings;
  const { shape, floats, pixelsPerFloat, storedBytes } = metrics.latent;
  const raw = side * side * 3;
  const bpp = storedBytes * 8 / side ** 2;
  return `An image of ${side} × ${side} × 3 = ${count(raw)} values becomes a
code of ${shape.join(" × ")} = ${count(floats)} numbers: **${pixelsPerFloat}
image values per number of the code**.

Numbers are not bytes. As 32-bit floats the code takes ${count(floats * 4)}
bytes, ${(raw / floats / 4).toFixed(1)} times fewer than the raw image
(${count(raw)}). Rounded to 8 bits per number, with the range of each channel,
it takes ${count(storedBytes)} bytes: ${bpp.toFixed(2)} bits per pixel.`;
}

/**
 * Describes the losses at the end of training.
 *
 * @param result Of medium or high training.
 * @returns A Markdown list with one item per network.
 */
export function describeLosses(
  { history, metrics }: AutoencoderResult,
): string {
  return metrics.models.map(({ run }) => {
    const last = history.findLast((record) =>
      record.run === run && record.kind === "epoch"
    );
    if (last?.kind !== "epoch") return `- **${run}**: no epoch was completed.`;
    return `- **${run}**: ${last.trainLoss.toPrecision(3)} on the training
images and ${last.validLoss.toPrecision(3)} on the validation photos at the end,
a PSNR of ${decibels(last.validPsnrDb)}.`;
  }).join("\n");
}

/**
 * Compares the networks with principal components.
 *
 * @param metrics Of medium or high training.
 * @returns A Markdown list with one item per network.
 */
export function compareWithComponents({ models }: AutoencoderMetrics): string {
  return models.map(({ run, parameters, aboveFloorDb, psnrDb, stored }) =>
    `- **${run}**, ${count(parameters)} weights: ${apart(aboveFloorDb)} the
floor set by principal components${
      aboveFloorDb < 0 ? ", so it is **undertrained**" : ""
    }. Storing its code in 8 bits per number costs
${cost(psnrDb - stored.psnrDb)}.`
  ).join("\n");
}

/**
 * Compares the better network with image codecs at the size of its code.
 *
 * @param metrics Of medium or high training.
 * @returns Markdown.
 */
export function compareWithCodecs(
  { models, baselines, latent }: AutoencoderMetrics,
): string {
  const best = models.toSorted((a, b) => b.psnrDb - a.psnrDb)[0]!;
  const codecs = baselines.map(({ codec, bytes, psnrDb }) =>
    `${codec} with ${count(bytes)} bytes is
**${apart(psnrDb - best.stored.psnrDb)}** it`
  );
  return `Compared with the better network, *${best.run}* with
${count(latent.storedBytes)} bytes: ${codecs.join("; ")}.`;
}

/**
 * Compares the qualities of high images with those of medium images.
 *
 * @param high Metrics of high training.
 * @param medium Metrics of medium training.
 * @returns Markdown.
 */
export function compareSizes(
  high: AutoencoderMetrics,
  medium: AutoencoderMetrics,
): string {
  const differences = bothSizes(high, medium).map(({ name, high, medium }) =>
    `*${name}* ${apart(high - medium)} it`
  );
  return `With ${high.latent.pixelsPerFloat} image values per number of the code
instead of ${medium.latent.pixelsPerFloat}, the high image differs from the medium one
in quality: ${differences.join("; ")}.`;
}

/**
 * Lists the PSNR of each network, and of principal components, at both sizes.
 *
 * @param high Metrics of high training.
 * @param medium Metrics of medium training.
 */
export function sizesTable(
  high: AutoencoderMetrics,
  medium: AutoencoderMetrics,
): Table {
  const caption = "PSNR from a code as floats, means over the test photos";
  return makeTable(caption, bothSizes(high, medium), [
    ["", ({ name }) => name],
    ["Medium (dB)", ({ medium }) => medium, 2],
    ["High (dB)", ({ high }) => high, 2],
    ["High − medium (dB)", ({ high, medium }) => high - medium, 2],
  ]);
}

function bothSizes(high: AutoencoderMetrics, medium: AutoencoderMetrics) {
  const networks = high.models.map(({ run, psnrDb }, i) => ({
    name: run as string,
    high: psnrDb,
    medium: medium.models[i]!.psnrDb,
  }));
  return [...networks, {
    name: "principal components",
    high: high.floor.psnrDb,
    medium: medium.floor.psnrDb,
  }];
}

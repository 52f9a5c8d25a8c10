/**
 * What the notebook on variational autoencoders says in numbers. (a) is the
 * medium network on its own code, (b) the high image decoded and scaled down.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { apart, count, decibels, percent } from "@/experiment/number_words.ts";
import {
  ACTIVE_NATS,
  betaTitle,
  type VaeMetrics,
  type VaeResult,
  type VaeRow,
  type VaeSettings,
} from "./types.ts";

const SIZES = ["medium", "high"] as const;

/**
 * Describes the betas and the budget of each size.
 *
 * @param settings Of the section.
 * @returns Markdown.
 */
export function describeBetas(settings: VaeSettings): string {
  const betas = settings.betas.map((beta) =>
    `beta = ${beta} stands for errors of
${(255 * Math.sqrt(beta / 2)).toFixed(1)} of 255 levels`
  );
  const budgets = SIZES.map((size) => {
    const { steps, batchSize, trainPairs, epochs } = settings[size];
    const seen = (steps * batchSize / trainPairs).toFixed(1);
    return `- **${size}**: ${steps} steps of ${batchSize} images, so each of
${count(trainPairs)} is seen ${seen} times on average. The plain network of the
earlier notebooks was trained for ${epochs} epochs.`;
  });
  return `The betas here: ${betas.join("; ")}. All networks of a size start from
the same weights and see the same images in the same order.

${budgets.join("\n")}

At each size a plain network gets the same training, without variances and
prior. The variational networks are compared with that one.`;
}

/**
 * Lists both parts of the loss after the last epoch.
 *
 * @param result Of the section.
 */
export function lossPartsTable(
  { history, settings }: VaeResult,
): Table {
  type Parts = Partial<Record<"reconstruction" | "kl", number>>;
  const parts = (size: string, beta: number): Parts =>
    history.findLast(({ run, kind }) =>
      kind === "epoch" && run.startsWith(`${size} `) &&
      run.endsWith(betaTitle(beta))
    )?.parts ?? {};
  const rows = SIZES.flatMap((size) =>
    settings.betas.map((beta) => ({ size, beta, ...parts(size, beta) }))
  );
  return makeTable("On the validation photos, after the last epoch", rows, [
    ["", ({ size, beta }) => `${size}, ${betaTitle(beta)}`],
    ["Mean squared error", ({ reconstruction }) => reconstruction, 5],
    ["KL (nats per image value)", ({ kl }) => kl, 4],
    ["beta · KL", ({ beta, kl }) => kl && beta * kl, 5],
  ]);
}

/**
 * Compares variational networks with plain ones on their own codes.
 *
 * @param metrics Of the section.
 * @returns A Markdown list with one item per size.
 */
export function compareWithPlain(metrics: VaeMetrics): string {
  const { plain, variational } = split(metrics);
  return SIZES.map((size) => {
    const each = variational.map((row) =>
      `${apart(row[size].psnrDb - plain[size].psnrDb)} it with
${betaTitle(row.beta)}`
    );
    return `- **${size}**: the plain network has ${
      decibels(plain[size].psnrDb)
    }; from means, the variational ones are ${each.join(", ")}.`;
  }).join("\n");
}

/**
 * Describes which channels carry information.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeActiveChannels(metrics: VaeMetrics): string {
  const lines = SIZES.flatMap((size) =>
    split(metrics).variational.map((row) => {
      const { klPerChannel, activeShare } = row[size].rate!;
      const nats = klPerChannel.toSorted((a, b) => b - a)
        .map((value) => value.toFixed(2));
      return `- **${size}, ${betaTitle(row.beta)}**: ${percent(activeShare)} of
the channels are active. Nats per number, by channel: ${nats.join(", ")}.`;
    })
  );
  return `A channel that carries at most ${ACTIVE_NATS} nats per number stays at the
prior whatever the image, and counts as inactive. (Burda et al., 2016, use the
variance of the means instead.)

${lines.join("\n")}`;
}

/**
 * Describes what is lost between (a) and the high code, read in three ways.
 *
 * @param metrics Of the section.
 * @returns A Markdown list with one item per network.
 */
export function describeGaps({ rows }: VaeMetrics): string {
  return rows.map(({ beta, medium, capture }) => {
    const gap = (db: number) => decibels(medium.psnrDb - db);
    return `- **${betaTitle(beta)}**: unchanged, ${gap(capture.asIsDb)} are lost
against (a); with channels matched ${gap(capture.afterMatchingDb)}; after a
linear map ${gap(capture.afterLinearMapDb)}, which is
${apart(capture.afterLinearMapDb - capture.highScaledDownDb)} (b).`;
  }).join("\n");
}

/**
 * Describes how much of the linear map's gain matching the channels achieves.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeMatching({ rows }: VaeMetrics): string {
  const shares = rows.map(({ beta, capture }) => {
    const gain = capture.afterLinearMapDb - capture.asIsDb;
    const share = (capture.afterMatchingDb - capture.asIsDb) / gain;
    return `${betaTitle(beta)}: ${percent(share)} of ${decibels(gain)}`;
  });
  return `How much of the linear map's gain comes from matching the channels
alone: ${shares.join("; ")}.`;
}

/**
 * Answers whether a prior closes the gap of feature capture.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeAnswer(metrics: VaeMetrics): string {
  const { plain, variational } = split(metrics);
  type Way = "asIsDb" | "afterLinearMapDb";
  const lost = (row: VaeRow, way: Way) => row.medium.psnrDb - row.capture[way];
  const least = (way: Way) =>
    variational.toSorted((a, b) => lost(a, way) - lost(b, way))[0]!;
  const [raw, mapped] = [least("asIsDb"), least("afterLinearMapDb")];
  const best = metrics.rows.toSorted((a, b) =>
    b.capture.afterLinearMapDb - a.capture.afterLinearMapDb
  )[0]!;
  return `Does regularising the code close the gap? Plain networks with this
training lose ${decibels(lost(plain, "asIsDb"))} against (a) when the medium
decoder reads the unchanged high code. With the prior, the smallest loss is
**${decibels(lost(raw, "asIsDb"))}** (${betaTitle(raw.beta)}). After a linear
map plain networks lose ${decibels(lost(plain, "afterLinearMapDb"))}, and with
the prior the smallest loss is
**${decibels(lost(mapped, "afterLinearMapDb"))}** (${betaTitle(mapped.beta)}).

But a gap also narrows when (a) itself gets worse: (a) is
${decibels(plain.medium.psnrDb)} without the prior, and
${decibels(mapped.medium.psnrDb)} with ${betaTitle(mapped.beta)}. The best
medium image from the high code, after a linear map, is that of
${betaTitle(best.beta)}: **${decibels(best.capture.afterLinearMapDb)}**.`;
}

function split({ rows }: VaeMetrics) {
  return {
    plain: rows.find(({ beta }) => beta === null)!,
    variational: rows.filter(({ beta }) => beta !== null),
  };
}

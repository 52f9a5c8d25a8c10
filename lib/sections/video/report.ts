/**
 * What the notebook on video says in numbers.
 *
 * @module
 */
import {
  count,
  countOf,
  decibels,
  percent,
} from "@/experiment/number_words.ts";
import { deviation, mean } from "@/metrics/mod.ts";
import { RIVALS } from "./rivals.ts";
import { extraOverRival, extraOverWhole, meanPoints } from "./tables.ts";
import type {
  ContentKind,
  ContentRow,
  VideoMetrics,
  VideoResult,
} from "./types.ts";

/**
 * Describes what was trained and measured.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeVideo(
  { machine, metrics, profile, seed, settings, steps, versions }: VideoResult,
): string {
  const { network, training, seeds } = settings;
  const limit = steps === undefined ? "" : ` of at most ${steps} steps per run`;
  const sets = metrics.contents.map(({ kind, content, counts, tested }) =>
    `- **${kind}**: "${content}", ${count(counts.train)} segments for ` +
    `training, ${tested} measured;`
  ).join("\n").replace(/;$/, ".");
  return `Profile **${profile}**${limit}, seed ${seed}. A segment has
${network.frames} frames of ${network.side} × ${network.side} pixels:

${sets}

A network has ${network.localSize} numbers for each frame, and
${network.globalSize} for the segment if it has a global code; one network gives
${training.lambdas.length} qualities. Each is trained for
${count(training.steps)} steps of ${training.batchSize} segments, with ${
    countOf(seeds, "seed")
  }. Computed with TensorFlow
${versions.tensorflow} on ${machine.cores} cores (${machine.cpu}).`;
}

/**
 * Tells whether a global code beside the local ones helps.
 *
 * @param metrics From the section's result.
 * @returns Markdown.
 */
export function describeGlobalCode({ contents }: VideoMetrics): string {
  const sentences = contents.map((row) => {
    const extra = extraOverWhole(row, "local");
    const { bpp, globalBpp } = meanPoints(row, "whole").at(-1)!;
    const local = meanPoints(row, "local");
    const alone = extra.length === 0
      ? `reach ${decibels(local.at(-1)!.psnrDb)} at most, both kinds at least
${decibels(meanPoints(row, "whole")[0]!.psnrDb)}`
      : `take ${spread(extra)} of the bits of both kinds at equal PSNR`;
    return `On ${row.kind} clips, local codes alone ${alone}; at the highest
quality, the global code has ${percent(globalBpp / bpp)} of the bits.`;
  });
  return `${verdict(contents, "local")} ${sentences.join(" ")}`;
}

/**
 * Tells whether a prior with a memory helps.
 *
 * @param metrics From the section's result.
 * @returns Markdown.
 */
export function describePriorMemory({ contents }: VideoMetrics): string {
  const sentences = contents.map((row) =>
    `On ${row.kind} clips, a prior without memory takes ${
      spread(extraOverWhole(row, "memoryless"))
    } of the bits of one with it.`
  );
  return `${verdict(contents, "memoryless")} ${sentences.join(" ")}`;
}

/**
 * Compares the network with codecs of today.
 *
 * @param metrics From the section's result.
 * @param kind Which clips.
 * @returns Markdown.
 */
export function compareWithVideoCodecs(
  { contents }: VideoMetrics,
  kind: ContentKind,
): string {
  const row = contents.find((row) => row.kind === kind)!;
  if (row.rivals.length === 0) return "ffmpeg was not installed.";
  const points = meanPoints(row, "whole");
  const lines = RIVALS.map((codec) => {
    const extra = extraOverRival(row, codec);
    if (extra.length > 0) {
      return `- against **${codec}** the network takes ${
        spread(extra)
      } of the bits at equal PSNR;`;
    }
    const least = row.rivals.filter((point) => point.codec === codec)
      .toSorted((a, b) => a.bpp - b.bpp)[0]!;
    return `- **${codec}** shares no quality with the network: it begins at ` +
      `${decibels(least.psnrDb)} with ${least.bpp.toFixed(3)} bits per pixel;`;
  });
  return `The network reaches ${decibels(points[0]!.psnrDb)} with
${points[0]!.bpp.toFixed(4)} bits per pixel, and at most
${decibels(points.at(-1)!.psnrDb)} with ${points.at(-1)!.bpp.toFixed(4)}:

${lines.join("\n").replace(/;$/, ".")}`;
}

/**
 * Says what came of the paper's claims.
 *
 * @param metrics From the section's result.
 * @returns A Markdown table.
 */
export function paperClaims(metrics: VideoMetrics): string {
  const { contents } = metrics;
  const against = (kind: ContentKind) => {
    const row = contents.find((row) => row.kind === kind);
    if (row === undefined || row.rivals.length === 0) return "not measured";
    return RIVALS.map((codec) => {
      const extra = extraOverRival(row, codec);
      const words = extra.length === 0 ? "no shared quality" : signed(extra);
      return `${codec} ${words}`;
    }).join(", ");
  };
  const ablation = (variant: "local" | "memoryless") =>
    contents.map((row) =>
      `${row.kind} clips ${signed(extraOverWhole(row, variant))}`
    ).join(", ");
  const rows = [
    [
      "Global and local codes together beat local ones alone.",
      `Bits of local codes alone: ${ablation("local")}.`,
    ],
    [
      "Codes are predicted from those before them, by a recurrent network.",
      `Bits without that memory: ${ablation("memoryless")}.`,
    ],
    [
      "With general clips, results are competitive with codecs of today.",
      `Bits of the network: ${against("general")}.`,
    ],
    [
      "With specialised clips, compression is extreme.",
      `Bits of the network: ${against("specialised")}.`,
    ],
  ];
  return [
    "| The paper | Measured here, at equal PSNR |",
    "| --- | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

/**
 * What the overview says of video.
 *
 * @param metrics From the section's result.
 * @returns A sentence or two.
 */
export function summarizeVideo({ contents }: VideoMetrics): string {
  return contents.map((row) => {
    const memoryless = signed(extraOverWhole(row, "memoryless"));
    const h264 = extraOverRival(row, "H.264");
    const against = h264.length === 0
      ? ""
      : `, and the network ${signed(h264)} against H.264`;
    return `On ${row.kind} clips of 64 × 64, a prior without memory takes ` +
      `${memoryless} bits${against}.`;
  }).join(" ");
}

function verdict(
  contents: readonly ContentRow[],
  variant: "local" | "memoryless",
): string {
  const helping = contents.filter((row) => {
    const values = extraOverWhole(row, variant);
    if (values.length === 0) {
      const best = meanPoints(row, variant).at(-1)!.psnrDb;
      return meanPoints(row, "whole")[0]!.psnrDb > best;
    }
    // More than the seeds differ.
    return mean(values) > (deviation(values) ?? 0);
  });
  if (helping.length === contents.length) return "It helps here.";
  return helping.length === 0
    ? "It does not help here."
    : `It helps on ${
      helping.map(({ kind }) => kind).join(" and ")
    } clips alone.`;
}

/** Such as `108 % ± 3`. */
function spread(shares: readonly number[]): string {
  if (shares.length === 0) return "an unknown share";
  const around = deviation(shares);
  return `${percent(1 + mean(shares))}${
    around === null ? "" : ` (± ${(100 * around).toFixed(0)})`
  }`;
}

/** Such as `+8 %`. */
function signed(shares: readonly number[]): string {
  if (shares.length === 0) return "(no shared quality)";
  const share = mean(shares);
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}

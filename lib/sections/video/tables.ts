/**
 * The tables of *video*, and the differences of rates in them; needs no
 * TensorFlow.
 *
 * @module
 */
import { makeTable, type Table } from "@/charts/table.ts";
import { countOf } from "@/experiment/number_words.ts";
import {
  bdRate,
  deviation,
  efficientPoints,
  mean,
  type RatePoint,
} from "@/metrics/mod.ts";
import type { RivalName, VideoPoint } from "./rivals.ts";
import {
  type ContentRow,
  type NetworkPoint,
  VARIANT_NAMES,
  type VariantName,
  VARIANTS,
  type VideoMetrics,
} from "./types.ts";

/**
 * Means over the seeds of a network.
 *
 * @param row A set of clips.
 * @param variant Which network.
 * @returns One point for each quality.
 */
export function meanPoints(
  row: ContentRow,
  variant: VariantName,
): NetworkPoint[] {
  const runs = runsOf(row, variant);
  return runs[0]!.points.map(({ level }) => {
    const of = (name: "bpp" | "globalBpp" | "psnrDb") =>
      mean(runs.map(({ points }) => points[level]![name]));
    return {
      level,
      bpp: of("bpp"),
      globalBpp: of("globalBpp"),
      psnrDb: of("psnrDb"),
    };
  });
}

function runsOf({ networks }: ContentRow, name: VariantName) {
  return networks.find(({ variant }) => variant === name)!.runs;
}

/**
 * How many more bits a curve takes than another at equal PSNR.
 *
 * @param anchor What is compared with.
 * @param test What is judged.
 * @returns As a share, negative for fewer; null where they share no quality.
 */
export function extraBits(
  anchor: readonly VideoPoint[],
  test: readonly VideoPoint[],
): number | null {
  const [one, other] = [anchor, test].map((points) =>
    efficientPoints(
      points.map(({ bpp, psnrDb }): RatePoint => ({
        bpp,
        psnrDb,
        msssim: NaN,
      })),
    )
  );
  if (one!.length < 2 || other!.length < 2) return null;
  const reach = (points: readonly VideoPoint[]) =>
    [points[0]!.psnrDb, points.at(-1)!.psnrDb] as const;
  const [[a, b], [c, d]] = [reach(one!), reach(other!)];
  return Math.min(b, d) > Math.max(a, c) ? bdRate(one!, other!) / 100 : null;
}

/**
 * How many more bits a network takes than the whole one, seed by seed.
 *
 * @param row A set of clips.
 * @param variant Which network.
 * @returns Shares, of the seeds whose curves share a quality.
 */
export function extraOverWhole(
  row: ContentRow,
  variant: VariantName,
): number[] {
  const whole = runsOf(row, "whole");
  return runsOf(row, variant)
    .map(({ points }, i) => extraBits(whole[i]!.points, points))
    .filter((value) => value !== null);
}

/**
 * How many more bits the whole network takes than a codec of today, seed by
 * seed.
 *
 * @param row A set of clips.
 * @param codec Which codec.
 * @returns Shares, of the seeds whose curves share a quality with it.
 */
export function extraOverRival(row: ContentRow, codec: RivalName): number[] {
  const rival = row.rivals.filter((point) => point.codec === codec);
  return runsOf(row, "whole")
    .map(({ points }) => extraBits(rival, points))
    .filter((value) => value !== null);
}

/**
 * The networks at their lowest and their highest quality.
 *
 * @param row A set of clips.
 */
export function networksTable(row: ContentRow): Table {
  const rows = VARIANT_NAMES.map((variant) => {
    const points = meanPoints(row, variant);
    const runs = runsOf(row, variant);
    const spread = (level: number) =>
      deviation(runs.map(({ points }) => points[level]!.psnrDb));
    const last = points.length - 1;
    const { parameters } = runs[0]!;
    return {
      ...{ variant, low: points[0]!, high: points[last]!, parameters },
      lowSpread: spread(0),
      highSpread: spread(last),
    };
  });
  const caption =
    `Means over ${countOf(row.networks[0]!.runs.length, "seed")} and ` +
    `${row.tested} segments of "${row.content}"`;
  return makeTable(caption, rows, [
    ["Codes", ({ variant }) => VARIANTS[variant].title],
    ["Weights", ({ parameters }) => parameters, 0],
    ["Lowest: bpp", ({ low }) => low.bpp, 4],
    ["PSNR (dB)", ({ low }) => low.psnrDb, 2],
    ["±", ({ lowSpread }) => lowSpread, 2],
    ["Highest: bpp", ({ high }) => high.bpp, 4],
    ["PSNR (dB)", ({ high }) => high.psnrDb, 2],
    ["±", ({ highSpread }) => highSpread, 2],
  ]);
}

/**
 * How many more bits each ablation takes than the whole network.
 *
 * @param metrics From the section's result.
 */
export function variantsTable({ contents }: VideoMetrics): Table {
  const rows = VARIANT_NAMES.filter((variant) => variant !== "whole");
  return makeTable(
    "Extra bits over global and local codes with memory, at equal PSNR (%)",
    rows,
    [
      ["Codes", (variant) => VARIANTS[variant].title],
      ...contents.flatMap((row) =>
        spreadColumns(
          `${row.kind} clips`,
          (variant: VariantName) => extraOverWhole(row, variant),
        )
      ),
    ],
  );
}

/**
 * How many more bits the whole network takes than codecs of today.
 *
 * @param metrics From the section's result.
 */
export function rivalsTable({ contents }: VideoMetrics): Table {
  const codecs = [
    ...new Set(
      contents.flatMap(({ rivals }) => rivals.map(({ codec }) => codec)),
    ),
  ];
  return makeTable(
    "Extra bits of the network over codecs of today, at equal PSNR (%)",
    codecs,
    [
      ["Codec", (codec) => codec],
      ...contents.flatMap((row) =>
        spreadColumns(
          `${row.kind} clips`,
          (codec: RivalName) => extraOverRival(row, codec),
        )
      ),
    ],
  );
}

/** Mean and spread in percent. */
function spreadColumns<Row>(title: string, sharesOf: (row: Row) => number[]) {
  const percents = (row: Row) => sharesOf(row).map((share) => 100 * share);
  return [
    [title, (row: Row) => {
      const values = percents(row);
      return values.length === 0 ? null : mean(values);
    }, 0],
    ["±", (row: Row) => deviation(percents(row)), 0],
  ] as const;
}

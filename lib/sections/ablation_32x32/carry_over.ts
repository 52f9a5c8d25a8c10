/**
 * Which findings of 32x32 are those of the write-up's own size; needs no
 * TensorFlow.
 *
 * All are put in one measure: of what the medium image loses when its decoder
 * reads the high code as it is, the part that a way brings back.
 *
 *     part = (way − as it is) / (own code − as it is)
 *
 * 0 is as bad as no fix and 1 as good as a code of its own.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import type { AblationMetrics } from "./mod.ts";
import {
  type AblationKind,
  ablationTitle,
  type AblationWay,
  ablationWays,
} from "./names.ts";
import type { AttemptedFixesMetrics } from "@/sections/attempted_fixes/mod.ts";
import type { FeatureCaptureMetrics } from "@/sections/feature_capture/types.ts";
import { mean } from "@/metrics/mod.ts";

/** What brings some of the loss back. */
export type Remedy = "linear map" | Exclude<AblationWay, "none">;

/** Parts that remedies bring back; null for what was not measured. */
export type Parts = ReadonlyMap<Remedy, number | null>;

/** In words. */
export function remedyTitle(remedy: Remedy): string {
  return remedy === "linear map"
    ? "linear map of the code"
    : ablationTitle(remedy);
}

/** All remedies, in the order of the sections. */
export const remedies: readonly Remedy[] = [
  "linear map",
  ...ablationWays.flatMap((way) => way === "none" ? [] : [way]),
];

/**
 * The parts that one kind of network gets back at 32x32; means over the seeds.
 *
 * @param metrics From the section's result.
 * @param kind Which networks.
 */
export function smallParts(
  { rows }: AblationMetrics,
  kind: AblationKind,
): Parts {
  const runs = (way: AblationWay) =>
    rows.find((row) => row.kind === kind && row.way === way)?.runs ?? [];
  const fromHigh = (way: AblationWay) =>
    meanOrNull(runs(way).map(({ mediumFromHighDb }) => mediumFromHighDb));
  const none = runs("none");
  const asIs = fromHigh("none");
  const own = meanOrNull(none.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []));
  const mapped = meanOrNull(
    none.flatMap(({ capture }) => capture?.afterLinearMapDb ?? []),
  );
  return new Map(remedies.map((remedy) => [
    remedy,
    part(remedy === "linear map" ? mapped : fromHigh(remedy), asIs, own),
  ]));
}

/**
 * The parts at the write-up's size: of its convolutional networks, and for an
 * adapter and joint training of ours, which alone have them there.
 *
 * @param capture From the result of feature capture.
 * @param fixes From the result of attempted fixes.
 */
export function fullParts(
  capture: Pick<FeatureCaptureMetrics, "networks">,
  { fixes, frontier, alone }: Pick<
    AttemptedFixesMetrics,
    "fixes" | "frontier" | "alone"
  >,
): Parts {
  const captured = (kind: string) =>
    capture.networks.find((row) => row.kind === kind);
  const conv = captured("convolutional");
  const ours = captured("residual from PCA");
  const runs = (fix: string) =>
    fixes.find((row) => row.fix === fix)?.runs ?? [];
  const fromHigh = (fix: string) =>
    meanOrNull(runs(fix).map(({ mediumFromHighDb }) => mediumFromHighDb));
  const own = meanOrNull(
    runs("none").flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []),
  );
  const way = (found: (weight: number | null) => boolean) =>
    frontier.find(({ mediumWeight }) => found(mediumWeight))?.test
      .mediumFromHighDb ?? null;
  const code = (decibels: number | null) =>
    part(decibels, ours?.asIsDb ?? null, alone.mediumOwnDb);
  return new Map(remedies.map((remedy) => [
    remedy,
    remedy === "linear map"
      ? part(
        conv?.afterLinearMapDb ?? null,
        conv?.asIsDb ?? null,
        conv?.mediumOwnDb ?? null,
      )
      : remedy === "adapter"
      ? code(way((weight) => weight === null))
      : remedy === "joint"
      ? code(way((weight) => weight === 1))
      : part(fromHigh(remedy), fromHigh("none"), own),
  ]));
}

/**
 * Whether a remedy does the same at both sizes: brings back more than half of
 * the loss at both, or at neither. Null where it was not measured.
 */
export function carriesOver(
  full: number | null,
  small: number | null,
): boolean | null {
  if (full === null || small === null) return null;
  return (full > 0.5) === (small > 0.5);
}

/**
 * How alike two sizes rank the write-up's fixes: Spearman's rank correlation,
 * 1 for the same order and -1 for the reverse. Null for fewer than two fixes
 * that were measured at both.
 *
 * C. Spearman, "The Proof and Measurement of Association between Two Things",
 * 1904.
 */
export function rankCorrelation(full: Parts, small: Parts): number | null {
  const both = remedies.flatMap((remedy) => {
    const [a, b] = [full.get(remedy) ?? null, small.get(remedy) ?? null];
    const isFix = !["linear map", "adapter", "joint"].includes(remedy);
    return isFix && a !== null && b !== null ? [[a, b] as const] : [];
  });
  const n = both.length;
  if (n < 2) return null;
  const rank = (values: readonly number[]) =>
    values.map((value) => values.filter((other) => other < value).length);
  const a = rank(both.map(([first]) => first));
  const b = rank(both.map(([, second]) => second));
  const squares = a.reduce((sum, place, i) => sum + (place - b[i]!) ** 2, 0);
  return 1 - 6 * squares / (n * (n ** 2 - 1));
}

/**
 * All parts beside each other, in per cent.
 *
 * @param full At the write-up's size.
 * @param small At 32x32, by kind.
 */
export function carryOverTable(
  full: Parts,
  small: ReadonlyMap<AblationKind, Parts>,
): Table {
  const kinds = [...small.keys()];
  const percent = (value: number | null | undefined) =>
    // Adding 0 makes 0 of -0.
    value === null || value === undefined ? null : Math.round(100 * value) + 0;
  return {
    caption:
      "Of what the high code as it is costs the medium image, the part " +
      "that is brought back, in %",
    columns: [
      { title: "" },
      { title: "172 from 344, convolutional", digits: 0 },
      ...kinds.map((kind) => ({ title: `16 from 32, ${kind}`, digits: 0 })),
      { title: "The same side of one half" },
    ],
    rows: remedies.map((remedy) => {
      const large = full.get(remedy) ?? null;
      const same = kinds.filter((kind) =>
        carriesOver(large, small.get(kind)!.get(remedy) ?? null)
      );
      return [
        remedyTitle(remedy),
        percent(large),
        ...kinds.map((kind) => percent(small.get(kind)!.get(remedy))),
        large === null
          ? null
          : same.length === kinds.length
          ? "all"
          : same.join(", ") || "none",
      ];
    }),
  };
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

/** Null where there is nothing to compare, or nothing was lost. */
function part(
  way: number | null,
  asIs: number | null,
  own: number | null,
): number | null {
  if (way === null || asIs === null || own === null || own <= asIs) return null;
  return (way - asIs) / (own - asIs);
}

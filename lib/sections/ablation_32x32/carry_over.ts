/**
 * Which findings at 32x32 also hold at the write-up's own size; needs no
 * TensorFlow.
 *
 * All are compared by one measure: the share of the medium image's loss that
 * a way recovers, where the loss is that of its decoder on the unchanged high
 * code.
 *
 *     share = (way − unchanged code) / (own code − unchanged code)
 *
 * 0 is as bad as no fix, 1 as good as a code of its own.
 *
 * @module
 */

import { makeTable, type Table, type ValueColumn } from "@/charts/table.ts";
import { mean } from "@/metrics/mod.ts";
import type { AttemptedFixesMetrics } from "@/sections/attempted_fixes/types.ts";
import type { FeatureCaptureMetrics } from "@/sections/feature_capture/types.ts";
import {
  type AblationKind,
  type AblationMetrics,
  ablationTitle,
  type AblationWay,
  ablationWays,
} from "./types.ts";

/** What recovers some of the loss. */
export type Remedy = "linear map" | Exclude<AblationWay, "none">;

/** The share that each remedy recovers; null for what was not measured. */
export type RecoveredShares = ReadonlyMap<Remedy, number | null>;

/**
 * A remedy's name in tables.
 *
 * @param remedy Which remedy.
 */
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
 * The shares that remedies recover for one kind of network at 32x32.
 *
 * @param metrics From the section's result.
 * @param kind Which networks.
 * @returns Shares of means over the seeds.
 */
export function smallShares(
  { rows }: AblationMetrics,
  kind: AblationKind,
): RecoveredShares {
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
    share(remedy === "linear map" ? mapped : fromHigh(remedy), asIs, own),
  ]));
}

/**
 * The shares that remedies recover at the write-up's size, for its
 * convolutional networks. Adapter and joint training are only measured with
 * our networks there.
 *
 * @param capture From the result of feature capture.
 * @param attempted From the result of attempted fixes.
 */
export function fullShares(
  capture: Pick<FeatureCaptureMetrics, "networks">,
  attempted: Pick<AttemptedFixesMetrics, "fixes" | "frontier" | "alone">,
): RecoveredShares {
  const { fixes, frontier, alone } = attempted;
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
    share(decibels, ours?.asIsDb ?? null, alone.mediumOwnDb);
  return new Map(remedies.map((remedy) => [
    remedy,
    remedy === "linear map"
      ? share(
        conv?.afterLinearMapDb ?? null,
        conv?.asIsDb ?? null,
        conv?.mediumOwnDb ?? null,
      )
      : remedy === "adapter"
      ? code(way((weight) => weight === null))
      : remedy === "joint"
      ? code(way((weight) => weight === 1))
      : share(fromHigh(remedy), fromHigh("none"), own),
  ]));
}

/**
 * Whether a remedy does the same at both sizes: recovers more than half of the
 * loss at both, or at neither.
 *
 * @param full The share at the write-up's size; null if not measured.
 * @param small The share at 32x32; null if not measured.
 * @returns Null if either was not measured.
 */
export function carriesOver(
  full: number | null,
  small: number | null,
): boolean | null {
  if (full === null || small === null) return null;
  return (full > 0.5) === (small > 0.5);
}

/**
 * How similarly both sizes rank the write-up's fixes: Spearman's rank
 * correlation, 1 for the same order and -1 for the reverse.
 *
 * C. Spearman, "The Proof and Measurement of Association between Two Things",
 * 1904.
 *
 * @param full The shares at the write-up's size.
 * @param small The shares at 32x32.
 * @returns Null if fewer than two fixes were measured at both.
 */
export function rankCorrelation(
  full: RecoveredShares,
  small: RecoveredShares,
): number | null {
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
 * All shares side by side, in per cent.
 *
 * @param full At the write-up's size.
 * @param small At 32x32, by kind.
 */
export function carryOverTable(
  full: RecoveredShares,
  small: ReadonlyMap<AblationKind, RecoveredShares>,
): Table {
  const kinds = [...small.keys()];
  const percent = (value: number | null | undefined) =>
    // Adding 0 makes 0 of -0.
    value === null || value === undefined ? null : Math.round(100 * value) + 0;
  const alike = (remedy: Remedy) => {
    const large = full.get(remedy) ?? null;
    if (large === null) return null;
    const same = kinds.filter((kind) =>
      carriesOver(large, small.get(kind)!.get(remedy) ?? null)
    );
    return same.length === kinds.length ? "all" : same.join(", ") || "none";
  };
  const caption =
    "The share of the medium image's loss that each remedy recovers, in %; " +
    "alike are shares on the same side of 50 % at both sizes";
  return makeTable(caption, remedies, [
    ["", remedyTitle],
    ["172 from 344, convolutional", (remedy) => percent(full.get(remedy)), 0],
    ...kinds.map((kind): ValueColumn<Remedy> => [
      `16 from 32, ${kind}`,
      (remedy) => percent(small.get(kind)!.get(remedy)),
      0,
    ]),
    ["Alike", alike],
  ]);
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

/** Null if something was not measured, or nothing was lost. */
function share(
  way: number | null,
  asIs: number | null,
  own: number | null,
): number | null {
  if (way === null || asIs === null || own === null || own <= asIs) return null;
  return (way - asIs) / (own - asIs);
}

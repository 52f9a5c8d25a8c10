/**
 * The losses of a training run, as curves and in words.
 *
 * @module
 */
import type { CurvePoint } from "./downsample.ts";

/** Training loss after one step. */
export interface StepLoss {
  /** Marks a step's record. */
  readonly kind: "step";
  /** Counted from 1. */
  readonly step: number;
  /** Null if the loss was not finite, since JSON cannot hold such a number. */
  readonly loss: number | null;
}

/** Validation loss after one epoch. */
export interface EpochLoss {
  /** Marks an epoch's record. */
  readonly kind: "epoch";
  /** Counted from 1. */
  readonly epoch: number;
  /** The epoch's last step, counted from 1. */
  readonly step: number;
  /** Null if the loss was not finite. */
  readonly validLoss: number | null;
}

/** One training run: a name for the legend and the records of its history. */
export interface LossRun {
  /** In the legend and the alt text. */
  readonly name: string;
  /** In the order of the steps. */
  readonly history: readonly (StepLoss | EpochLoss)[];
}

/**
 * The finite training losses of a run.
 *
 * @param run Its history.
 * @returns Loss over steps.
 */
export function trainingPoints({ history }: LossRun): CurvePoint[] {
  return history.flatMap((record) =>
    record.kind === "step" && isFinite(record.loss)
      ? [{ x: record.step, y: record.loss }]
      : []
  );
}

/**
 * The finite validation losses of a run.
 *
 * @param run Its history.
 * @returns Loss over the last step of each epoch.
 */
export function validationPoints({ history }: LossRun): CurvePoint[] {
  return history.flatMap((record) =>
    record.kind === "epoch" && isFinite(record.validLoss)
      ? [{ x: record.step, y: record.validLoss }]
      : []
  );
}

/**
 * Says of each run at which step the first loss came that is not finite.
 *
 * @param runs The runs of a chart.
 * @returns A phrase, empty if every loss was finite.
 */
export function describeDivergence(runs: readonly LossRun[]): string {
  return describeRuns(runs, ({ history }) => {
    const first = history.find((record) =>
      !isFinite(record.kind === "step" ? record.loss : record.validLoss)
    );
    return first === undefined ? "" : `not finite from step ${first.step}`;
  });
}

/**
 * The first and last losses of each run.
 *
 * @param runs The runs of a chart.
 * @returns One sentence.
 */
export function summarizeLosses(runs: readonly LossRun[]): string {
  const words = describeRuns(runs, (run) => {
    const ranges = [
      range("training", trainingPoints(run)),
      range("validation", validationPoints(run)),
    ].filter(Boolean);
    return ranges.join(", ") || "no losses yet";
  });
  return words ? `${words}.` : "No runs.";
}

function isFinite(value: number | null): value is number {
  return Number.isFinite(value);
}

/** What is said about each run; a single run is not named. */
function describeRuns(
  runs: readonly LossRun[],
  describe: (run: LossRun) => string,
): string {
  const words = runs.map((run) => ({ name: run.name, text: describe(run) }))
    .filter(({ text }) => text !== "");
  if (runs.length > 1) {
    return words.map(({ name, text }) => `${name}: ${text}`).join("; ");
  }
  const text = words[0]?.text ?? "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function range(kind: string, points: readonly CurvePoint[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return first === last
    ? `${kind} loss ${text(first.y)}`
    : `${kind} loss from ${text(first.y)} to ${text(last.y)} ` +
      `at step ${Math.round(last.x)}`;
}

/**
 * The losses of a training run, as its history tells them.
 *
 * @module
 */
import type { CurvePoint } from "./downsample.ts";

/** Training loss after one step. */
export interface StepLoss {
  /** Says which record this is. */
  readonly kind: "step";
  /** Counted from 1. */
  readonly step: number;
  /** Null where the loss was not finite: JSON has no word for it. */
  readonly loss: number | null;
}

/** Validation loss after one epoch. */
export interface EpochLoss {
  /** Says which record this is. */
  readonly kind: "epoch";
  /** Counted from 1. */
  readonly epoch: number;
  /** The epoch's last step, counted from 1. */
  readonly step: number;
  /** Null where the loss was not finite. */
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
 * The first step whose loss was not finite: where a run diverged.
 *
 * @param run Its history.
 * @returns The step, or undefined when every loss was finite.
 */
export function firstNotFinite({ history }: LossRun): number | undefined {
  return history.find((record) =>
    !isFinite(record.kind === "step" ? record.loss : record.validLoss)
  )?.step;
}

function isFinite(value: number | null): value is number {
  return Number.isFinite(value);
}

/**
 * Learning rates that change over a run.
 *
 * @module
 */

/** A schedule with a warm-up and a cosine. */
export interface ScheduleSettings {
  /** The highest rate. */
  readonly peak: number;
  /** Steps of linear rise to it. */
  readonly warmUpSteps: number;
  /** The rate at the end, as a part of the peak; 0.02 by default. */
  readonly floor?: number;
}

/**
 * The learning rate of a step: a linear rise, then half a cosine down.
 *
 * I. Loshchilov and F. Hutter, "SGDR: Stochastic Gradient Descent with Warm
 * Restarts", 2017, without the restarts.
 *
 * @param step Counted from 1.
 * @param steps Steps of the whole run.
 * @param settings The shape of the schedule.
 * @returns The rate.
 *
 * @example
 * ```ts
 * import { learningRate } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { peak: 0.001, warmUpSteps: 10 };
 * assertEquals(learningRate(5, 100, settings), 0.0005);
 * assertEquals(learningRate(10, 100, settings), 0.001);
 * ```
 */
export function learningRate(
  step: number,
  steps: number,
  { peak, warmUpSteps, floor = 0.02 }: ScheduleSettings,
): number {
  if (step < warmUpSteps) return peak * step / warmUpSteps;
  const done = (step - warmUpSteps) / Math.max(1, steps - warmUpSteps);
  return peak * (floor + (1 - floor) * (1 + Math.cos(Math.PI * done)) / 2);
}

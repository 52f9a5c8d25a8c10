/**
 * Speed and time left of a run.
 *
 * @module
 */

import type { Progress } from "@/files/progress.ts";

/** Number of steps that the speed is averaged over. */
const WINDOW = 20;

/** Measures how fast steps are done. */
export class Speedometer {
  readonly #phase: string;
  readonly #batchSize: number;
  readonly #total: number;
  readonly #times: number[] = [];
  readonly #now: () => number;

  /**
   * Starts the clock.
   *
   * @param phase What is being done.
   * @param batchSize Photos in each step.
   * @param total Number of steps.
   * @param now The time in milliseconds; the system's clock by default.
   */
  constructor(
    phase: string,
    batchSize: number,
    total: number,
    now: () => number = () => performance.now(),
  ) {
    this.#phase = phase;
    this.#batchSize = batchSize;
    this.#total = total;
    this.#now = now;
    this.#times.push(now());
  }

  /**
   * Reports the progress after a step.
   *
   * @param step Steps done.
   * @param loss The loss of the step.
   * @returns Speed and time left, from the last steps.
   */
  report(step: number, loss: number): Progress {
    this.#times.push(this.#now());
    if (this.#times.length > WINDOW + 1) this.#times.shift();
    const seconds = (this.#times.at(-1)! - this.#times[0]!) / 1000;
    const perStep = seconds / (this.#times.length - 1);
    return {
      phase: this.#phase,
      done: step,
      total: this.#total,
      loss,
      imagesPerSecond: this.#batchSize / perStep,
      secondsLeft: perStep * (this.#total - step),
    };
  }
}

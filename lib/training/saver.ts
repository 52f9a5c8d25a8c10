/**
 * When a run's history and checkpoints are brought to the disk.
 *
 * @module
 */

import { isWriter } from "./agreement.ts";
import { saveCheckpoint, type TrainingState } from "./checkpoint.ts";
import type { History } from "./history.ts";

/** What is saved of a run. */
export interface SavedRun {
  /** Where history and checkpoints go. */
  readonly folder: string;
  /** Names the run. */
  readonly run: string;
  /** Weights and the optimiser's state. */
  readonly state: TrainingState;
}

/** Saves at the end of an epoch and now and then in between. */
export class Saver {
  readonly #plan: SavedRun;
  readonly #history: History;
  readonly #milliseconds: number;
  #saved = performance.now();
  #flushed = performance.now();

  /**
   * Starts the clock.
   *
   * @param plan The run.
   * @param history Its history.
   * @param seconds Between checkpoints within an epoch.
   */
  constructor(plan: SavedRun, history: History, seconds: number) {
    this.#plan = plan;
    this.#history = history;
    this.#milliseconds = seconds * 1000;
  }

  /** Whether the last time is long ago. */
  isDue(): boolean {
    return performance.now() - this.#saved >= this.#milliseconds;
  }

  /**
   * Saves after a step, or else brings the history to the disk if it has not
   * been for a second.
   *
   * @throws {Error} In one sentence, when the disk is full.
   */
  async tick(step: number, saves: boolean): Promise<void> {
    if (saves) {
      await this.save(step);
    } else if (performance.now() - this.#flushed >= 1000) {
      // For whoever watches the run from another process.
      await this.#history.flush();
      this.#flushed = performance.now();
    }
  }

  /**
   * Brings history and state to the disk.
   *
   * @throws {Error} In one sentence, when the disk is full.
   */
  async save(step: number): Promise<void> {
    if (isWriter()) {
      await this.#history.flush();
      const { folder, state, run } = this.#plan;
      await saveCheckpoint(folder, step, state, run);
    }
    this.#saved = this.#flushed = performance.now();
  }
}

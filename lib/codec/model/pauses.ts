/**
 * Pauses in long work, in which timers, messages and signals are handled: work
 * that only awaits promises never lets them in.
 *
 * @module
 */

/** Milliseconds of work between two pauses. */
const PERIOD = 40;

/** When work last paused: pieces that are shorter than a period pause too. */
let last = performance.now();

/** The pauses of one piece of work, which a signal may end. */
export class Pauses {
  readonly #signal: AbortSignal | undefined;

  /**
   * Starts work.
   *
   * @param signal Ends the work at its next pause.
   */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * Pauses if the last pause was more than 40 ms ago; to be awaited between any
   * two parts of the work.
   *
   * @throws The signal's reason, once it is aborted.
   */
  async pause(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - last < PERIOD) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
    this.#signal?.throwIfAborted();
  }
}

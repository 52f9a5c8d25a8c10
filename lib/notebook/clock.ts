/**
 * Time as an argument, so that tests need not wait.
 *
 * @module
 */

/** Tells the time and wakes up later. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Run something once after some milliseconds; the result cancels that. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The clock on the wall. */
export const wallClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * What any long work tells its watcher: a terminal, a notebook or nobody.
 *
 * @module
 */

/** One moment of some long work. */
export interface Progress {
  /** What is being done, such as `"Training"`; shown to the user. */
  readonly phase: string;
  /** Units of work done so far, `0..total`. */
  readonly done: number;
  /** All units of work; 0 where it is unknown. */
  readonly total: number;
  /** The latest training loss. */
  readonly loss?: number;
  /** Photos processed a second, lately. */
  readonly imagesPerSecond?: number;
  /** Estimated seconds until `done` reaches `total`. */
  readonly secondsLeft?: number;
}

/** Receives progress; must be quick and must not throw. */
export type OnProgress = (progress: Progress) => void;

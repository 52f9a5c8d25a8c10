/**
 * Drawing at a limited rate: of many values only the latest is drawn, and not
 * more often than a page can follow.
 *
 * @module
 */

/** A source of time; tests pass one of their own so as not to wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after some milliseconds; the result cancels that. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The system's clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Draws the latest of a stream of values. */
export interface LatestOnly<T> {
  /** Draws this value now or soon, unless a newer one comes first. */
  push(value: T): void;
  /**
   * Draws the value that is still waiting, and waits for it.
   *
   * @throws Whatever the first failed drawing threw.
   */
  flush(): Promise<void>;
}

/**
 * Draws the latest of the pushed values. Drawings never overlap, and start at
 * least the interval apart, except for the last one by `flush`.
 *
 * @param draw Draws one value.
 * @param interval In milliseconds.
 * @param clock The source of time.
 */
export function latestOnly<T>(
  draw: (value: T) => Promise<void>,
  interval: number,
  clock: Clock,
): LatestOnly<T> {
  let waiting: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let cancel: (() => void) | undefined;
  let started = -Infinity;

  const start = () => {
    if (waiting === undefined) return;
    const { value } = waiting;
    waiting = undefined;
    started = clock.now();
    running = draw(value)
      .catch((error) => void (failure ??= { error }))
      .finally(() => {
        running = undefined;
        schedule();
      });
  };
  const schedule = () => {
    if (waiting === undefined || running || cancel) return;
    const left = started + interval - clock.now();
    if (left <= 0) return start();
    cancel = clock.after(left, () => {
      cancel = undefined;
      start();
    });
  };

  const stopTimer = () => {
    cancel?.();
    cancel = undefined;
  };

  return {
    push(value) {
      waiting = { value };
      schedule();
    },
    async flush() {
      await running; // at its end it may have set a timer for the next
      stopTimer();
      start();
      await running;
      if (failure === undefined) return;
      const { error } = failure;
      failure = undefined;
      throw error;
    },
  };
}

/**
 * Drawing at a bearable rate: of many values only the latest is drawn, and not
 * more often than a page can follow.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** A picture that follows a stream of values. */
export interface LatestOnly<T> {
  /** Draw this value now or soon, unless a newer one comes first. */
  push(value: T): void;
  /**
   * Draw what is still waiting, and wait for it.
   *
   * @throws Whatever the first failed drawing threw.
   */
  flush(): Promise<void>;
}

/**
 * Draw the latest of the pushed values. Drawings never overlap, and at least
 * the interval lies between the starts of two, except for the last by `flush`.
 *
 * @param draw Draws one value.
 * @param interval Milliseconds.
 * @param clock Tells the time.
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

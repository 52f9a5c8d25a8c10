/**
 * How long work reports its progress: to a terminal, a notebook or nobody.
 *
 * @module
 */

/** The state of some long work at one moment. */
export interface Progress {
  /** What is being done, such as `"Training"`; shown to the user. */
  readonly phase: string;
  /** Units of work done so far, `0..total`. */
  readonly done: number;
  /** All units of work; 0 if unknown. */
  readonly total: number;
  /** The latest training loss. */
  readonly loss?: number;
  /** Photos processed per second, lately. */
  readonly imagesPerSecond?: number;
  /** Estimated seconds until `done` reaches `total`. */
  readonly secondsLeft?: number;
}

/** Receives progress; must be quick and must not throw. */
export type OnProgress = (progress: Progress) => void;

/**
 * Reports one phase of some work and estimates its end from its mean speed.
 *
 * @param phase What is being done; shown to the user.
 * @param total All units of work; 0 if unknown.
 * @param onProgress Receives the reports, if anybody does.
 * @returns A function to call with the units done so far.
 * @example
 * ```ts
 * import { countProgress } from "./progress.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: number[] = [];
 * const count = countProgress("Reading", 2, ({ done }) => seen.push(done));
 * count(1);
 * count(2);
 * assertEquals(seen, [0, 1, 2]);
 * ```
 */
export function countProgress(
  phase: string,
  total: number,
  onProgress: OnProgress | undefined,
): (done: number) => void {
  const start = performance.now();
  let first: number | undefined;
  onProgress?.({ phase, done: 0, total });
  return (done) => {
    first ??= done;
    const speed = (done - first) / (performance.now() - start);
    onProgress?.({
      phase,
      done,
      total,
      ...(speed > 0 && total > 0
        ? { secondsLeft: (total - done) / speed / 1000 }
        : {}),
    });
  };
}

/**
 * Formats a duration.
 *
 * @param seconds The duration; negative ones count as 0.
 * @returns `m:ss` or `h:mm:ss`.
 */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

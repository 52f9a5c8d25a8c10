/**
 * How long work on photos tells where it is.
 *
 * @module
 */

/** One report; a subset of what training reports, so one bar shows both. */
export interface DataProgress {
  /** What is being done, in words for a user. */
  readonly phase: string;
  /** Units done, 0..total. */
  readonly done: number;
  /** Units to do; 0 if not known. */
  readonly total: number;
  /** An estimate, in seconds. */
  readonly secondsLeft?: number;
}

/** Receives the reports. */
export type OnDataProgress = (progress: DataProgress) => void;

/**
 * Counts one phase and estimates its end from its mean speed.
 *
 * @param phase What is being done.
 * @param total Units to do; 0 if not known.
 * @param report Receives the reports; may be absent.
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
  report: OnDataProgress | undefined,
): (done: number) => void {
  const start = performance.now();
  let first: number | undefined;
  report?.({ phase, done: 0, total });
  return (done) => {
    first ??= done;
    const speed = (done - first) / (performance.now() - start);
    report?.({
      phase,
      done,
      total,
      ...(speed > 0 && total > 0
        ? { secondsLeft: (total - done) / speed / 1000 }
        : {}),
    });
  };
}

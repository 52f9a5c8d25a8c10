/**
 * Progress and time left of work whose pieces may have been done before.
 *
 * @module
 */

import type { SectionControls } from "@/experiment/types.ts";

/**
 * Watches pieces of work go by. The time left is judged by the pieces that
 * were done since the start, not by those that were there.
 *
 * @param phase What is being done.
 * @param total How many pieces there are.
 * @param kept What is kept of the pieces; grows with each that is done.
 * @param controls Gets the progress, and may stop the work between two pieces.
 * @param now The time in milliseconds; the system's clock by default.
 * @returns To be called before each piece and once after the last.
 *
 * @example
 * ```ts
 * import { watchPieces } from "./watch_pieces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const told: (number | undefined)[] = [];
 * const onProgress = (progress: { secondsLeft?: number }) =>
 *   told.push(progress.secondsLeft);
 * const kept = { count: 0 };
 * let ms = 0;
 * const next = watchPieces("Work", 3, kept, { onProgress }, () => ms);
 * next(); // one that was there
 * next();
 * ms += 5000, kept.count++;
 * next();
 * next();
 * assertEquals(told, [undefined, undefined, 5, 0]);
 * ```
 */
export function watchPieces(
  phase: string,
  total: number,
  kept: { readonly count: number },
  { signal, onProgress }: Pick<SectionControls, "signal" | "onProgress">,
  now: () => number = () => performance.now(),
): () => void {
  let done = -1, count = kept.count, last = now();
  let fresh = 0, freshMs = 0;
  return () => {
    const time = now();
    if (kept.count > count) {
      fresh++;
      freshMs += time - last;
    }
    [count, last] = [kept.count, time];
    done++;
    if (done < total) signal?.throwIfAborted();
    const left = (total - done) * freshMs / fresh / 1000;
    onProgress?.({
      phase,
      done,
      total,
      ...(fresh > 0 ? { secondsLeft: left } : {}),
    });
  };
}

/**
 * Measurements on disk, one line of a file each, written as soon as they are
 * made: a measurement that was stopped resumes where it stopped and repeats
 * nothing. For pieces of work that take minutes and write files of their own,
 * see `runGrid`.
 *
 * @module
 */

import { readTextIfPresent } from "@/files/if_present.ts";
import { fingerprint } from "@/files/sha256.ts";
import type { SectionControls } from "@/experiment/types.ts";

/** Name of the cache's file in its folder. */
export const CACHE_FILE = "units.jsonl";

/** Measurements that were made before, in a folder. */
export class MeasurementCache {
  readonly #path: string;
  readonly #found: Map<string, unknown>;
  #isTorn: boolean;

  private constructor(
    path: string,
    found: Map<string, unknown>,
    isTorn: boolean,
  ) {
    this.#path = path;
    this.#found = found;
    this.#isTorn = isTorn;
  }

  /**
   * Opens a cache. A line that was cut off when its writer was killed is
   * ignored.
   *
   * @param folder Where its file is; created if it does not exist.
   * @returns The cache with all measurements that were made before.
   */
  static async open(folder: string): Promise<MeasurementCache> {
    const path = `${folder}/${CACHE_FILE}`;
    await Deno.mkdir(folder, { recursive: true });
    const text = await readTextIfPresent(path) ?? "";
    const found = new Map<string, unknown>();
    for (const line of text.split("\n")) {
      const entry = parseEntry(line);
      if (entry !== undefined) found.set(entry.unit, entry.found);
    }
    const isTorn = text !== "" && !text.endsWith("\n");
    return new MeasurementCache(path, found, isTorn);
  }

  /** Number of measurements. */
  get count(): number {
    return this.#found.size;
  }

  /**
   * Makes a measurement unless it was made before.
   *
   * @param identity Everything that decides the result; as JSON it is the key.
   * @param measure Makes the measurement.
   * @returns The result, from the cache if it is there; as JSON keeps it.
   */
  async once<Result>(
    identity: unknown,
    measure: () => Promise<Result>,
  ): Promise<Result> {
    const unit = fingerprint(identity).slice(0, 24);
    if (!this.#found.has(unit)) {
      const found = await measure();
      const text = JSON.stringify({ unit, of: identity, found });
      await this.#append(text);
      this.#found.set(unit, parseEntry(text)!.found);
    }
    return this.#found.get(unit) as Result;
  }

  async #append(line: string): Promise<void> {
    const start = this.#isTorn ? "\n" : "";
    this.#isTorn = true;
    await Deno.writeTextFile(this.#path, `${start}${line}\n`, { append: true });
    this.#isTorn = false;
  }
}

interface Entry {
  readonly unit: string;
  readonly found: unknown;
}

function parseEntry(line: string): Entry | undefined {
  try {
    const { unit, found } = JSON.parse(line) as Partial<Entry>;
    return unit === undefined || found === undefined
      ? undefined
      : { unit, found };
  } catch {
    return undefined;
  }
}

/** Work whose progress is reported. */
export interface TrackedWork {
  /** What is being done, for the reader. */
  readonly phase: string;
  /** Number of pieces. */
  readonly total: number;
  /** Its count grows with each piece that is really done. */
  readonly cache: { readonly count: number };
  /** Receives the progress, and may stop the work between two pieces. */
  readonly controls: Pick<SectionControls, "signal" | "onProgress">;
  /** The time in milliseconds; the system's clock by default. */
  readonly now?: () => number;
}

/**
 * Reports the progress of work, some of which may come from a cache. The time
 * left is estimated from the pieces that were really done.
 *
 * @param work What is done, and who receives the progress.
 * @returns A function to call before each piece and once after the last one.
 *
 * @example
 * ```ts
 * import { trackPieces } from "./measurement_cache.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const left: (number | undefined)[] = [];
 * const controls = {
 *   onProgress: ({ secondsLeft }: { secondsLeft?: number }) =>
 *     left.push(secondsLeft),
 * };
 * const cache = { count: 0 };
 * let ms = 0;
 * const now = () => ms;
 * const next = trackPieces({ phase: "Work", total: 3, cache, controls, now });
 * next(); // from the cache
 * next();
 * ms += 5000, cache.count++;
 * next();
 * next();
 * assertEquals(left, [undefined, undefined, 5, 0]);
 * ```
 */
export function trackPieces(
  { phase, total, cache, controls, now = () => performance.now() }: TrackedWork,
): () => void {
  const { signal, onProgress } = controls;
  let done = -1, count = cache.count, last = now();
  let fresh = 0, freshMs = 0;
  return () => {
    const time = now();
    if (cache.count > count) {
      fresh++;
      freshMs += time - last;
    }
    [count, last] = [cache.count, time];
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

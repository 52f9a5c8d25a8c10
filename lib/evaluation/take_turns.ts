/**
 * Several pieces of work, timed in turns, so that a machine that slows down
 * slows all alike.
 *
 * @module
 */
import { median } from "@/metrics/mod.ts";

/** Does it once and says how many milliseconds it took. */
export type TimedWork = () => Promise<number>;

/** How long {@linkcode takeTurns} goes on. */
export interface TurnsOptions {
  /** No round begins after so many seconds. */
  readonly seconds: number;
  /** Rounds that are run even then. */
  readonly leastRounds: number;
  /** Stops it between two pieces. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each round. */
  readonly onRound?: (rounds: number) => void;
}

/** What was timed. */
export interface Turns {
  /** Median milliseconds by name. */
  readonly ms: ReadonlyMap<string, number>;
  /** Rounds. */
  readonly rounds: number;
}

/**
 * Times work, once each to warm up and then in rounds, forwards and backwards,
 * so that none is always after the same one.
 *
 * @param field By name.
 */
export async function takeTurns(
  field: ReadonlyMap<string, TimedWork>,
  { seconds, leastRounds, signal, onRound }: TurnsOptions,
): Promise<Turns> {
  const times = new Map<string, number[]>();
  for (const [name, work] of field) {
    signal?.throwIfAborted();
    await work();
    times.set(name, []);
  }
  const end = performance.now() + seconds * 1000;
  let rounds = 0;
  for (; rounds < leastRounds || performance.now() < end; rounds++) {
    onRound?.(rounds);
    const names = Array.from(field.keys());
    if (rounds % 2 === 1) names.reverse();
    for (const name of names) {
      signal?.throwIfAborted();
      times.get(name)!.push(await field.get(name)!());
    }
  }
  const medians = Array.from(
    times,
    ([name, values]) => [name, median(values)] as const,
  );
  return { ms: new Map(medians), rounds };
}

/** Times a function by the clock. */
export function timed(work: () => Promise<unknown>): TimedWork {
  return async () => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
}

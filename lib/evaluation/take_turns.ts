/**
 * Times several pieces of work in turns, so that a machine that slows down
 * affects all of them equally.
 *
 * @module
 */
import { median } from "@/metrics/mod.ts";

/** Does a piece of work once and returns how many milliseconds it took. */
export type TimedWork = () => Promise<number>;

/** How long {@linkcode takeTurns} runs. */
export interface TurnsOptions {
  /** Time in seconds after which no round starts. */
  readonly seconds: number;
  /** Minimum number of rounds, whatever the time. */
  readonly leastRounds: number;
  /** Stops between two pieces of work. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each round with the number of finished ones. */
  readonly onRound?: (rounds: number) => void;
  /**
   * Called with the error of a piece of work that fails at its warm-up and is
   * then skipped; by default such an error is thrown.
   */
  readonly onFailure?: (error: unknown) => void;
}

/** The result of {@linkcode collectTurns}. */
export interface Turns<Value> {
  /** What each piece of work returned in each round, by name. */
  readonly results: ReadonlyMap<string, readonly Value[]>;
  /** Number of rounds. */
  readonly rounds: number;
}

/**
 * Runs each piece of work once to warm up, then all of them in rounds, forwards
 * and backwards, so that none always follows the same one.
 *
 * @param field The pieces of work by name.
 * @param options How long to run.
 * @returns What they returned, without the warm-up.
 */
export async function collectTurns<Value>(
  field: ReadonlyMap<string, () => Promise<Value>>,
  { seconds, leastRounds, signal, onRound, onFailure }: TurnsOptions,
): Promise<Turns<Value>> {
  const results = new Map<string, Value[]>();
  for (const [name, work] of field) {
    signal?.throwIfAborted();
    try {
      await work();
      results.set(name, []);
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure(error);
    }
  }
  const end = performance.now() + seconds * 1000;
  let rounds = 0;
  for (; rounds < leastRounds || performance.now() < end; rounds++) {
    onRound?.(rounds);
    const names = Array.from(results.keys());
    if (rounds % 2 === 1) names.reverse();
    for (const name of names) {
      signal?.throwIfAborted();
      results.get(name)!.push(await field.get(name)!());
    }
  }
  return { results, rounds };
}

/**
 * Times pieces of work in turns; see {@linkcode collectTurns}.
 *
 * @param field The pieces of work by name.
 * @param options How long to run.
 * @returns Median milliseconds by name, and the number of rounds.
 */
export async function takeTurns(
  field: ReadonlyMap<string, TimedWork>,
  options: TurnsOptions,
): Promise<{ ms: ReadonlyMap<string, number>; rounds: number }> {
  const { results, rounds } = await collectTurns(field, options);
  const ms = Array.from(
    results,
    ([name, times]) => [name, median(times)] as const,
  );
  return { ms: new Map(ms), rounds };
}

/**
 * Times a function by the clock.
 *
 * @param work The function.
 * @returns A piece of work for {@linkcode takeTurns}.
 */
export function timed(work: () => Promise<unknown>): TimedWork {
  return async () => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
}

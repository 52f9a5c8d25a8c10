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
}

/** The result of {@linkcode takeTurns}. */
export interface Turns {
  /** Median milliseconds by name. */
  readonly ms: ReadonlyMap<string, number>;
  /** Number of rounds. */
  readonly rounds: number;
}

/**
 * Runs each piece of work once to warm up, then times all of them in rounds,
 * forwards and backwards, so that none always follows the same one.
 *
 * @param field The pieces of work by name.
 * @param options How long to run.
 * @returns Median times.
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

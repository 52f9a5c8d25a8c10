/**
 * Compares how specs ended with the failures that are known.
 *
 * @module
 */
import type { SpecResult } from "./run_specs.ts";

/** Specs that fail for one reason. */
export interface KnownFailures {
  /** Why they fail and why that stays. */
  readonly reason: string;
  /** Their full names. */
  readonly specs: readonly string[];
}

/** What a run comes to. */
export interface Judgement {
  /** Specs that ran to an end, so not those that are pending or left out. */
  readonly run: number;
  /** How many of them passed. */
  readonly passed: number;
  /** How many failed as known. */
  readonly known: number;
  /** Share of those that ran which passed, 0 to 100; 0 where none ran. */
  readonly percent: number;
  /** Failures that are not known. */
  readonly unlisted: readonly SpecResult[];
  /** Known failures that passed, each spec of that name. */
  readonly fixed: readonly string[];
  /** Known failures of which there is no spec at all. */
  readonly missing: readonly string[];
}

/**
 * Judges a run.
 *
 * @param results All specs, those that the filter left out included.
 * @param known The known failures.
 */
export function judgeResults(
  results: readonly SpecResult[],
  known: readonly KnownFailures[],
): Judgement {
  const listed = new Set(known.flatMap(({ specs }) => specs));
  const passed = results.filter(({ status }) => status === "passed");
  const failed = results.filter(({ status }) => status === "failed");
  const unlisted = failed.filter(({ name }) => !listed.has(name));
  // Some specs share a name.
  const failing = new Set(failed.map(({ name }) => name));
  const there = new Set(results.map(({ name }) => name));
  const run = passed.length + failed.length;
  return {
    run,
    passed: passed.length,
    known: failed.length - unlisted.length,
    percent: run === 0 ? 0 : 100 * passed.length / run,
    unlisted,
    fixed: passed.map(({ name }) => name)
      .filter((name) => listed.has(name) && !failing.has(name)),
    missing: Array.from(listed).filter((name) => !there.has(name)),
  };
}

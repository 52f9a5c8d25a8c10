/**
 * Compares the results of specs with the list of known failures.
 *
 * @module
 */
import type { SpecResult } from "./run_specs.ts";

/** Specs that fail for one reason. */
export interface KnownFailures {
  /** Why they fail, and why that will not be mended. */
  readonly reason: string;
  /** Their full names. */
  readonly specs: readonly string[];
}

/** The summary of a run. */
export interface Judgement {
  /** Number of specs that passed or failed; not pending or excluded ones. */
  readonly run: number;
  /** Number of specs that passed. */
  readonly passed: number;
  /** Number of specs that failed and are listed. */
  readonly known: number;
  /** Percentage of specs that passed, 0 to 100; 0 where none ran. */
  readonly percent: number;
  /** Failures that are not listed. */
  readonly unlisted: readonly SpecResult[];
  /** Names of listed specs that passed. */
  readonly fixed: readonly string[];
  /** Listed names that no spec has. */
  readonly missing: readonly string[];
}

/**
 * Compares a run with the list of known failures.
 *
 * @param results The results of all specs, excluded ones too.
 * @param known The list.
 * @returns The counts, and what the list has wrong.
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

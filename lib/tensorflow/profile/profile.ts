/**
 * Where the time of a compiled function goes.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import type { ProfiledFunction } from "@/tensorflow/ffi/profiled_function.ts";
import { type OpRun, readStepStats } from "./step_stats.ts";

/** The fastest of some runs of a function. */
export interface FunctionProfile {
  /** The function's name. */
  readonly name: string;
  /** Milliseconds of a call that was not traced, the fastest of as many. */
  readonly callMs: number;
  /** Its ops, as TensorFlow optimised them, in the order of their beginnings. */
  readonly ops: readonly OpRun[];
}

/**
 * Measures a function. Calls that are traced and calls that are not take turns.
 *
 * @param name What it is called in the profile.
 * @param opened The function with its arguments.
 * @param runs How many of each, after one that does not count; at least 1.
 * @returns The fastest.
 * @throws {RangeError} If `runs` is not a whole number from 1.
 * @throws {TensorFlowError} If an op fails.
 */
export function profileFunction(
  name: string,
  opened: ProfiledFunction,
  runs: number,
): FunctionProfile {
  if (!Number.isInteger(runs) || runs < 1) {
    throw invalid("runs", "a whole number from 1", runs);
  }
  opened.trace();
  const calls: number[] = [];
  const traces: OpRun[][] = [];
  for (let i = 0; i < runs; i++) {
    calls.push(opened.time());
    traces.push(readStepStats(opened.trace()));
  }
  traces.sort((a, b) => spanMs(a) - spanMs(b));
  return { name, callMs: Math.min(...calls), ops: traces[0]! };
}

/**
 * From the first op's beginning to the last one's end.
 *
 * @param ops The ops of a run.
 * @returns Milliseconds; 0 if there is no op.
 */
export function spanMs(ops: readonly OpRun[]): number {
  return ops.reduce(
    (end, { startMs, durationMs }) => Math.max(end, startMs + durationMs),
    0,
  );
}

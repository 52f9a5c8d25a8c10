/**
 * Many runs that differ in a setting or a seed, one after the other. A run
 * that was stopped resumes where it was, and one that is finished is not done
 * again: what was found is kept as `found.json` in its folder.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import {
  placeRun,
  readHistory,
  removeCheckpoints,
  type Run,
  type RunRecord,
  type RunVersions,
  shareText,
  workerShare,
} from "@/training/mod.ts";
import { FIT_EVERY } from "./prepare_data.ts";
import type { SectionContext } from "./types.ts";

/**
 * Gives a run its folder, beside the sections' folders: a section that needs
 * what another has trained finds it there.
 *
 * @param context What the section was given.
 * @param name The run's name.
 * @param identity Everything that decides the run besides the versions; anything
 * that JSON can hold.
 * @param versions What it is made with; what is installed by default.
 * @returns The run.
 */
export function sectionRun(
  { folder }: SectionContext,
  name: string,
  identity: unknown,
  versions?: RunVersions,
): Run {
  const whole = [identity, { fitEvery: FIT_EVERY }];
  return placeRun(join(dirname(folder), "runs"), name, whole, versions);
}

/** A run of a grid. */
export interface GridRun<Found> {
  /** For its folder, the progress line and the charts. */
  readonly name: string;
  /** Everything that decides it. */
  readonly identity: unknown;
  /** Whether its weights are removed when it is finished. */
  readonly forgetsWeights?: boolean;
  /**
   * Does the work, and is called at most once until it has succeeded.
   *
   * @param run Where it is.
   * @returns What was found, for JSON.
   */
  work(run: Run): Promise<Found>;
}

/** A run that is finished. */
export interface FinishedRun<Found> extends Run {
  /** Its losses. */
  readonly history: readonly RunRecord[];
  /** What was found. */
  readonly found: Found;
}

/** Name of the file with what a run has found. */
export const FOUND_FILE = "found.json";

/**
 * Does the runs of a grid that are not finished yet.
 *
 * @param runs In this order; their names and identities together differ.
 * @param context What the section was given; its signal ends the grid between
 * two runs, and each run by what it does with it.
 * @param versions What they are made with; what is installed by default.
 * @returns The runs in the same order.
 */
export async function runGrid<Found>(
  runs: readonly GridRun<Found>[],
  context: SectionContext,
  versions?: RunVersions,
): Promise<FinishedRun<Found>[]> {
  const finished: FinishedRun<Found>[] = [];
  for (const { name, identity, work, forgetsWeights = false } of runs) {
    context.controls.signal?.throwIfAborted();
    const { count } = workerShare();
    const whole = [name, identity, ...count > 1 ? [count] : []];
    const run = sectionRun(context, name, whole, versions);
    // Of several workers, the first decides what there is to do.
    const kept = await shareText(await readFound(run));
    let found: Found;
    if (kept === undefined) {
      found = await work(run);
      const text = JSON.stringify({ run: run.id, found }, null, 2);
      await atomicWrite(`${run.folder}/${FOUND_FILE}`, `${text}\n`);
    } else {
      found = JSON.parse(kept).found as Found;
    }
    if (forgetsWeights) await removeCheckpoints(run.folder);
    const history = (await readHistory(run.folder))
      .map((record) => ({ run: name, ...record }));
    finished.push({ ...run, history, found });
  }
  return finished;
}

/** The runs of one setting with several seeds, finished. */
export interface SeededRuns<Found> {
  /** What was found with each seed. */
  readonly runs: readonly (Found & { readonly seed: number })[];
  /** The runs, in the same order. */
  readonly finished: readonly FinishedRun<Found>[];
  /** The run of the first seed. */
  readonly first: FinishedRun<Found>;
}

/**
 * Does the runs of one setting that are not finished yet.
 *
 * @param count Number of seeds, from the section's own on; at least 1.
 * @param makeRun Makes the run of a seed, given its index too.
 * @param context What the section was given.
 * @returns The runs in the order of their seeds.
 */
export async function runSeeds<Found>(
  count: number,
  makeRun: (seed: number, index: number) => GridRun<Found>,
  context: SectionContext,
): Promise<SeededRuns<Found>> {
  const seeds = Array.from({ length: count }, (_, i) => context.seed + i);
  const finished = await runGrid(seeds.map(makeRun), context);
  return {
    runs: finished.map(({ found }, i) => ({ seed: seeds[i]!, ...found })),
    finished,
    first: finished[0]!,
  };
}

/** The file of a finished run, or `undefined`. */
async function readFound(
  { folder, id }: Run,
): Promise<string | undefined> {
  const text = await readTextIfPresent(`${folder}/${FOUND_FILE}`);
  try {
    return JSON.parse(text ?? "{}").run === id ? text : undefined;
  } catch {
    return undefined; // One that is damaged is made again.
  }
}

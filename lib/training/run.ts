/**
 * A training run: its name, its folder, and what tells it from other runs.
 *
 * @module
 */

import { join } from "node:path";
import { fingerprint } from "@/files/sha256.ts";

/** A run and where it is kept. */
export interface Run {
  /** For its folder, the progress line and the charts. */
  readonly name: string;
  /** Where it keeps its history, its checkpoints and its photos. */
  readonly folder: string;
  /** 64 hexadecimal digits that change with anything that decides the run. */
  readonly id: string;
}

/**
 * Gives a run its folder.
 *
 * @param runs The folder of all runs, such as `results/runs`.
 * @param name The run's name.
 * @param identity Everything that decides the run; anything that JSON can hold.
 * @returns The run; nothing is written yet.
 */
export function placeRun(runs: string, name: string, identity: unknown): Run {
  const id = fingerprint(identity);
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return { name, id, folder: join(runs, `${slug}-${id.slice(0, 12)}`) };
}

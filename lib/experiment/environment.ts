/**
 * What a result was made on and from: how all results of sections begin.
 *
 * @module
 */

import os from "node:os";
import { listDevices } from "@/tensorflow/mod.ts";
import { describeVersions, workerShare } from "@/training/mod.ts";
import { FIT_EVERY, type SectionData } from "./prepare_data.ts";
import type { Machine, SectionName, SectionResult } from "./types.ts";

/**
 * Describes this machine.
 *
 * @returns What results say about it.
 */
export function describeMachine(): Machine {
  const { count } = workerShare();
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    os: `${Deno.build.os} ${Deno.build.arch}`,
    devices: [...new Set(listDevices().map((device) => device.type))],
    ...(count > 1 ? { workers: count } : {}),
  };
}

/** A result without what was found. */
export type ResultHead<Settings> = Omit<
  SectionResult<Settings>,
  "history" | "metrics"
>;

/**
 * Says what a result is of, what decided it and what it ran on.
 *
 * @param section The section's name.
 * @param settings Everything that decided it besides the photos and the seed.
 * @param data What it was made from.
 */
export function resultHead<Settings>(
  section: SectionName,
  settings: Settings,
  { profile, seed, steps, summary }: SectionData,
): ResultHead<Settings> {
  return {
    section,
    // With fewer steps it is not what the profile promises.
    profile: steps === undefined ? profile : "trial",
    ...steps !== undefined && { steps },
    settings,
    fitEvery: FIT_EVERY,
    seed,
    dataset: summary,
    machine: describeMachine(),
    versions: describeVersions(),
  };
}

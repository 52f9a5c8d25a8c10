/**
 * What a result was made on and with: how all results of sections begin.
 *
 * @module
 */

import os from "node:os";
import { listDevices, tensorFlowVersion, tf } from "@/tensorflow/mod.ts";
import { workerShare } from "@/training/mod.ts";
import type { SectionData } from "./prepare_data.ts";
import type { SectionName, SectionResult } from "./types.ts";

/** The machine. */
export interface Machine {
  /** The processor's name. */
  readonly cpu: string;
  /** Its cores. */
  readonly cores: number;
  /** Its memory, rounded to GiB. */
  readonly memoryGiB: number;
  /** Operating system and architecture. */
  readonly os: string;
  /** Devices that TensorFlow used, such as `CPU`. */
  readonly devices: readonly string[];
  /** Workers that trained together, each with a batch of its own; if several. */
  readonly workers?: number;
}

/** Versions of what was used. */
export interface Versions {
  /** The Deno that ran it. */
  readonly deno: string;
  /** TensorFlow's library. */
  readonly tensorflow: string;
  /** TensorFlow.js, for kernels and gradients. */
  readonly tfjs: string;
}

/** Looks at the machine. */
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

/** Asks Deno, TensorFlow and TensorFlow.js. */
export function describeVersions(): Versions {
  return {
    deno: Deno.version.deno,
    tensorflow: tensorFlowVersion,
    tfjs: tf.version.tfjs,
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
 * @param settings Everything that decided it beside the photos and the seed.
 * @param data What it was made from.
 */
export function resultHead<Settings>(
  section: SectionName,
  settings: Settings,
  { profile, seed, summary }: SectionData,
): ResultHead<Settings> {
  return {
    section,
    profile,
    settings,
    seed,
    dataset: summary,
    machine: describeMachine(),
    versions: describeVersions(),
  };
}

/**
 * A training run: its name, its folder, and what distinguishes it from others.
 *
 * A run that is found in its folder is resumed, or taken if it is finished. So
 * everything that decides its outcome is part of its identity: settings, seeds
 * and data by the caller, and here the versions of all libraries and of the
 * project's own code.
 *
 * @module
 */

import { join } from "node:path";
import { fingerprint } from "@/files/sha256.ts";
import { imageVersions } from "@/images/mod.ts";
import { tensorFlowVersion, tf } from "@/tensorflow/mod.ts";

/**
 * The version of the code that decides what runs find. Raise it whenever the
 * same settings would give other results.
 *
 * It is a number and not a checksum of the source files, since most changes to
 * those change no result and would repeat days of training; a test pins losses
 * of each kind of network to it.
 */
export const RUN_VERSION = 1;

/** Versions of what a run was made with. */
export interface Versions {
  /** Deno. */
  readonly deno: string;
  /** TensorFlow's library. */
  readonly tensorflow: string;
  /** TensorFlow.js, for kernels and gradients. */
  readonly tfjs: string;
  /** The npm package that decodes and encodes images. */
  readonly sharp?: string | undefined;
  /** The library in it that scales them. */
  readonly vips?: string | undefined;
}

/**
 * Asks Deno, TensorFlow, TensorFlow.js and sharp for their versions.
 *
 * @returns The versions.
 */
export function describeVersions(): Versions {
  const { sharp, vips } = imageVersions();
  return {
    deno: Deno.version.deno,
    tensorflow: tensorFlowVersion,
    tfjs: tf.version.tfjs,
    sharp,
    vips,
  };
}

/** Every version that can change what a run finds. */
export interface RunVersions extends Versions {
  /** The code, {@linkcode RUN_VERSION}. */
  readonly run: number;
  /** The image libraries, by name. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * The versions that are part of the identity of each run.
 *
 * @returns Versions of the code and of all libraries.
 */
export function runVersions(): RunVersions {
  return { run: RUN_VERSION, ...describeVersions(), images: imageVersions() };
}

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
 * @param identity Everything that decides the run besides the versions; anything
 * that JSON can hold.
 * @param versions What it is made with; what is installed by default.
 * @returns The run; nothing is written yet.
 */
export function placeRun(
  runs: string,
  name: string,
  identity: unknown,
  versions: RunVersions = runVersions(),
): Run {
  const id = fingerprint([versions, identity]);
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return { name, id, folder: join(runs, `${slug}-${id.slice(0, 12)}`) };
}

/**
 * The record of a finished set-up, `.venv/onecode.json`. It is written last and
 * in one move, so it exists only if all the rest does.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Variant } from "./check_platform.ts";
import type { Workspace } from "./workspace.ts";

/** The record. */
export interface Stamp {
  /** A hash of everything that decides what set-up makes. */
  readonly fingerprint: string;
  /** The checkout when it was set up; the environment cannot be moved. */
  readonly root: string;
  /** The version of Python, such as `"3.11.7"`. */
  readonly python: string;
  /** The build of TensorFlow. */
  readonly variant: Variant;
  /** The folder of TensorFlow's shared libraries, relative to `.venv`. */
  readonly tensorflowLibrary: string;
  /** Versions of the required packages by name. */
  readonly versions: Record<string, string>;
}

/** To be raised when set-up makes something else from the same pins. */
const setupVersion = "3";

/**
 * Lists the files of pinned requirements.
 *
 * @param workspace The checkout.
 * @param variant The build of TensorFlow.
 * @returns The requirements, those of TensorFlow, and the constraints.
 */
export function pinFiles(
  { pins }: Workspace,
  variant: Variant,
): [requirements: string, tensorflow: string, constraints: string] {
  return [
    join(pins, "requirements.txt"),
    join(pins, `tensorflow_${variant}.txt`),
    join(pins, "constraints.txt"),
  ];
}

/**
 * Hashes the pins, the checkout's place and the machine.
 *
 * @param workspace The checkout.
 * @param variant The build of TensorFlow.
 * @returns A SHA-256 hash in hexadecimal digits.
 */
export function fingerprintOf(workspace: Workspace, variant: Variant): string {
  const hash = createHash("sha256");
  const parts = [setupVersion, workspace.root, Deno.build.target, variant];
  hash.update(parts.join("\n"));
  const lock = join(workspace.root, "deno.lock");
  for (const path of [...pinFiles(workspace, variant), lock]) {
    hash.update(Deno.readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/**
 * Reads the record.
 *
 * @param workspace The checkout.
 * @returns The record, or `undefined` if there is none that can be read.
 */
export function readStamp(workspace: Workspace): Stamp | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(workspace.stamp)) as Stamp;
  } catch {
    return undefined;
  }
}

/**
 * Writes the record.
 *
 * @param workspace The checkout.
 * @param stamp The record.
 */
export async function writeStamp(
  workspace: Workspace,
  stamp: Stamp,
): Promise<void> {
  await atomicWrite(workspace.stamp, `${JSON.stringify(stamp, null, 2)}\n`);
}

/**
 * Checks whether a set-up is complete.
 *
 * @param workspace The checkout.
 * @param fingerprint See {@linkcode fingerprintOf}.
 * @returns Whether it was recorded with this fingerprint, and its main parts
 * still exist.
 */
export function isComplete(
  workspace: Workspace,
  fingerprint: string,
): boolean {
  const stamp = readStamp(workspace);
  return stamp?.fingerprint === fingerprint &&
    [
      workspace.python,
      workspace.kernelDeno,
      join(workspace.venv, stamp.tensorflowLibrary),
      join(workspace.root, "node_modules", ".deno"),
    ].every((path) => existsSync(path));
}

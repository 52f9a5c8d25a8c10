/**
 * The record of a finished set-up, `.venv/onecode.json`. It is written last and
 * in one move, so its presence means that all the rest is there.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Variant } from "./check_platform.ts";
import type { Workspace } from "./workspace.ts";

/** What a finished set-up records. */
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

/** Raised when set-up itself makes something else from the same pins. */
const setupVersion = "3";

/** The files of pins that a set-up for `variant` reads. */
export function pinFiles(workspace: Workspace, variant: Variant): string[] {
  return ["requirements.txt", `tensorflow_${variant}.txt`, "constraints.txt"]
    .map((name) => join(workspace.pins, name));
}

/** Hashes the pins, the place and the machine. */
export function fingerprintOf(workspace: Workspace, variant: Variant): string {
  const hash = createHash("sha256");
  const parts = [setupVersion, workspace.root, Deno.build.target, variant];
  hash.update(parts.join("\n"));
  for (
    const path of [
      ...pinFiles(workspace, variant),
      join(workspace.root, "deno.lock"),
    ]
  ) {
    hash.update(Deno.readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** Reads the record, or `undefined` where there is none that can be read. */
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
 * @param workspace Where the record lies.
 * @param stamp The record.
 */
export async function writeStamp(
  workspace: Workspace,
  stamp: Stamp,
): Promise<void> {
  await atomicWrite(workspace.stamp, JSON.stringify(stamp, null, 2) + "\n");
}

/** Whether the recorded set-up is this one and its main parts still lie there. */
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

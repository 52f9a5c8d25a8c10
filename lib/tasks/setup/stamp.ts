/**
 * The record of what is set up, `.venv/onecode.json`. A part is written into it
 * when it is complete, so that what the record names is there.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import { libraryIn } from "@/tensorflow/library/find_library.ts";
import type { Variant } from "./check_platform.ts";
import type { Part, Workspace } from "./workspace.ts";

/** The record. */
export interface Stamp {
  /** The checkout when it was set up; a Python environment cannot be moved. */
  readonly root: string;
  /** A hash for each complete part of everything that decides what it is. */
  readonly parts: Readonly<Partial<Record<Part, string>>>;
}

/** To be raised when set-up makes something else from the same pins. */
const setupVersion = "4";

/**
 * Lists the file that pins TensorFlow's build.
 *
 * @param workspace The checkout.
 * @param variant The build of TensorFlow.
 * @returns Its path.
 */
export function tensorflowPins({ pins }: Workspace, variant: Variant): string {
  return join(pins, `tensorflow_${variant}.txt`);
}

/**
 * Lists the files that pin the Python packages behind the notebooks.
 *
 * @param workspace The checkout.
 * @returns The requirements and the constraints.
 */
export function notebookPins(
  { pins }: Workspace,
): [requirements: string, constraints: string] {
  return [join(pins, "requirements.txt"), join(pins, "constraints.txt")];
}

/**
 * Hashes what decides on a part: its pins, the checkout's place and the machine.
 *
 * @param workspace The checkout.
 * @param part The part.
 * @param variant The build of TensorFlow.
 * @returns A SHA-256 hash in hexadecimal digits.
 */
export function fingerprintOf(
  workspace: Workspace,
  part: Part,
  variant: Variant,
): string {
  const hash = createHash("sha256");
  hash.update([setupVersion, workspace.root, Deno.build.target].join("\n"));
  const files = {
    codec: [join(workspace.root, "deno.lock")],
    engine: [tensorflowPins(workspace, variant)],
    notebooks: notebookPins(workspace),
  };
  for (const path of files[part]) {
    hash.update(Deno.readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/**
 * Reads the record.
 *
 * @param workspace The checkout.
 * @returns The record; `undefined` if there is none that can be read.
 */
export function readStamp(workspace: Workspace): Stamp | undefined {
  try {
    const stamp = JSON.parse(Deno.readTextFileSync(workspace.stamp)) as Stamp;
    return stamp.parts === undefined ? { ...stamp, parts: {} } : stamp;
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
 * Checks whether a part is set up.
 *
 * @param workspace The checkout.
 * @param part The part.
 * @param variant The build of TensorFlow.
 * @returns Whether it is recorded as it should be now, and still exists.
 */
export function isComplete(
  workspace: Workspace,
  part: Part,
  variant: Variant,
): boolean {
  const recorded = readStamp(workspace)?.parts[part];
  return recorded === fingerprintOf(workspace, part, variant) &&
    isThere(workspace, part);
}

function isThere({ root, python, kernelDeno }: Workspace, part: Part): boolean {
  if (part === "codec") return existsSync(join(root, "node_modules", ".deno"));
  if (part === "engine") return libraryIn(root) !== undefined;
  return existsSync(python) && existsSync(kernelDeno);
}

/**
 * Checkpoints: the weights, the optimiser's state and the step, so that a run
 * resumes as if it had never stopped.
 *
 * The last two are kept. Each carries a checksum, so that one that was damaged
 * by a crash or a full disk is noticed and the one before it is used.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { listIfPresent } from "@/files/if_present.ts";
import {
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  writeSafetensors,
} from "@/models/safetensors.ts";

/** What is trained, and everything that training keeps, by name. */
export type TrainingState = ReadonlyMap<string, tf.Variable>;

/** A complete checkpoint that was found. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Values by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const NAME = /^checkpoint-(\d+)\.safetensors$/;
const KEPT = 2;

/**
 * Saves the state after a step.
 *
 * @param folder The run's folder.
 * @param step Steps done.
 * @param state What to save.
 * @param run Identifies the run; a checkpoint of another run is not loaded.
 * @throws {UserError} When the disk is full; older checkpoints are then
 * unchanged.
 */
export async function saveCheckpoint(
  folder: string,
  step: number,
  state: TrainingState,
  run: string,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, variable] of state) {
    const data = variable.dataSync() as Float32Array;
    tensors.set(name, { shape: variable.shape, data });
  }
  const sha256 = await checksum(tensors);
  const metadata = { step: String(step), run, sha256 };
  await atomicWrite(
    `${folder}/checkpoint-${String(step).padStart(9, "0")}.safetensors`,
    writeSafetensors({ tensors, metadata }),
  );
  const names = await checkpointNames(folder);
  // Later ones are damaged or of another run: this run resumed before them.
  const whole = names.filter((name) => stepOf(name) <= step).slice(0, KEPT);
  for (const name of names.filter((name) => !whole.includes(name))) {
    await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
}

/**
 * Finds the newest complete checkpoint of a run.
 *
 * @param folder The run's folder; it need not exist.
 * @param run Identifies the run, as when it was saved.
 * @param onSkip Called with each file that is skipped, and the reason.
 * @returns The checkpoint, or `undefined` if there is none.
 */
export async function findCheckpoint(
  folder: string,
  run: string,
  onSkip?: (file: string, reason: string) => void,
): Promise<Checkpoint | undefined> {
  for (const name of await checkpointNames(folder)) {
    try {
      const stored = readSafetensors(await Deno.readFile(`${folder}/${name}`));
      return await verify(stored, run);
    } catch (error) {
      onSkip?.(name, error instanceof Error ? error.message : String(error));
    }
  }
}

async function verify(
  { tensors, metadata }: Safetensors,
  run: string,
): Promise<Checkpoint> {
  if (metadata["sha256"] !== await checksum(tensors)) {
    throw new Error("Its numbers do not match their checksum.");
  }
  if (metadata["run"] !== run) throw new Error("It belongs to another run.");
  return { step: Number(metadata["step"]), tensors };
}

/**
 * Puts a checkpoint's values into variables.
 *
 * @param state The variables by name.
 * @param tensors The values by name.
 * @throws {RangeError} When a variable is missing or has another shape.
 */
export function restoreState(
  state: TrainingState,
  tensors: ReadonlyMap<string, StoredTensor>,
): void {
  for (const [name, variable] of state) {
    const stored = tensors.get(name);
    if (stored?.shape.join() !== variable.shape.join()) {
      throw new RangeError(
        `The checkpoint has no "${name}" of shape [${
          variable.shape.join(", ")
        }].`,
      );
    }
    tf.tidy(() => variable.assign(tf.tensor(stored.data, [...stored.shape])));
  }
}

/**
 * Removes a run's checkpoints, which may take much room.
 *
 * @param folder The run's folder; it need not exist.
 */
export async function removeCheckpoints(folder: string): Promise<void> {
  for (const name of await checkpointNames(folder)) {
    await Deno.remove(`${folder}/${name}`);
  }
}

function stepOf(name: string): number {
  return Number(NAME.exec(name)![1]);
}

/** Names of a folder's checkpoints, newest first. */
async function checkpointNames(folder: string): Promise<string[]> {
  return (await listIfPresent(folder)).map(({ name }) => name)
    .filter((name) => NAME.test(name))
    .sort((a, b) => stepOf(b) - stepOf(a));
}

async function checksum(
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<string> {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (const [name, { shape, data }] of tensors) {
    parts.push(encoder.encode(`${name}\0${shape.join()}\0`));
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const blob = new Blob(parts as Uint8Array<ArrayBuffer>[]);
  const digest = await crypto.subtle.digest(
    "SHA-256",
    await blob.arrayBuffer(),
  );
  return new Uint8Array(digest).toHex();
}

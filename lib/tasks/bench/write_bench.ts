/**
 * The results of benchmarks as files, which hold a list of machines.
 *
 * @module
 */
import { join } from "node:path";
import { describeMachine } from "@/experiment/environment.ts";
import { describeVersions } from "@/training/run.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { vectorUnit } from "@/tensorflow/ffi/processor.ts";
import { type MachineResult, replaceMachine } from "./step_table.ts";

/** What a benchmark measured on one machine. */
type BenchResult = Omit<MachineResult, "cases">;

/**
 * The file of a benchmark's results.
 *
 * @param name The benchmark, such as `coder`.
 */
export function benchFile(name: string): string {
  return join(PROJECT_ROOT, "results", "bench", `${name}.json`);
}

/**
 * Reads the results of all machines so far.
 *
 * @param file The file.
 * @returns One for each machine; none if there is no file.
 */
export async function readMachines<Result extends BenchResult>(
  file: string,
): Promise<Result[]> {
  const text = await readTextIfPresent(file);
  return text === undefined ? [] : JSON.parse(text).machines ?? [];
}

/**
 * Writes the results of all machines.
 *
 * @param file The file.
 * @param machines One for each machine.
 */
export async function writeMachines(
  file: string,
  machines: readonly BenchResult[],
): Promise<void> {
  await atomicWrite(file, `${JSON.stringify({ machines }, null, 2)}\n`);
}

/**
 * Writes the result of a benchmark, with the machine and the versions, in place
 * of an earlier one of a machine of this kind.
 *
 * @param name The benchmark, such as `coder`.
 * @param result What it measured, and with how many threads.
 * @param out The file; by default {@linkcode benchFile}.
 */
export async function writeBench<
  Result extends Pick<BenchResult, "threads">,
>(
  name: string,
  result: Result,
  out: string = benchFile(name),
): Promise<void> {
  const added = {
    machine: { ...describeMachine(), vectors: vectorUnit() },
    versions: { ...describeVersions() },
    ...result,
  };
  await writeMachines(out, replaceMachine(await readMachines(out), added));
}

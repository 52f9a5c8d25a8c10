/**
 * The results of benchmarks as files.
 *
 * @module
 */
import { join } from "node:path";
import { describeMachine } from "@/experiment/environment.ts";
import { describeVersions } from "@/training/run.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/**
 * Writes the result of a benchmark, with the machine and the versions.
 *
 * @param name The benchmark, such as `coder`.
 * @param result What it measured.
 * @param options Where it goes.
 * @param options.out The file; by default `results/bench/<name>.json`.
 * @param options.versions Versions of peers.
 */
export async function writeBench(
  name: string,
  result: object,
  { out, versions = {} }: {
    readonly out?: string | undefined;
    readonly versions?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const whole = {
    machine: describeMachine(),
    versions: { ...describeVersions(), ...versions },
    ...result,
  };
  await atomicWrite(
    out ?? join(PROJECT_ROOT, "results", "bench", `${name}.json`),
    `${JSON.stringify(whole, null, 2)}\n`,
  );
}

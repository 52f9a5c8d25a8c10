/**
 * `deno task bench:coder`: how long the codec's entropy coder takes for a
 * value, on one core, and how many bits it loses.
 *
 * @module
 */
import { join } from "node:path";
import { describeMachine, describeVersions } from "@/experiment/environment.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { parseOptions, runTask } from "@/tasks/cli/mod.ts";
import {
  coderStreams,
  type CoderTiming,
  timeCoder,
} from "@/evaluation/speed/coder_speed.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task bench:coder [--seconds N] [--values N]",
    description:
      "Times the codec's entropy coder and writes results/bench/coder.json.",
    options: {
      seconds: {
        type: "number",
        help: "how long to time",
        default: 10,
        min: 0,
      },
      values: {
        type: "number",
        help: "values of each stream",
        default: 1_000_000,
        min: 1,
        integer: true,
      },
      out: { type: "string", help: "file instead of coder.json" },
    },
  }, args);
  const cases = timeCoder(coderStreams(options.values), options.seconds);
  const result = {
    machine: describeMachine(),
    versions: describeVersions(),
    threads: 1,
    values: options.values,
    cases,
  };
  const path = options.out ??
    join(workspaceAt().root, "results", "bench", "coder.json");
  await atomicWrite(path, `${JSON.stringify(result, null, 2)}\n`);
  console.log(table(cases));
}

function table(cases: readonly CoderTiming[]): string {
  const rows = cases.map((timing) => [
    timing.name,
    timing.bitsPerValue.toFixed(3),
    `${timing.overheadPercent.toFixed(4)} %`,
    `${timing.encodeNs.toFixed(1)} ns`,
    `${timing.decodeNs.toFixed(1)} ns`,
  ]);
  return [["", "bits", "over ideal", "encode", "decode"], ...rows]
    .map(([name, ...cells]) =>
      name!.padEnd(15) + cells.map((cell) => cell.padStart(12)).join("")
    ).join("\n");
}

if (import.meta.main) await runTask(main);

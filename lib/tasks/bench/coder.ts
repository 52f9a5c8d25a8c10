/**
 * `deno task bench:coder`: how long the codec's entropy coder takes per value, on
 * one core, and how many bits it wastes.
 *
 * @module
 */
import { parseOptions, runTask } from "@/tasks/cli/mod.ts";
import {
  coderStreams,
  type CoderTiming,
  timeCoder,
} from "@/evaluation/speed/coder_speed.ts";
import { writeBench } from "./write_bench.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task bench:coder [--seconds N] [--values N]",
    description:
      "Times the codec's entropy coder and writes results/bench/coder.json.",
    options: {
      seconds: {
        type: "number",
        help: "seconds to time",
        default: 10,
        min: 0,
      },
      values: {
        type: "number",
        help: "number of values in each stream",
        default: 1_000_000,
        min: 1,
        integer: true,
      },
      out: {
        type: "string",
        value: "FILE",
        help: "file of the result (default results/bench/coder.json)",
      },
    },
  }, args);
  const cases = timeCoder(coderStreams(options.values), options.seconds);
  const { values, out } = options;
  await writeBench("coder", { threads: 1, values, cases }, out);
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

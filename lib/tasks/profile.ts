/**
 * `deno task profile`: where the time of a compiled step goes, op by op, as
 * tables and as a trace file.
 *
 * @module
 */
import { join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  chooseWords,
  parseOptions,
  runTask,
  shownPath,
} from "@/tasks/cli/mod.ts";
import type { FunctionProfile, Precision } from "@/tensorflow/mod.ts";

/** The names of what can be measured; see `PROFILED_STEPS`. */
const STEPS = ["medium", "high", "codec", "decode", "super_resolution"];

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 */
export async function main(args: string[]): Promise<void> {
  const integer = { type: "number", integer: true, min: 1 } as const;
  const { options, words } = parseOptions({
    usage: "deno task profile [codec decode]",
    description: "Measures where the time of compiled steps goes, op by op: " +
      `${STEPS.join(", ")}; all of them by default. Prints tables and writes ` +
      "a trace for https://ui.perfetto.dev.",
    words: "STEPS",
    options: {
      runs: {
        ...integer,
        default: 10,
        help: "runs, of which the fastest counts",
      },
      lines: { ...integer, default: 20, help: "lines of ops in each table" },
      precision: {
        type: "string",
        choices: ["float32", "bfloat16"],
        default: "float32",
        help: "precision of convolutions and matrix products",
      },
      out: {
        type: "string",
        value: "FILE",
        help: "the trace file, .cache/profile.json by default",
      },
    },
  }, args);
  const names = chooseWords(words, STEPS, "There is no step");
  const { profileTable, chromeTrace } = await import("@/tensorflow/mod.ts");
  const { PROFILED_STEPS } = await import("./profile/profiled_steps.ts");
  const { runs, lines } = options;
  const out = options.out ?? join(PROJECT_ROOT, ".cache", "profile.json");
  const precision = options.precision as Precision;
  const profiles: FunctionProfile[] = [];
  for (const name of names) {
    const profile = PROFILED_STEPS[name]!.profile({ precision, runs });
    profiles.push(profile);
    console.log(`${profileTable(profile, { lines })}\n`);
  }
  await atomicWrite(out, chromeTrace(profiles));
  console.log(`Wrote ${shownPath(out)}; https://ui.perfetto.dev opens it.`);
}

if (import.meta.main) await runTask(main);

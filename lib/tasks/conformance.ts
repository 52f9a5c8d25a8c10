/**
 * `deno task conformance`: runs the specs that ship with TensorFlow.js on the
 * engine, those of `@tensorflow/tfjs-core` and of `@tensorflow/tfjs-node-gpu`.
 *
 * Specs that are known to fail are listed with their reasons in
 * `gate/known_failures.json`. The task fails where any other fails, and
 * where a listed one passes, so that the list stays true.
 *
 * @module
 */
import { join } from "node:path";
import process from "node:process";
import { bundleSpecs, LEFT_OUT } from "@/tasks/gate/bundle_specs.ts";
import { type Judgement, judgeResults } from "@/tasks/gate/judge_results.ts";
import knownFailures from "@/tasks/gate/known_failures.json" with {
  type: "json",
};
import { runSpecs, type SpecResult } from "@/tasks/gate/run_specs.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { UserError } from "@/errors/user_error.ts";

/** Less than this, and the engine is no backend of TensorFlow.js. */
const LEAST_PERCENT = 99;

async function bundleAndRun(
  filter: string,
  verbose: boolean,
): Promise<SpecResult[]> {
  const folder = await Deno.makeTempDir({ prefix: "conformance-" });
  try {
    const file = join(folder, "specs.mjs");
    await bundleSpecs(file);
    const print = console.log;
    const unmute = mute();
    try {
      return await runSpecs(
        file,
        (name) => name.includes(filter),
        ({ name, status }) => {
          if (verbose) print(`${status.padEnd(7)} ${name}`);
        },
      );
    } finally {
      unmute();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Silences what specs print, which is no part of the result. */
function mute(): () => void {
  const { log, info, warn, error, debug } = console;
  const silent = () => {};
  process.noDeprecation = true; // of what the specs import
  Object.assign(console, {
    log: silent,
    info: silent,
    warn: silent,
    error: silent,
    debug: silent,
  });
  return () => Object.assign(console, { log, info, warn, error, debug });
}

function report(judgement: Judgement, seconds: number): void {
  const { run, passed, known, percent } = judgement;
  const { unlisted, fixed, missing } = judgement;
  for (const { name, messages } of unlisted) {
    console.log(`failed: ${name}\n  ${messages[0] ?? "for no stated reason"}`);
  }
  for (const name of fixed) console.log(`listed, but passes: ${name}`);
  for (const name of missing) console.log(`listed, but not there: ${name}`);
  for (const [file, reason] of Object.entries(LEFT_OUT)) {
    console.log(`left out: ${file}, ${reason}`);
  }
  console.log(
    `${run} specs run in ${seconds.toFixed(0)} s: ${passed} passed ` +
      `(${percent.toFixed(2)} %), ${known} failed as listed, ` +
      `${unlisted.length} failed otherwise`,
  );
}

async function main(args: string[]): Promise<number> {
  const { options } = parseOptions({
    usage: "deno task conformance [--filter TEXT] [--verbose]",
    description: "Runs the specs of TensorFlow.js on the engine.",
    options: {
      filter: {
        type: "string",
        help: "run only specs whose full name contains TEXT",
        default: "",
      },
      verbose: { type: "boolean", help: "print a line for each spec" },
    },
  }, args);
  const started = performance.now();
  const results = await bundleAndRun(options.filter, options.verbose);
  const judgement = judgeResults(results, knownFailures);
  report(judgement, (performance.now() - started) / 1000);
  if (judgement.run === 0) {
    throw new UserError(`No spec has "${options.filter}" in its name.`);
  }
  const { unlisted, fixed, missing, percent } = judgement;
  const bad = unlisted.length + fixed.length + missing.length > 0;
  return bad || (options.filter === "" && percent < LEAST_PERCENT) ? 1 : 0;
}

if (import.meta.main) await runTask(main);

/**
 * `deno task conformance`: runs the specs that ship with TensorFlow.js on the
 * engine, those of `@tensorflow/tfjs-core` and of `@tensorflow/tfjs-node-gpu`.
 *
 * `gate/known_failures.json` lists the specs that are known to fail, with the
 * reasons. The task fails if any other spec fails, or if a listed one passes,
 * which keeps the list correct.
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
import {
  parseOptions,
  runTask,
  temporaryFolder,
  UserError,
} from "@/tasks/cli/mod.ts";

/** The minimum percentage of specs that must pass. */
const LEAST_PERCENT = 99;

async function bundleAndRun(
  filter: string,
  verbose: boolean,
): Promise<SpecResult[]> {
  using folder = temporaryFolder("conformance");
  const print = console.log;
  using _ = mute();
  const file = join(folder.path, "specs.mjs");
  await bundleSpecs(file);
  return await runSpecs(
    file,
    (name) => name.includes(filter),
    ({ name, status }) => {
      if (verbose) print(`${status.padEnd(7)} ${name}`);
    },
  );
}

/** Keeps specs from printing until it is disposed of. */
function mute(): Disposable {
  const kept = { ...console };
  process.noDeprecation = true; // of what the specs import
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    console[name] = () => {};
  }
  return { [Symbol.dispose]: () => Object.assign(console, kept) };
}

function report(judgement: Judgement, seconds: number): void {
  const { run, passed, known, percent } = judgement;
  const { unlisted, fixed, missing } = judgement;
  for (const { name, messages } of unlisted) {
    console.log(`failed: ${name}\n  ${messages[0] ?? "no reason given"}`);
  }
  for (const name of fixed) console.log(`listed, but passes: ${name}`);
  for (const name of missing) {
    console.log(`listed, but does not exist: ${name}`);
  }
  for (const [file, reason] of Object.entries(LEFT_OUT)) {
    console.log(`skipped: ${file}, ${reason}`);
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
    throw new UserError(`No spec's name contains "${options.filter}".`);
  }
  const { unlisted, fixed, missing, percent } = judgement;
  const bad = unlisted.length + fixed.length + missing.length > 0;
  return bad || (options.filter === "" && percent < LEAST_PERCENT) ? 1 : 0;
}

if (import.meta.main) await runTask(main);

/**
 * `deno task test`: the unit tests and the examples of the documentation. The
 * last line counts them, as in `210 passed, 0 failed` or
 * `208 passed, 0 failed, 2 skipped`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { interruptSignal, runTask, temporaryFolder } from "@/tasks/cli/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { joinTests } from "@/tasks/gate/join_tests.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/** The result of a run of tests. */
export interface TestCount {
  /** Number of tests that passed, without ignored ones. */
  readonly passed: number;
  /** Number of tests that failed. */
  readonly failed: number;
  /** Number of tests that cannot run here and were ignored. */
  readonly skipped: number;
}

/**
 * Counts the tests of a JUnit report. The steps of a test are not counted.
 *
 * @param report The report, XML.
 * @returns The numbers.
 * @see {@link https://docs.deno.com/runtime/fundamentals/testing/#reporters}
 */
export function countTests(report: string): TestCount {
  const cases =
    report.match(/<testcase\b[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g) ??
      [];
  const names = new Set<string>();
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const text of cases) {
    const name = /\bname="([^"]*)"/.exec(text)?.[1] ?? "";
    const parts = name.split(" &gt; ");
    const isStep = parts.some((_, index) =>
      index > 0 && names.has(parts.slice(0, index).join(" &gt; "))
    );
    if (isStep) continue;
    names.add(name);
    if (/<(failure|error)\b/.test(text)) failed++;
    else if (/<skipped\b/.test(text)) skipped++;
    else passed++;
  }
  return { passed, failed, skipped };
}

/** Minutes after which the tests are stopped; all take 5 to 15 on two cores. */
const LIMIT = 40;

/** How many groups of tests run at a time. */
const AT_A_TIME = 2;

/**
 * Runs the tests and prints their count. Without a path all tests run, in
 * groups that are processes of their own, and what a group printed appears when
 * it ends.
 *
 * @param args Options and paths for `deno test`.
 * @returns 0 if all passed.
 */
export async function runTests(args: readonly string[]): Promise<number> {
  using folder = temporaryFolder("tests");
  const given = args.map((arg) => existsSync(arg) ? resolve(arg) : arg);
  const paths = given.filter((arg) => existsSync(arg));
  const stop = interruptSignal();
  const limit = AbortSignal.timeout(60_000 * LIMIT);
  const deno = (args: readonly string[], stdio: "inherit" | "piped") =>
    new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: PROJECT_ROOT,
      stdin: "null",
      stdout: stdio,
      stderr: stdio,
      signal: AbortSignal.any([stop, limit]),
    }).spawn();
  const reports: string[] = [];
  const test = (modules: readonly string[], stdio: "inherit" | "piped") => {
    const report = join(folder.path, `${reports.length}.xml`);
    reports.push(report);
    const options = ["--allow-all", "--doc", "--no-check", ...given];
    return deno(
      ["test", `--junit-path=${report}`, ...options, ...modules],
      stdio,
    );
  };
  const all = ["lib/", "tests/", "README.md"];
  // Checked once: `deno test` checks a worker's types each time one starts.
  let { code } = await deno(
    ["check", "--quiet", "--doc", ...paths.length ? paths : all],
    "inherit",
  ).status;
  if (code === 0 && given.some((arg) => !arg.startsWith("-"))) {
    ({ code } = await test([], "inherit").status);
  } else if (code === 0) {
    const { joined, apart } = await joinTests(
      join(PROJECT_ROOT, "tests"),
      join(PROJECT_ROOT, ".cache", "tests"),
    );
    const examples = ["lib/", "tests/assert.ts", "README.md"];
    const groups = [[...apart, ...examples], ...joined.map((one) => [one])];
    const work = async () => {
      for (let group; (group = groups.shift()) !== undefined;) {
        const ended = await test(group, "piped").output();
        await Deno.stdout.write(ended.stdout);
        await Deno.stderr.write(ended.stderr);
        code ||= ended.code;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  }
  stop.throwIfAborted();
  if (limit.aborted) {
    console.error(`The tests were stopped after ${LIMIT} minutes.`);
  }
  const texts = await Promise.all(
    reports.map((path) => Deno.readTextFile(path).catch(() => "")),
  );
  const { passed, failed, skipped } = countTests(texts.join("\n"));
  // Type errors keep tests from starting, which is a failure too.
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  const ignored = skipped === 0 ? "" : `, ${skipped} skipped`;
  if (skipped > 0 && !existsSync(workspaceAt().kernelDeno)) {
    console.log("Tests of notebooks and site are skipped: deno task setup.");
  }
  console.log(`${passed} passed, ${failed + broken} failed${ignored}`);
  return code;
}

if (import.meta.main) await runTask(runTests);

/**
 * `deno task test`: the unit tests and the examples of the documentation. The
 * last line counts them, as in `210 passed, 0 failed`.
 *
 * @module
 */
import { join } from "node:path";
import { runTask } from "@/tasks/cli/run_task.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/** How many tests passed and failed. */
export interface TestCount {
  /** Tests without a failure, ignored ones left out. */
  readonly passed: number;
  /** Tests that failed. */
  readonly failed: number;
}

/**
 * Counts the tests of a JUnit report; steps of a test count as their test.
 *
 * @see {@link https://docs.deno.com/runtime/fundamentals/testing/#reporters}
 */
export function countTests(report: string): TestCount {
  const cases =
    report.match(/<testcase\b[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g) ??
      [];
  const names = new Set<string>();
  let passed = 0;
  let failed = 0;
  for (const text of cases) {
    const name = /\bname="([^"]*)"/.exec(text)?.[1] ?? "";
    const parts = name.split(" &gt; ");
    const isStep = parts.some((_, index) =>
      index > 0 && names.has(parts.slice(0, index).join(" &gt; "))
    );
    if (isStep) continue;
    names.add(name);
    if (/<(failure|error)\b/.test(text)) failed++;
    else if (!/<skipped\b/.test(text)) passed++;
  }
  return { passed, failed };
}

/** Minutes after which tests that hang are ended; all take about 5. */
const LIMIT = 40;

/**
 * Runs the tests and prints their count.
 *
 * @param args Passed on to `deno test`; paths replace the default, which is
 * everything.
 * @returns The status of `deno test`.
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const { root } = workspaceAt();
  const folder = await Deno.makeTempDir({ prefix: "tests-" });
  const report = join(folder, "report.xml");
  try {
    const paths = args.some((arg) => !arg.startsWith("-"))
      ? []
      : ["lib/", "tests/", "README.md"];
    const signal = AbortSignal.timeout(60_000 * LIMIT);
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--allow-all", "--doc", `--junit-path=${report}`],
        ...args,
        ...paths,
      ],
      cwd: root,
      stdin: "null",
      signal,
    }).spawn().status;
    if (signal.aborted) {
      console.error(`The tests were ended, as they took over ${LIMIT} min.`);
    }
    const text = await Deno.readTextFile(report).catch(() => "");
    const { passed, failed } = countTests(text);
    // Tests that could not be started, as their types are wrong, did not pass.
    const broken = code !== 0 && failed === 0 ? 1 : 0;
    console.log(`${passed} passed, ${failed + broken} failed`);
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await runTask(runTests);

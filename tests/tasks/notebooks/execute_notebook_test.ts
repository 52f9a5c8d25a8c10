import { assert, assertEquals, assertRejects } from "@std/assert";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  executeNotebook,
  readLogLine,
  runFailure,
} from "@/tasks/notebooks/execute_notebook.ts";
import { Interrupted } from "@/tasks/cli/interrupt_signal.ts";
import { readNotebook } from "@/tasks/notebooks/notebook_file.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";
import { notebookOf, withFolder } from "../_notebook.ts";
import { needsPython } from "../../_notebooks.ts";

const workspace = workspaceAt();

/** Folders of runners that this process has left. */
function remains(): string[] {
  const folder = join(workspace.venv, "run");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.startsWith(`${Deno.pid}-`));
}

async function execute(
  sources: string[],
  check: (
    path: string,
    run: (signal?: AbortSignal) => Promise<number[]>,
    out: string,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = `${folder}/sample.ipynb`;
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(...sources)));
    await check(path, async (signal) => {
      const seen: number[] = [];
      await executeNotebook({
        path,
        name: "sample.ipynb",
        outFolder: out,
        workspace,
        onCell: (done) => seen.push(done),
        ...(signal === undefined ? {} : { signal }),
      });
      return seen;
    }, out);
    assertEquals(remains(), []);
  });
}

Deno.test(
  "executeNotebook keeps all outputs and tells its progress",
  needsPython,
  () =>
    execute(
      ["for (let i = 0; i < 50; i++) console.log(i);", "", "6 * 7"],
      async (path, run, out) => {
        const before = await Deno.readTextFile(path);
        const seen = await run();
        assertEquals(seen.at(-1), 4);
        assertEquals(await Deno.readTextFile(path), before);
        const { cells } = await readNotebook(`${out}/sample.ipynb`);
        assertEquals(cells[1]?.outputs?.length, 50);
        assertEquals(cells[3]?.outputs?.[0]?.data, { "text/plain": ["42"] });
      },
    ),
);

Deno.test(
  "executeNotebook names the cell that fails and its error",
  needsPython,
  () =>
    execute(
      [
        "const size = -1;",
        'throw new RangeError(`Size "${size}" is wrong.`);',
        "1",
      ],
      async (_path, run, out) => {
        await assertRejects(
          () => run(),
          UserError,
          'The notebook "sample.ipynb", code cell 2 ("throw new RangeError(' +
            '`Size "${size}" is wrong.`);") failed: RangeError: Size "-1" is wrong.',
        );
        assertEquals(readdirSync(out), []);
      },
    ),
);

Deno.test(
  "executeNotebook ends the kernel where it is interrupted",
  needsPython,
  () =>
    execute(
      [
        'await Deno.writeTextFile("pid", String(Deno.pid));\n' +
        "await new Promise((resolve) => setTimeout(resolve, 60_000));",
      ],
      async (path, run) => {
        const pidFile = join(path, "..", "pid");
        const controller = new AbortController();
        const ended = run(controller.signal);
        ended.catch(() => {});
        let pid = 0;
        while (pid === 0) {
          pid = Number(await Deno.readTextFile(pidFile).catch(() => "0"));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        controller.abort(new Interrupted());
        await assertRejects(() => ended, Interrupted);
        // The system takes a moment to end a process that was killed.
        for (let wait = 0; isRunning(pid) && wait < 500; wait++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert(!isRunning(pid));
      },
    ),
);

function isRunning(pid: number): boolean {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/\) Z /.test(status);
  } catch {
    return false;
  }
}

Deno.test("readLogLine counts cells and drops what they print", () => {
  const log = { cells: 0, tail: [] };
  for (
    const line of [
      "[NbConvertApp] Skipping non-executing cell 0",
      "[NbConvertApp] Executing cell:",
      "console.log(1)",
      "[NbConvertApp] content: {'text': 'x'}",
    ]
  ) {
    readLogLine(log, line);
  }
  assertEquals(log.cells, 2);
  assertEquals(log.tail.length, 3);
});

Deno.test("runFailure finds the error in what nbconvert leaves", () => {
  const start = ["Traceback (most recent call last):", "  File x"];
  assertEquals(
    runFailure([
      ...start,
      "Stack trace:",
      "TypeError: No.",
      "    at <anonymous>:1:1",
      "",
    ]),
    "TypeError: No.",
  );
  assertEquals(
    runFailure([...start, "nbclient.exceptions.DeadKernelError: Kernel died"]),
    "the kernel stopped",
  );
  assertEquals(
    runFailure([
      ...start,
      "jupyter_client.kernelspec.NoSuchKernel: No such kernel",
    ]),
    "jupyter_client.kernelspec.NoSuchKernel: No such kernel",
  );
  assertEquals(runFailure([]), "no message");
});

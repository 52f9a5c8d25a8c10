import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Interrupted } from "@/tasks/cli/interrupt_signal.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { taskStatus } from "@/tasks/cli/run_task.ts";
import { UserError } from "@/errors/user_error.ts";

async function run(
  main: (args: string[]) => Promise<number | void>,
  debug = false,
): Promise<{ status: number; out: string; error: string }> {
  const out: string[] = [];
  const error: string[] = [];
  const status = await taskStatus(main, ["--help"], {
    print: (text) => out.push(text),
    printError: (text) => error.push(text),
    debug,
  });
  return { status, out: out.join("\n"), error: error.join("\n") };
}

Deno.test("taskStatus passes on the status of main", async () => {
  assertEquals((await run(() => Promise.resolve())).status, 0);
  assertEquals((await run(() => Promise.resolve(3))).status, 3);
});

Deno.test("taskStatus tells an error in one line without a stack", async () => {
  const result = await run(() =>
    Promise.reject(new UserError("No photos in x."))
  );
  assertEquals(result, { status: 1, out: "", error: "error: No photos in x." });
  const other = await run(() => {
    throw new RangeError("Size is -1.");
  });
  assertEquals(other, { status: 1, out: "", error: "error: Size is -1." });
});

Deno.test("taskStatus shows the stack for debugging", async () => {
  const { error } = await run(
    () => Promise.reject(new UserError("Why.")),
    true,
  );
  assertStringIncludes(error, "Why.");
  assert(error.split("\n").length > 1);
});

Deno.test("taskStatus exits with 130 where it was interrupted", async () => {
  const { status, error } = await run(() => Promise.reject(new Interrupted()));
  assertEquals([status, error], [130, "Interrupted."]);
});

Deno.test("taskStatus prints --help to stdout", async () => {
  const { status, out } = await run((args) => {
    parseOptions(
      { usage: "deno task x", description: "X.", options: {} },
      args,
    );
    return Promise.resolve(1);
  });
  assertEquals(status, 0);
  assertStringIncludes(out, "Usage: deno task x");
});

Deno.test("taskStatus tells that --help could not be printed", async () => {
  const error: string[] = [];
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  const status = await taskStatus(
    (args) => {
      parseOptions({ usage: "x", description: "X.", options: {} }, args);
      return Promise.resolve();
    },
    ["--help"],
    {
      print: () => {
        throw full;
      },
      printError: (text) => error.push(text),
      debug: false,
    },
  );
  assertEquals(status, 1);
  assertEquals(error, ["error: The system refused: the disk is full."]);
});

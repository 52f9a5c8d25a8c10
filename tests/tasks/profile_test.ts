/** `deno task profile` as a user runs it. */
import { runTask } from "./_run_task.ts";
import { temporaryFolder } from "@/tasks/cli/mod.ts";
import { main } from "@/tasks/profile.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";

Deno.test("deno task profile prints a table and writes a trace", async () => {
  using folder = temporaryFolder("profile");
  const out = join(folder.path, "new", "trace.json");
  const options = ["decode", "--runs", "1", "--lines", "3", "--out", out];
  const { code, stdout, stderr } = await runTask(
    "profile",
    options,
    folder.path,
  );
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^codec decoder: \d+\.\d\d ms a call\n/);
  assertMatch(stdout, /\nconvolution +\d+ +\d+\.\d\d +\d+\.\d %\n/);
  assertMatch(stdout, /\nWrote .*trace\.json; .*perfetto/);
  const { traceEvents } = JSON.parse(await Deno.readTextFile(out));
  const kinds = new Set(traceEvents.map(({ cat }: { cat?: string }) => cat));
  assert(kinds.has("convolution") && kinds.has("layout"));
});

Deno.test("deno task profile knows the steps that it can measure", async () => {
  await assertRejects(
    () => main(["medum"]),
    Error,
    'There is no step "medum"; did you mean "medium"?',
  );
});

import { assert, assertEquals, assertFalse } from "@std/assert";
import { runChecks } from "@/tasks/ok.ts";

const pass = (name: string) => ({ name, run: () => Promise.resolve("") });
const finds = (name: string, text: string) => ({
  name,
  run: () => Promise.resolve(text),
});

Deno.test("runChecks passes where nothing is found", async () => {
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  assert(await runChecks([pass("One"), pass("Two"), pass("Three")], 2, print));
  assertEquals(lines.length, 3);
  assert(lines.every((line) => line.startsWith("ok ")));
});

Deno.test("runChecks prints what is found and goes on", async () => {
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  const checks = [finds("One", "Here.\n"), pass("Two")];
  assertFalse(await runChecks(checks, 1, print));
  assertEquals(lines.map((line) => line.replace(/ \(.*/, "")), [
    "failed One",
    "Here.",
    "ok     Two",
  ]);
});

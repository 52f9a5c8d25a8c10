/** What `deno task measure` says when it cannot; what it does is tested apart. */
import { main as drawFigures } from "@/tasks/figures.ts";
import { main } from "@/tasks/measure.ts";
import { taskStatus } from "@/tasks/cli/run_task.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

const model = fileURLToPath(
  new URL("../expected/codec/tiny_model.safetensors", import.meta.url),
);

async function run(
  task: (args: string[]) => Promise<number | void>,
  args: readonly string[],
): Promise<string> {
  let error = "";
  const status = await taskStatus(task, [...args], {
    print: () => {},
    printError: (text) => error += text,
    debug: false,
  });
  assertEquals(status, 1);
  return error;
}

Deno.test("deno task measure says in one sentence what is wrong", async () => {
  const cases = [
    [
      ["rate"],
      'error: There is nothing to measure called "rate"; did you mean "rates"?',
    ],
    [
      ["codec"],
      'error: There is nothing to measure called "codec"; choose from rates, ' +
      "perception, storage, speed, views, clips.",
    ],
    [
      ["clips", "--model", model],
      "error: There is no clip model: `deno task train clips` makes one.",
    ],
    [
      ["--model", "/no/weights"],
      'error: There are no weights in "/no/weights".',
    ],
    [
      ["rates", "--model", model, "--data", "/no/photos"],
      'error: Photo set "/no/photos" is neither starter, div2k, kodak nor a ' +
      "folder.",
    ],
    [
      ["rates", "--model", model, "--only", "ours"],
      'error: "/no/results/codec/starter.json" is missing: run ' +
      "`deno task measure rates --data starter`.",
    ],
  ] as const;
  for (const [args, message] of cases) {
    assertEquals(await run(main, [...args, "--out", "/no/results"]), message);
  }
});

Deno.test("deno task figures codec tells that nothing was measured", async () => {
  assertMatch(
    await run(drawFigures, ["codec", "--out", "/no/results"]),
    /^error: There are no measurements in ".*codec": run `deno task measure`\.$/,
  );
});

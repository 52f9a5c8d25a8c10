import { readWeights } from "@/codec/model/weights_file.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { globSync } from "node:fs";
import { withWorkplace } from "../experiment/_photos.ts";
import { runTask } from "./_run_task.ts";

Deno.test("deno task train says in one sentence what is wrong", async () => {
  const cases = [
    [[], "Name what to train, once: deno task train codec"],
    [["codec", "codec"], "Name what to train, once"],
    [
      ["codek"],
      'There is nothing to train called "codek"; did you mean "codec"?',
    ],
    [
      ["medium"],
      'There is nothing to train called "medium"; choose from codec, clips.',
    ],
    [["codec", "--steps", "0"], "--steps must be an integer of at least 1"],
  ] as const;
  const ends = await Promise.all(
    cases.map(([args]) => runTask("train", args, "/no/data")),
  );
  ends.forEach(({ code, stderr }, i) => {
    assertEquals(code, 1);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
    assertMatch(stderr, /^error: /);
    assertStringIncludes(stderr, cases[i]![1]);
  });
});

Deno.test("deno task train codec writes weights that can be read", async () => {
  await withWorkplace(async ({ photos, data, out }) => {
    const args = ["codec", "--data", photos, "--out", out];
    const few = ["--pairs", "2", "--steps", "1", "--cool-steps", "0"];
    const { code, stdout, stderr } = await runTask(
      "train",
      [...args, ...few, "--tensorboard"],
      data,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^TensorBoard: \S+tensorboard --logdir \S+runs\n/);
    const logs = globSync(`${out}/runs/*/*/events.out.tfevents.*`)
      .map((path) => path.split("/").at(-2)!);
    assertEquals(logs.sort(), ["train", "validation"]);
    assertStringIncludes(stdout, "weights.safetensors, 2.");
    const file = await Deno.readFile(`${out}/codec/weights.safetensors`);
    assert(file.length < 8e6);
    assertEquals(readWeights(file).id.length, 8);
  });
});

import { readResult, RESULT_FILE } from "@/experiment/results.ts";
import { chooseSections } from "@/tasks/reproduce.ts";
import { UserError } from "@/errors/user_error.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { withWorkplace } from "../experiment/_photos.ts";
import { runTask } from "./_run_task.ts";

Deno.test("sections are chosen by name and done in the write-up's order", () => {
  const names = (words: string[]) =>
    chooseSections(words).map((section) => section.name);
  assertEquals(names(["medium_training", "data"]), ["data", "medium_training"]);
  assertEquals(names(["data", "data"]), ["data"]);
  assertEquals(names([]).slice(0, 2), ["data", "medium_training"]);
});

Deno.test("a section that does not exist is named, with the nearest that does", () => {
  assertThrows(
    () => chooseSections(["data", "medum_training"]),
    UserError,
    'There is no section "medum_training"; did you mean "medium_training"?',
  );
  assertThrows(
    () => chooseSections(["xyz"]),
    UserError,
    'There is no section "xyz"; choose from data, medium_training, ',
  );
});

Deno.test("deno task reproduce says in one sentence what is wrong", async () => {
  const cases = [
    [["meduim_training"], 'did you mean "medium_training"?'],
    [["video", "--clips", "none"], 'error: There is no folder "none".'],
    [
      ["data", "--clips", "made"],
      "error: --clips is for the section video alone.",
    ],
    [
      ["--profile", "slow"],
      '--profile must be one of quick, full, got "slow".',
    ],
    [["--data", "/no/photos"], 'Photo set "/no/photos" is neither starter, '],
    [["--steps", "0"], '--steps must be an integer of at least 1, got "0".'],
  ] as const;
  const ends = await Promise.all(
    cases.map(([args]) => runTask("reproduce", args, "/no/data")),
  );
  ends.forEach(({ code, stderr }, i) => {
    assertEquals(code, 1);
    const lines = stderr.trim().split("\n");
    assertEquals(lines.length, 1, stderr);
    assertMatch(lines[0]!, /^error: /);
    assertStringIncludes(lines[0]!, cases[i]![1]);
  });
});

Deno.test("deno task reproduce writes a result and figures, and trains once", async () => {
  await withWorkplace(async ({ photos, data, out }) => {
    const folder = `${out}/medium_training`;
    const args = ["medium_training", "--data", photos, "--out", out];
    const run = () => runTask("reproduce", [...args, "--steps", "2"], data);
    const first = await run();
    assertEquals(first.code, 0, first.stderr);
    assertMatch(
      first.stdout,
      /^medium_training: An autoencoder of medium images, 172 × 172\n/,
    );
    // It ends with words: what was found, how much it counts, and what is next.
    assertMatch(first.stdout, /The best network \(.*\) reaches [\d.]+ dB/);
    assertStringIncludes(first.stdout, "at most 2 steps of training");
    assertStringIncludes(first.stdout, 'openSection("medium_training", ');
    assertMatch(first.stderr, /^Photos in ".*": \d+ for training/m);
    assertMatch(first.stderr, /Training medium \(convolutional\) +2\/2 +loss/);
    assertMatch(first.stderr, /Training medium \(residual from PCA\) +2\/2/);
    assertMatch(first.stderr, /Wrote .*result\.json and figures +3\/3\n$/);
    assertFalse(/warning|deprecat/i.test(first.stderr), first.stderr);
    const result = await readResult(folder);
    assertEquals([result.profile, result.steps], ["trial", 2]);
    assertEquals(result.history.length, 6);
    const figures = Array.from(
      Deno.readDirSync(`${folder}/figures`),
      ({ name }) => name,
    );
    assertEquals(figures.sort(), [
      "convolutional_photos.jpg",
      "loss.svg",
      "residual_from_pca_photos.jpg",
    ]);

    // What a killed run left is swept up; nothing is done again.
    const text = await Deno.readTextFile(`${folder}/${RESULT_FILE}`);
    const leftover = `${folder}/${RESULT_FILE}.4194305.tmp`;
    await Deno.writeTextFile(leftover, text.slice(0, 100));
    const second = await run();
    assertEquals([second.code, second.stdout], [0, first.stdout]);
    assertFalse(/Training|Encoding/.test(second.stderr), second.stderr);
    assertEquals(await Deno.readTextFile(`${folder}/${RESULT_FILE}`), text);
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertFalse(left.some((name) => name.endsWith(".tmp")), `${left}`);
  });
});

Deno.test("Ctrl-C stops deno task reproduce with 130, and it goes on after that", async () => {
  await withWorkplace(async ({ photos, data, out }) => {
    const args = ["medium_training", "--data", photos, "--out", out];
    const steps: number[] = [];
    for (let i = 0; i < 2; i++) {
      const end = await runTask("reproduce", args, data, "Training medium");
      assertEquals(end.code, 130, end.stderr);
      const last = end.stderr.trim().split("\n").at(-1)!;
      const [, step] =
        /^Training medium \(convolutional\) stopped after step (\d+) of \d+; run it again to resume\.$/
          .exec(last) ?? [];
      assertNotEquals(step, undefined, last);
      steps.push(Number(step));
    }
    assert(steps[0]! >= 1 && steps[1]! > steps[0]!, `${steps}`);
  });
});

Deno.test("Ctrl-C before training stops deno task reproduce with 130", async () => {
  await withWorkplace(async ({ photos, data, out }) => {
    const args = ["--data", photos, "--out", out];
    const end = await runTask(
      "reproduce",
      ["medium_training", ...args],
      data,
      "Preparing pairs",
    );
    assertEquals(end.code, 130, end.stderr);
    // On a fast machine the pairs may be ready before the signal comes.
    assertMatch(end.stderr, /\n(Interrupted\.|Training .* from there\.)\n$/);
    // Nothing half-done is in the way of the next run with the same pairs.
    const next = await runTask("reproduce", ["data", ...args], data);
    assertEquals(next.code, 0, next.stderr);
  });
});

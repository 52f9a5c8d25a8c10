/** `deno task simulate` as users run it. */
import { readStorage } from "@/evaluation/results.ts";
import { main as simulate } from "@/tasks/edge/simulate.ts";
import { UserError } from "@/errors/user_error.ts";
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { runTask } from "../_run_task.ts";

const id = (digit: number) => `${digit}`.repeat(40);

Deno.test("deno task simulate counts a trace of Tencent's form, once", async () => {
  const { photos } = await readStorage("results/codec");
  const quality = `${photos![0]!.quality}`;
  await withFolder(async (folder) => {
    const path = `${folder}/trace.txt`;
    const line = (photo: number, size: string) =>
      `20160201164604 ${id(photo)} 5 ${size} 12903 1 PHONE 1`;
    await Deno.writeTextFile(
      path,
      [line(1, "m"), line(1, "m"), "x", line(2, "l"), line(1, "b")]
        .join("\n") + "\n",
    );
    const args = ["--trace", path, "--form", "tencent", "--quality", quality];
    const run = async () =>
      await runTask(
        "edge/simulate",
        [...args, "--cache", "200", "--out", folder],
        folder,
      );
    const first = await run();
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stderr, "line 3: it has 1 fields, not 8");
    assertStringIncludes(
      first.stdout,
      "3 requests for 2 photos, 1 for other sizes skipped, 12,903 bytes each",
    );
    assertMatch(first.stdout, /\| AVIF, two files \| LRU \| 33\.3 \|/);
    assertMatch(first.stdout, /\| ours, layers \| LRU \| 33\.3 \|/);
    const units = () =>
      Deno.readTextFile(`${folder}/runs/cdn_cache/units.jsonl`);
    const before = await units();
    assertEquals((await run()).stdout, first.stdout);
    assertEquals(await units(), before);
  });
});

Deno.test("deno task simulate ends by Ctrl+C, and its next run resumes", async () => {
  await withFolder(async (folder) => {
    const args = [
      "--requests",
      "100000000",
      "--photos",
      "100",
      "--out",
      folder,
    ];
    const end = await runTask("edge/simulate", args, folder, "LRU, ");
    assertEquals(end.code, 130, end.stderr);
  });
});

Deno.test("deno task simulate says in a sentence what is wrong", async () => {
  await withFolder(async (folder) => {
    const empty = `${folder}/empty`;
    await Deno.writeTextFile(empty, "nothing\n");
    const refusals: [string[], string][] = [
      [["LRO"], 'did you mean "LRU"?'],
      [["--trace", `${folder}/none`], "cannot be read: it does not exist"],
      [["--trace", empty], "holds no request of the form json"],
    ];
    for (const [args, sentence] of refusals) {
      await assertRejects(() => simulate(args), UserError, sentence);
    }
  });
});

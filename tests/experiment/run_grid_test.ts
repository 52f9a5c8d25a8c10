import type { SectionContext } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import {
  FOUND_FILE,
  type GridRun,
  runGrid,
  sectionRun,
} from "@/experiment/run_grid.ts";
import { join } from "node:path";
import { atomicWrite } from "@/files/atomic_write.ts";
import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";

/** A context of a folder, removed in the end. */
async function withContext(
  work: (context: SectionContext) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work({
      profile: "quick",
      seed: 1,
      data: "starter",
      folder: `${root}/attempted_fixes`,
      controls: {},
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Runs that say when they work, and that leave a history and a checkpoint. */
function makeRuns(
  worked: string[],
  names: readonly string[],
  change: Partial<GridRun<number>> = {},
): GridRun<number>[] {
  return names.map((name, i) => ({
    name,
    identity: { setting: i },
    work: async ({ folder }) => {
      worked.push(name);
      const line = { kind: "step", step: 1, epoch: 1, loss: i };
      await atomicWrite(`${folder}/history.jsonl`, JSON.stringify(line) + "\n");
      await atomicWrite(`${folder}/checkpoint-000000001.safetensors`, "x");
      return 10 + i;
    },
    ...change,
  }));
}

Deno.test("a grid does each run once, and keeps what it has found", async () => {
  await withContext(async (context) => {
    const worked: string[] = [];
    const runs = makeRuns(worked, ["A b", "C"]);
    const first = await runGrid(runs, context);
    assertEquals(worked, ["A b", "C"]);
    assertEquals(first.map(({ found }) => found), [10, 11]);
    assertEquals(first.map(({ name }) => name), ["A b", "C"]);
    assertMatch(first[0]!.folder, /\/runs\/a_b-[0-9a-f]{12}$/);
    const record: RunRecord = {
      run: "C",
      kind: "step",
      step: 1,
      epoch: 1,
      loss: 1,
    };
    assertEquals(first[1]!.history, [record]);
    assertEquals(await runGrid(runs, context), first);
    assertEquals(worked, ["A b", "C"]);
  });
});

Deno.test("a grid that was stopped resumes the run it stopped in", async () => {
  await withContext(async (context) => {
    const worked: string[] = [];
    const runs = makeRuns(worked, ["a", "b", "c"]);
    const failing = runs.map((run) => ({
      ...run,
      work: (place: Parameters<typeof run.work>[0]) =>
        run.name === "b"
          ? Promise.reject(new Error("Enough."))
          : run.work(place),
    }));
    await assertRejects(() => runGrid(failing, context), Error, "Enough.");
    assertEquals(worked, ["a"]);
    const finished = await runGrid(runs, context);
    assertEquals(worked, ["a", "b", "c"]);
    assertEquals(finished.map(({ found }) => found), [10, 11, 12]);
  });
});

Deno.test("a grid stops between two runs", async () => {
  await withContext(async (context) => {
    const worked: string[] = [];
    const controller = new AbortController();
    const runs = makeRuns(worked, ["a", "b"]);
    const stopping = runs.map((run) => ({
      ...run,
      work: (place: Parameters<typeof run.work>[0]) => {
        controller.abort(new Error("Enough."));
        return run.work(place);
      },
    }));
    const { signal } = controller;
    await assertRejects(
      () => runGrid(stopping, { ...context, controls: { signal } }),
      Error,
      "Enough.",
    );
    assertEquals(worked, ["a"]);
  });
});

Deno.test("a run with another identity or a torn result is done anew", async () => {
  await withContext(async (context) => {
    const worked: string[] = [];
    const runs = makeRuns(worked, ["a"]);
    const { folder } = (await runGrid(runs, context))[0]!;
    const other = makeRuns(worked, ["a"], { identity: { setting: 1 } });
    await runGrid(other, context);
    assertEquals(worked.length, 2);
    const path = `${folder}/${FOUND_FILE}`;
    const text = await Deno.readTextFile(path);
    for (
      const content of [
        "",
        text.slice(0, 20),
        text.replace(/"run": "./, '"run": "'),
      ]
    ) {
      await Deno.writeTextFile(path, content);
      const before = worked.length;
      assertEquals((await runGrid(runs, context))[0]!.found, 10);
      assertEquals(worked.length, before + 1);
    }
  });
});

Deno.test("a run whose weights nobody needs keeps no checkpoints", async () => {
  await withContext(async (context) => {
    for (const forgetsWeights of [false, true]) {
      const runs = makeRuns([], [`forgets ${forgetsWeights}`], {
        forgetsWeights,
      });
      const [run] = await runGrid(runs, context);
      const files = Array.from(Deno.readDirSync(run!.folder), (e) => e.name);
      assertEquals(files.sort(), [
        ...forgetsWeights ? [] : ["checkpoint-000000001.safetensors"],
        "found.json",
        "history.jsonl",
      ]);
    }
  });
});

Deno.test("runs lie beside the sections, named by what they are", async () => {
  await withContext((context) => {
    const run = sectionRun(context, "residual from PCA", ["settings", 1]);
    const name = `residual_from_pca-${run.id.slice(0, 12)}`;
    assertEquals(run.folder, join(context.folder, "..", "runs", name));
    assertMatch(run.id, /^[0-9a-f]{64}$/);
    assertEquals(sectionRun(context, run.name, ["settings", 1]), run);
    assertNotEquals(sectionRun(context, run.name, ["settings", 2]).id, run.id);
    return Promise.resolve();
  });
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import { freeAddresses } from "@/tasks/bench/free_addresses.ts";
import { batchOrder } from "@/datasets/mod.ts";
import { findCheckpoint } from "@/training/mod.ts";
import { type Ended, startProcess } from "../tensorflow/_worker_process.ts";
import { withFolder } from "../_folder.ts";
import type { WorkersOutcome, WorkersRun } from "./_workers_run.ts";

const script = new URL("./_workers_run.ts", import.meta.url);

/** Runs two workers, which differ in `each`, to their ends. */
async function runTwo(
  settings: Partial<WorkersRun> & { readonly folder: string },
  each: readonly [Partial<WorkersRun>, Partial<WorkersRun>] = [{}, {}],
): Promise<[Ended, Ended]> {
  const workers = freeAddresses(2);
  const common = { workers, steps: 20, batch: 4, ...settings };
  await using first = startProcess(script, { ...common, rank: 0, ...each[0] });
  await using second = startProcess(script, { ...common, rank: 1, ...each[1] });
  const ends = [first.ended, second.ended] as const;
  // One that halts ends with its scope.
  const halts = each.findIndex((own) => own.haltIn ?? own.haltAfter);
  if (halts < 0) return await Promise.all(ends);
  await ends[1 - halts];
  await (halts === 0 ? first : second)[Symbol.asyncDispose]();
  return await Promise.all(ends);
}

let whole: Promise<[Ended, Ended]> | undefined;

/** Two workers whom nothing disturbs; the first weights of worker 1 differ. */
function undisturbed(): Promise<[Ended, Ended]> {
  return whole ??= (async () => {
    const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
    const none = `${folder}/none`;
    try {
      const ends = await runTwo({ folder: `${folder}/run` }, [
        {},
        { seed: 2, folder: none },
      ]);
      const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      assertEquals(names, ["run"]); // worker 1 writes nothing
      return ends;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  })();
}

async function runAlone(folder: string): Promise<Ended> {
  const settings = { workers: [], rank: 0, folder, steps: 20, batch: 8 };
  await using process = startProcess(script, settings);
  return await process.ended;
}

function outcome({ code, output, errors }: Ended): WorkersOutcome {
  assertEquals(code, 0, errors);
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

function indices({ output }: Ended): number[][] {
  return Array.from(
    output.matchAll(/^indices (\[.*\])$/gm),
    ([, list]) => JSON.parse(list!),
  );
}

Deno.test("two workers train as one process with twice the batch", async () => {
  await withFolder(async (folder) => {
    const expected = outcome(await runAlone(folder)).losses;
    const two = await undisturbed();
    const [first, second] = two.map(outcome);
    assertEquals(expected.length, 20);
    expected.forEach((loss, i) => {
      assert(Math.abs(first!.losses[i]! - loss) < 1e-6, `step ${i + 1}`);
    });
    assertEquals(second, first);
    assertEquals(first!.shared, ["Grüße von 0", null]);
    // Each image of each batch is one worker's.
    const [ofFirst, ofSecond] = two.map(indices);
    const order = [1, 2, 3, 4].flatMap((epoch) => batchOrder(40, 8, 1, epoch));
    assertEquals(
      ofFirst!.map((own, i) => [...own, ...ofSecond![i]!]),
      order,
    );
  });
});

Deno.test("when one worker is stopped all stop, and go on as if undisturbed", async () => {
  await withFolder(async (folder) => {
    const stopped = await runTwo({ folder }, [{}, { stopAfter: 7 }]);
    // It is asked after step 7; the others learn it with step 8.
    for (const ended of stopped) {
      assertMatch(
        outcome(ended).message!,
        /^Training stopped after step 8 of 20; /,
      );
    }
    const resumed = await runTwo({ folder });
    assertEquals(indices(resumed[1]).length, 12);
    assertEquals(outcome(resumed[0]), outcome((await undisturbed())[0]));
  });
});

Deno.test("a worker that dies ends the others, and the run resumes from its checkpoint", async () => {
  await withFolder(async (folder) => {
    const parts = { folder, saveEverySeconds: 0 };
    for (const dead of [0, 1] as const) {
      const dieIn = 6 + 5 * dead;
      const ends = await runTwo(
        parts,
        dead === 0 ? [{ dieIn }, {}] : [{}, { dieIn }],
      );
      const other = ends[1 - dead]!;
      assertEquals(other.code, 1);
      assertMatch(
        other.errors,
        new RegExp(
          `^error: Lost worker ${dead} at 127\\.0\\.0\\.1:\\d+, which ended ` +
            `or does not answer: start the same commands again to resume ` +
            `from the last checkpoint\\.$`,
        ),
      );
      const checkpoint = await findCheckpoint(folder, "tiny");
      assertEquals(checkpoint?.step, dieIn - 1);
    }
    const resumed = await runTwo(parts);
    assertEquals(indices(resumed[0]).length, 10);
    assertEquals(outcome(resumed[0]), outcome((await undisturbed())[0]));
  });
});

Deno.test("a worker that halts ends the others", async () => {
  await withFolder(async (folder) => {
    // In the step, an op waits; after it, an exchange.
    await Promise.all([{ haltIn: 3 }, { haltAfter: 3 }].map(async (halt, i) => {
      const [other] = await runTwo(
        // A slow machine takes seconds to compile the first step.
        { folder: `${folder}/${i}`, timeoutSeconds: 10 },
        [{}, halt],
      );
      assertEquals(other.code, 1);
      assertMatch(other.errors, /^error: Lost worker 1 at 127\.0\.0\.1:\d+, /);
      assert(!other.errors.includes("\n"));
    }));
  });
});

Deno.test("workers that train something different say so", async () => {
  await withFolder(async (folder) => {
    const ends = await runTwo({ folder }, [{}, { run: "other" }]);
    ends.forEach(({ code, errors }, rank) => {
      assertEquals(code, 1);
      assertMatch(
        errors,
        new RegExp(
          `^error: This worker and worker ${
            1 - rank
          } at .* train something different: `,
        ),
      );
    });
  });
});

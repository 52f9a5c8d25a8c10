import { assertEquals, assertRejects } from "@std/assert";
import { newestRun } from "@/notebook/mod.ts";

async function makeRun(folder: string, time: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/history.jsonl`, "");
  await Deno.utime(`${folder}/history.jsonl`, time, time);
}

Deno.test("newestRun finds the run that was written to last", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const results = [`${folder}/a`, `${folder}/b`];
    await assertRejects(() => newestRun(results), Error, "no training run yet");
    await makeRun(`${folder}/a/runs/old`, 1000);
    await makeRun(`${folder}/a/runs/new`, 3000);
    await makeRun(`${folder}/b/runs/middle`, 2000);
    await Deno.mkdir(`${folder}/b/runs/empty`);
    assertEquals(await newestRun(results), `${folder}/a/runs/new`);
    await makeRun(`${folder}/b/runs/newest`, 4000);
    assertEquals(await newestRun(results), `${folder}/b/runs/newest`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

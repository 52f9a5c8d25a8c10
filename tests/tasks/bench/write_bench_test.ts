import { join } from "node:path";
import { assertEquals } from "@std/assert";
import { readMachines, writeBench } from "@/tasks/bench/write_bench.ts";
import { temporaryFolder } from "@/tasks/cli/mod.ts";

Deno.test("a result replaces that of the same kind of machine, and stays beside others", async () => {
  using folder = temporaryFolder("bench");
  const file = join(folder.path, "coder.json");
  assertEquals(await readMachines(file), []);
  await writeBench("coder", { threads: 1 }, file);
  const [here] = await readMachines(file);
  const other = { ...here!, machine: { ...here!.machine, vectors: "other" } };
  await Deno.writeTextFile(file, JSON.stringify({ machines: [here, other] }));
  const result = { threads: 1, values: 5 };
  await writeBench("coder", result, file);
  assertEquals(await readMachines(file), [other, { ...here!, ...result }]);
  await writeBench("coder", { threads: 2 }, file);
  assertEquals((await readMachines(file)).length, 3);
});

Deno.test("a file of one machine, as it once was, is begun anew", async () => {
  using folder = temporaryFolder("bench");
  const file = join(folder.path, "workers.json");
  await Deno.writeTextFile(file, '{"machine":{}}');
  await writeBench("workers", { threads: 1 }, file);
  assertEquals((await readMachines(file)).length, 1);
});

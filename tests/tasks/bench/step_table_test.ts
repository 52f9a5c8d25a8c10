import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  addMachine,
  type MachineResult,
  peerRatio,
  stepTable,
} from "@/tasks/bench/step_table.ts";
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";

const ms = { compiled: 100, eager: 200, keras: 150, torchEager: 110 };
const machine = {
  ...{ cpu: "A", vectors: "AVX2", cores: 2, memoryGiB: 8, os: "linux x86_64" },
  devices: ["CPU"],
};
const one = { kind: "train", size: 172, batch: 16 } as const;
const result: MachineResult = {
  machine,
  threads: 2,
  versions: {},
  cases: [
    { ...one, precision: "float32", ms },
    { ...one, precision: "bfloat16", ms: { ...ms, compiled: 50 } },
  ],
};

Deno.test("the ratio is that of the fastest peer, eager not counted", () => {
  const ms = { compiled: 100, eager: 50, keras: 150, torchEager: 120 };
  assertEquals(peerRatio(ms), 1.2);
});

Deno.test("the table has a line a case and a dash for who could not run", () => {
  const [title, head, ...lines] = stepTable(result).split("\n");
  assertEquals(title, "A, AVX2, 2 cores, 2 threads");
  assertEquals(head!.trim().split(/\s+/), [
    "ms",
    "compiled",
    "eager",
    "keras",
    "torchEager",
    "torchCompile",
    "peer/ours",
  ]);
  const times = ["200.0", "150.0", "110.0", "-"];
  assertEquals(lines.map((line) => line.split(/\s{2,}/)), [
    ["train 172, batch 16", "100.0", ...times, "1.10"],
    ["train 172, batch 16, bfloat16", "50.0", ...times, "2.20"],
  ]);
});

Deno.test("a machine's rows replace earlier ones of the same cases", () => {
  const wider = { ...result, machine: { ...machine, vectors: "AMX" } };
  const both = addMachine([result], wider);
  assertEquals(both, [result, wider]);
  const [first, second] = result.cases;
  const faster = { ...second!, ms: { ...ms, compiled: 25 } };
  const added = addMachine(both, { ...result, cases: [faster] });
  assertEquals(added, [wider, { ...result, cases: [first!, faster] }]);
  assertEquals(addMachine(both, { ...result, threads: 1 }).length, 3);
});

Deno.test("rows of other versions go", () => {
  const newer = { versions: { deno: "3" }, cases: [result.cases[1]!] };
  const added = { ...result, ...newer };
  assertEquals(addMachine([result], added), [added]);
});

Deno.test("the published times have a row for each case, and every machine once", async () => {
  const path = join(PROJECT_ROOT, "results", "bench", "step.json");
  const { machines }: { machines: MachineResult[] } = JSON.parse(
    await Deno.readTextFile(path),
  );
  for (const published of machines) {
    assertEquals(addMachine(machines, published).length, machines.length);
    assert(published.machine.vectors.length > 0);
    for (const { ms } of published.cases) assert(peerRatio(ms) > 0);
  }
});

import { assertEquals } from "@std/assert";
import { peerRatio, stepTable } from "@/tasks/bench/step_table.ts";

Deno.test("the ratio is that of the fastest peer, eager not counted", () => {
  const ms = { compiled: 100, eager: 50, keras: 150, torchEager: 120 };
  assertEquals(peerRatio(ms), 1.2);
});

Deno.test("the table has a line a case and a dash for who could not run", () => {
  const ms = { compiled: 100, eager: 200, keras: 150, torchEager: 110 };
  const table = stepTable([{ kind: "train", size: 172, batch: 16, ms }]);
  const [head, line] = table.split("\n");
  assertEquals(head!.trim().split(/\s+/), [
    "ms",
    "compiled",
    "eager",
    "keras",
    "torchEager",
    "torchCompile",
    "peer/ours",
  ]);
  assertEquals(line!.trim().split(/\s{2,}/), [
    "train 172, batch 16",
    "100.0",
    "200.0",
    "150.0",
    "110.0",
    "-",
    "1.10",
  ]);
});

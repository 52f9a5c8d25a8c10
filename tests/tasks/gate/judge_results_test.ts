import { assertEquals } from "@std/assert";
import { judgeResults } from "@/tasks/gate/judge_results.ts";
import type { SpecResult } from "@/tasks/gate/run_specs.ts";

function spec(name: string, status: SpecResult["status"]): SpecResult {
  return { name, status, messages: status === "failed" ? ["no"] : [] };
}

Deno.test("judgeResults() counts what passed of what ran", () => {
  const results = [
    spec("a", "passed"),
    spec("b", "passed"),
    spec("c", "failed"),
    spec("d", "failed"),
    spec("e", "pending"),
    spec("f", "excluded"),
  ];
  const judgement = judgeResults(results, [{ reason: "so", specs: ["d"] }]);
  assertEquals(judgement, {
    run: 4,
    passed: 2,
    known: 1,
    percent: 50,
    unlisted: [results[2]!],
    fixed: [],
    missing: [],
  });
});

Deno.test("judgeResults() finds listed specs that pass or are gone", () => {
  const known = [{ reason: "so", specs: ["a", "b", "gone"] }];
  const results = [spec("a", "passed"), spec("b", "excluded")];
  const { fixed, missing } = judgeResults(results, known);
  assertEquals([fixed, missing], [["a"], ["gone"]]);
});

Deno.test("judgeResults() takes a listed name for failed where one of its specs fails", () => {
  const results = [spec("a", "passed"), spec("a", "failed")];
  const { fixed, known } = judgeResults(results, [{
    reason: "so",
    specs: ["a"],
  }]);
  assertEquals([fixed, known], [[], 1]);
});

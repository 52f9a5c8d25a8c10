import { takeTurns } from "@/evaluation/take_turns.ts";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("work takes turns, forwards and backwards, and medians count", async () => {
  const order: string[] = [];
  const work = (name: string, ms: number[]) => () => {
    order.push(name);
    return Promise.resolve(ms.shift()!);
  };
  const field = new Map([
    ["a", work("a", [99, 1, 5, 2])],
    ["b", work("b", [99, 10, 30, 20])],
  ]);
  const told: number[] = [];
  const { ms, rounds } = await takeTurns(field, {
    seconds: 0,
    leastRounds: 3,
    onRound: (round) => told.push(round),
  });
  assertEquals(order.join(""), "ab" + "ab" + "ba" + "ab");
  assertEquals([...ms], [["a", 2], ["b", 20]]);
  assertEquals([rounds, told], [3, [0, 1, 2]]);
});

Deno.test("turns end between two pieces of work", async () => {
  const controller = new AbortController();
  let done = 0;
  const work = () => {
    if (++done === 3) controller.abort(new Error("Enough."));
    return Promise.resolve(1);
  };
  await assertRejects(
    () =>
      takeTurns(new Map([["a", work]]), {
        seconds: 1000,
        leastRounds: 1,
        signal: controller.signal,
      }),
    Error,
    "Enough.",
  );
  assertEquals(done, 3);
});

import { assertEquals, assertRejects } from "@std/assert";
import { latestOnly } from "@/notebook/mod.ts";
import { settle, testClock } from "./_page.ts";

Deno.test("latestOnly draws the first value at once and then the latest", async () => {
  const clock = testClock();
  const drawn: number[] = [];
  const follow = latestOnly<number>(
    (value) => Promise.resolve(void drawn.push(value)),
    500,
    clock,
  );
  follow.push(1);
  await settle();
  follow.push(2);
  follow.push(3);
  await settle();
  assertEquals(drawn, [1]);
  clock.pass(499);
  await settle();
  assertEquals(drawn, [1]);
  clock.pass(1);
  await settle();
  assertEquals(drawn, [1, 3]);
  assertEquals(clock.timers(), 0);
});

Deno.test("latestOnly keeps to two a second under a flood", async () => {
  const clock = testClock();
  const times: number[] = [];
  const follow = latestOnly<number>(
    () => Promise.resolve(void times.push(clock.now())),
    500,
    clock,
  );
  for (let step = 0; step < 1000; step++) {
    follow.push(step);
    await Promise.resolve();
    clock.pass(10);
  }
  await follow.flush();
  const gaps = times.slice(1, -1).map((time, index) => time - times[index]!);
  assertEquals(gaps.every((gap) => gap >= 500), true);
  assertEquals(times.length, 21);
});

Deno.test("latestOnly never draws twice at a time", async () => {
  const clock = testClock();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const follow = latestOnly<string>(
    async (value) => {
      log.push(`${value} starts`);
      if (value === "a") await gate.promise;
      log.push(`${value} ends`);
    },
    500,
    clock,
  );
  follow.push("a");
  clock.pass(2000);
  follow.push("b");
  await settle();
  assertEquals(log, ["a starts"]);
  gate.resolve();
  await settle();
  assertEquals(log, ["a starts", "a ends", "b starts", "b ends"]);
});

Deno.test("latestOnly draws what waits when flushed, without a timer left", async () => {
  const clock = testClock();
  const drawn: number[] = [];
  const follow = latestOnly<number>(
    (value) => Promise.resolve(void drawn.push(value)),
    500,
    clock,
  );
  follow.push(1);
  follow.push(2);
  await follow.flush();
  assertEquals(drawn, [1, 2]);
  assertEquals(clock.timers(), 0);
  await follow.flush();
  assertEquals(drawn, [1, 2]);
});

Deno.test("latestOnly tells a failed drawing when flushed, once", async () => {
  const follow = latestOnly<number>(
    () => Promise.reject(new Error("no ink")),
    500,
    testClock(),
  );
  follow.push(1);
  await assertRejects(() => follow.flush(), Error, "no ink");
  await follow.flush();
});

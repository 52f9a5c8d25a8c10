import { Speedometer } from "@/training/speedometer.ts";
import { assertEquals } from "@std/assert";

Deno.test("a speedometer tells speed and time left", () => {
  let now = 0;
  const speed = new Speedometer("Training", 16, 100, () => now);
  now = 500;
  assertEquals(speed.report(1, 0.25), {
    phase: "Training",
    done: 1,
    total: 100,
    loss: 0.25,
    imagesPerSecond: 32,
    secondsLeft: 49.5,
  });
  now = 1500;
  const second = speed.report(2, 0.125);
  assertEquals([second.imagesPerSecond, second.secondsLeft], [16 / 0.75, 73.5]);
});

Deno.test("the speed is that of the last 20 steps", () => {
  let now = 0;
  const speed = new Speedometer("Training", 1, 1000, () => now);
  now += 60_000; // the first step compiles
  speed.report(1, 0);
  for (let step = 2; step <= 20; step++) {
    now += 100;
    speed.report(step, 0);
  }
  now += 100;
  assertEquals(speed.report(21, 0).imagesPerSecond, 10);
});

Deno.test("a resumed run has only its own steps in its speed", () => {
  let now = 7000;
  const speed = new Speedometer("Training", 4, 100, () => now);
  now += 2000;
  const { imagesPerSecond, secondsLeft } = speed.report(81, 0);
  assertEquals([imagesPerSecond, secondsLeft], [2, 38]);
});

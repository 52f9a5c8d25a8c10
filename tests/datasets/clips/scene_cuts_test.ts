import { frameDifference, takeSegments } from "@/datasets/clips/scene_cuts.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";

const grey = (value: number) => new Uint8Array(12).fill(value);
const plan = (frames: number, most = 100, seed = 1) => ({
  frames,
  most,
  random: seededRandom(seed),
});

Deno.test("frameDifference() is in percent of the range", () => {
  assertAlmostEquals(frameDifference(grey(0), grey(255)), 100, 1e-9);
  assertAlmostEquals(frameDifference(grey(100), grey(49)), 20, 1e-9);
});

Deno.test("takeSegments() never puts a cut inside of a segment", async () => {
  const frames = [10, 11, 12, 13, 200, 201, 202, 203, 204, 90].map(grey);
  const segments = await takeSegments(frames, plan(2));
  assertEquals(
    segments.map((bytes) => [bytes[0], bytes[12]]),
    [[10, 11], [12, 13], [200, 201], [202, 203]],
  );
  const longer = await takeSegments(frames, plan(3));
  assertEquals(
    longer.map((bytes) => [bytes[0], bytes[24]]),
    [[10, 12], [200, 202]],
  );
});

Deno.test("takeSegments() takes fast but steady motion for no cut", async () => {
  // 15 % from frame to frame, except for the first.
  const frames = [0, 20, 58, 96, 134, 172].map(grey);
  assertEquals((await takeSegments(frames, plan(6))).length, 1);
});

Deno.test("takeSegments() keeps some of many segments, each as often", async () => {
  const frames = Array.from({ length: 20 }, (_, i) => grey(i));
  const counts = new Array(10).fill(0);
  for (let seed = 0; seed < 600; seed++) {
    const kept = await takeSegments(frames, plan(2, 3, seed));
    const firsts = kept.map((bytes) => bytes[0]!);
    assertEquals(firsts.length, 3);
    assertEquals(firsts, firsts.toSorted((a, b) => a - b));
    for (const first of firsts) counts[first / 2]++;
  }
  for (const count of counts) assertAlmostEquals(count, 180, 50);
});

/** The search at equal quality, on curves whose answer is known. */
import { leastBytes, type Trial } from "@/evaluation/storage/least_bytes.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";

const range = { low: 1, high: 100 };

/** Half a decibel a setting, and 3 % more bytes. */
function curve(quality: number): Trial {
  return { bytes: 500 * 1.03 ** quality, psnrDb: 20 + quality / 2 };
}

function counted(tried: number[]): (quality: number) => Promise<Trial> {
  return (quality) => {
    tried.push(quality);
    return Promise.resolve(curve(quality));
  };
}

Deno.test("the bytes at a target lie on the curve between two settings", async () => {
  for (const target of [20.6, 31.01, 45.25, 69.99]) {
    const tried: number[] = [];
    const found = await leastBytes(range, counted(tried), target);
    assertEquals(found.reach, "within");
    assertEquals(found.quality, Math.ceil(2 * (target - 20)));
    assertAlmostEquals(found.bytes, 500 * 1.03 ** (2 * (target - 20)), 1e-6);
    assertLess(tried.length, 10);
    assertEquals(new Set(tried).size, tried.length);
  }
});

Deno.test("a target that a setting meets costs its very file", async () => {
  const found = await leastBytes(range, counted([]), 30);
  assertEquals(found.quality, 20);
  assertAlmostEquals(found.bytes, curve(20).bytes, 1e-9);
});

Deno.test("a target out of reach is told, below and above", async () => {
  const below = await leastBytes(range, counted([]), 3);
  assertEquals(below, { quality: 1, bytes: curve(1).bytes, reach: "below" });
  const above = await leastBytes(range, counted([]), 71);
  assertEquals(above, {
    quality: 100,
    bytes: curve(100).bytes,
    reach: "above",
  });
});

Deno.test("a better file that is smaller costs what it costs", async () => {
  const trials: Trial[] = [
    { bytes: 100, psnrDb: 20 },
    { bytes: 300, psnrDb: 29 },
    { bytes: 250, psnrDb: 31 },
    { bytes: 400, psnrDb: 35 },
  ];
  const at = (quality: number) => Promise.resolve(trials[quality]!);
  const found = await leastBytes({ low: 0, high: 3 }, at, 30);
  assertEquals(found, { quality: 2, bytes: 250, reach: "within" });
});

Deno.test("a curve that bends takes few trials, and none twice", async () => {
  const bent = (quality: number): Trial => ({
    bytes: 100 + quality,
    psnrDb: 20 + 30 * (quality / 100) ** 3,
  });
  for (const target of [20.001, 20.7, 25, 33, 49.9]) {
    const tried: number[] = [];
    const at = (quality: number) => {
      tried.push(quality);
      return Promise.resolve(bent(quality));
    };
    const found = await leastBytes(range, at, target);
    const first = Array.from({ length: 100 }, (_, i) => i + 1)
      .find((quality) => bent(quality).psnrDb >= target);
    assertEquals([found.quality, found.reach], [first, "within"]);
    assertEquals(new Set(tried).size, tried.length);
    assertLess(tried.length, 14);
  }
});

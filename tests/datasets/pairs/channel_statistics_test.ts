import { channelStatistics, SharedPairs } from "@/datasets/mod.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { noisePhoto } from "../_photos.ts";

Deno.test("channelStatistics() agrees with sums over every value", () => {
  const images = [0, 1, 2, 3].map((i) => ({
    high: noisePhoto(8, 8, `h${i}`).data.map((v, j) => v >> (j % 3)),
    medium: noisePhoto(4, 4, `m${i}`).data,
  }));
  const pairs = SharedPairs.from("train", 8, ["a", "b", "c", "d"], images);
  const { mean, std, min, max } = channelStatistics(pairs, "high");
  for (const c of [0, 1, 2] as const) {
    const values = images.flatMap(({ high }) =>
      [...high].filter((_, i) => i % 3 === c).map((v) => v / 255)
    );
    const average = values.reduce((sum, v) => sum + v) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) /
      values.length;
    assertAlmostEquals(mean[c], average, 1e-12);
    assertAlmostEquals(std[c], Math.sqrt(variance), 1e-12);
    assertEquals(min[c], Math.min(...values));
    assertEquals(max[c], Math.max(...values));
  }
});

Deno.test("channelStatistics() of no pairs is an error", () => {
  const none = SharedPairs.from("valid", 8, [], []);
  assertThrows(
    () => channelStatistics(none, "high"),
    RangeError,
    "The number of valid pairs must be at least 1, got 0.",
  );
});

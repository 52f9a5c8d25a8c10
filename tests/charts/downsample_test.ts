import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { downsample } from "@/charts/downsample.ts";

const points = Array.from({ length: 1001 }, (_, x) => ({ x, y: x * x }));

Deno.test("downsample keeps few points as they are", () => {
  assertEquals(downsample(points.slice(0, 5), 5), points.slice(0, 5));
  assertEquals(downsample([], 5), []);
});

Deno.test("downsample keeps order, number and mean", () => {
  const few = downsample(points.slice(0, 1000), 100);
  assertEquals(few.length, 100);
  assertEquals(few, few.toSorted((a, b) => a.x - b.x));
  const mean = few.reduce((sum, { x }) => sum + x, 0) / few.length;
  assertAlmostEquals(mean, 499.5);
});

Deno.test("downsample uses every point of an odd number", () => {
  assertEquals(downsample(points, 1), [{ x: 500, y: 333_500 }]);
});

Deno.test("downsample refuses to keep nothing", () => {
  assertThrows(
    () => downsample(points, 0),
    RangeError,
    "maxPoints must be a whole number of at least 1, got 0.",
  );
  assertThrows(() => downsample(points, 1.5), RangeError, "got 1.5.");
});

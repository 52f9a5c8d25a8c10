import { roundValues } from "@/codec/choose_value.ts";
import { assertEquals, assertThrows } from "@std/assert";

const differences = [-2.6, -1.4, -0.7, -0.4, 0, 0.4, 0.7, 1.4, 2.6];

Deno.test("values are the nearest without a dead zone", () => {
  const choose = roundValues();
  for (const mean of [0, -3.125, 40]) {
    assertEquals(
      differences.map((difference) => choose(mean + difference, mean, 0) + 0),
      [-3, -1, -1, 0, 0, 0, 1, 1, 3],
    );
  }
});

Deno.test("a dead zone moves values to the mean, alike on both sides", () => {
  const choose = roundValues(0.25);
  for (const mean of [0, -3.125, 40]) {
    assertEquals(
      differences.map((difference) => choose(mean + difference, mean, 0) + 0),
      [-2, -1, 0, 0, 0, 0, 0, 1, 2],
    );
  }
});

Deno.test("dead zones beyond a half are refused", () => {
  for (const deadZone of [-0.1, 0.6, NaN]) {
    assertThrows(
      () => roundValues(deadZone),
      RangeError,
      `A dead zone must be within 0..0.5, but it is ${deadZone}.`,
    );
  }
});

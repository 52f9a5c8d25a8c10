import { assertEquals, assertThrows } from "@std/assert";
import { mse } from "@/metrics/mod.ts";

Deno.test("mse() is the mean of squared differences over all samples", () => {
  assertEquals(mse(Uint8Array.of(0, 10, 20), Uint8Array.of(3, 10, 17)), 6);
});

Deno.test("mse() does not wrap around at 8 bits", () => {
  assertEquals(mse(Uint8Array.of(0), Uint8Array.of(255)), 65025);
});

Deno.test("mse() refuses buffers of different lengths and empty ones", () => {
  assertThrows(
    () => mse(new Uint8Array(3), new Uint8Array(6)),
    RangeError,
    "b.length must be 3 like a.length, got 6.",
  );
  assertThrows(
    () => mse(new Uint8Array(0), new Uint8Array(0)),
    RangeError,
    "a.length must be at least 1, got 0.",
  );
});

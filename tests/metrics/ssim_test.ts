import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ssim } from "@/metrics/mod.ts";
import { blocky, dull, noisy, pattern } from "./_pattern.ts";

Deno.test("ssim() agrees with pytorch-msssim 1.0", () => {
  const large = pattern(344, 344);
  const medium = pattern(172, 172);
  const odd = pattern(161, 203);
  const inverted = { ...medium, data: medium.data.map((v) => 255 - v) };
  assertAlmostEquals(ssim(large, blocky(large)), 0.309005, 1e-4);
  assertAlmostEquals(ssim(medium, noisy(medium, 20)), 0.870781, 1e-4);
  assertAlmostEquals(ssim(odd, dull(odd)), 0.934778, 1e-4);
  assertAlmostEquals(ssim(medium, inverted), -0.523678, 1e-4);
});

Deno.test("ssim() is symmetric and 1 for equal images", () => {
  const photo = pattern(40, 30);
  const other = noisy(photo, 25);
  assertEquals(ssim(photo, other), ssim(other, photo));
  assertEquals(ssim(photo, photo), 1);
});

Deno.test("ssim() takes 11x11 pixels and refuses less", () => {
  const smallest = pattern(11, 11);
  assertEquals(ssim(smallest, smallest), 1);
  const smaller = pattern(11, 10);
  assertThrows(() => ssim(smaller, smaller), RangeError, "got 11x10");
});

Deno.test("ssim() refuses sizes that differ, and too few samples", () => {
  assertThrows(
    () => ssim(pattern(12, 20), pattern(20, 12)),
    RangeError,
    "Cannot compare 12x20 pixels with 20x12",
  );
  const short = { width: 12, height: 12, data: new Uint8Array(12 * 12) };
  assertThrows(() => ssim(short, short), RangeError, "need 432 samples");
});

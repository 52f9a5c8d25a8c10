import { assertAlmostEquals, assertEquals } from "@std/assert";
import { psnr } from "@/metrics/mod.ts";
import { blocky, noisy, pattern } from "./_pattern.ts";

Deno.test("psnr() is 0 dB at the largest error and infinite at none", () => {
  assertEquals(psnr(Uint8Array.of(0), Uint8Array.of(255)), 0);
  assertEquals(psnr(Uint8Array.of(7), Uint8Array.of(7)), Infinity);
});

Deno.test("psnr() is 20 dB where the error is a tenth of the range", () => {
  // A squared error of 650.25: 25 and 26 give 650.5 on average.
  assertAlmostEquals(psnr(new Uint8Array(2), Uint8Array.of(25, 26)), 20, 0.01);
});

Deno.test("psnr() agrees with piq 0.8", () => {
  const large = pattern(344, 344);
  const medium = pattern(172, 172);
  assertAlmostEquals(psnr(large.data, blocky(large).data), 10.45972, 1e-4);
  assertAlmostEquals(psnr(medium.data, noisy(medium, 20).data), 26.84604, 1e-4);
});

import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertThrows,
} from "@std/assert";
import { haarPsi } from "@/metrics/mod.ts";
import { blocky, dull, noisy, pattern } from "./_pattern.ts";

Deno.test("haarPsi() agrees with piq 0.8", () => {
  const large = pattern(344, 344);
  const odd = pattern(161, 203);
  const small = pattern(37, 51);
  assertAlmostEquals(haarPsi(large, blocky(large)), 0.302667, 1e-5);
  assertAlmostEquals(haarPsi(odd, dull(odd)), 0.931673, 1e-5);
  assertAlmostEquals(haarPsi(small, blocky(small)), 0.7449, 1e-5);
});

Deno.test("haarPsi() is symmetric, 1 for equal images, less with more noise", () => {
  const photo = pattern(64, 48);
  const little = noisy(photo, 10);
  assertAlmostEquals(haarPsi(photo, photo), 1, 1e-9);
  assertAlmostEquals(haarPsi(photo, little), haarPsi(little, photo), 1e-12);
  assertGreater(haarPsi(photo, little), haarPsi(photo, noisy(photo, 60)));
});

Deno.test("haarPsi() of two black images is 1", () => {
  const black = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) };
  assertEquals(haarPsi(black, black), 1);
});

Deno.test("haarPsi() refuses images under 16x16 pixels", () => {
  const photo = pattern(15, 40);
  assertThrows(() => haarPsi(photo, photo), RangeError, "got 15x40");
});

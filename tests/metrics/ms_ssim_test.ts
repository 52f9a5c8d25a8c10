import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertThrows,
} from "@std/assert";
import { msSsim } from "@/metrics/mod.ts";
import { blocky, dull, noisy, pattern } from "./_pattern.ts";

Deno.test("msSsim() agrees with pytorch-msssim 1.0", () => {
  const large = pattern(344, 344);
  const medium = pattern(172, 172);
  const wide = pattern(257, 190);
  assertAlmostEquals(msSsim(large, blocky(large)), 0.526581, 1e-4);
  assertAlmostEquals(msSsim(medium, noisy(medium, 20)), 0.989498, 1e-4);
  assertAlmostEquals(msSsim(wide, noisy(blocky(wide), 8)), 0.762492, 1e-4);
});

Deno.test("msSsim() pads odd sides as pytorch-msssim does", () => {
  const odd = pattern(161, 203);
  assertAlmostEquals(msSsim(odd, dull(odd)), 0.960943, 1e-5);
});

Deno.test("msSsim() with 2 scales agrees with renormalised weights", () => {
  const small = pattern(32, 32);
  const odd = pattern(37, 51);
  const scales = 2;
  assertAlmostEquals(
    msSsim(small, noisy(small, 30), { scales }),
    0.683923,
    1e-4,
  );
  assertAlmostEquals(msSsim(odd, blocky(odd), { scales }), 0.961149, 1e-4);
});

Deno.test("msSsim() cuts negative factors to 0", () => {
  const photo = pattern(172, 172);
  const inverted = { ...photo, data: photo.data.map((v) => 255 - v) };
  assertEquals(msSsim(photo, inverted), 0);
});

Deno.test("msSsim() is symmetric, 1 for equal images, less with more noise", () => {
  const photo = pattern(172, 172);
  const little = noisy(photo, 10);
  assertAlmostEquals(msSsim(photo, photo), 1, 1e-12);
  assertEquals(msSsim(photo, little), msSsim(little, photo));
  assertGreater(msSsim(photo, little), msSsim(photo, noisy(photo, 40)));
});

Deno.test("msSsim() takes 161x161 pixels and refuses less", () => {
  const smallest = pattern(161, 161);
  assertAlmostEquals(msSsim(smallest, smallest), 1, 1e-12);
  const smaller = pattern(160, 300);
  assertThrows(
    () => msSsim(smaller, smaller),
    RangeError,
    "MS-SSIM with 5 scales needs at least 161x161 pixels, got 160x300, " +
      "which allow 4",
  );
});

Deno.test("msSsim() refuses other than 1 to 5 scales", () => {
  const photo = pattern(20, 20);
  for (const scales of [0, 6, 1.5, NaN]) {
    assertThrows(
      () => msSsim(photo, photo, { scales }),
      RangeError,
      `scales must be a whole number from 1 to 5, got ${scales}.`,
    );
  }
});

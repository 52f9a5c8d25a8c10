import { measureQuality } from "@/experiment/measure.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { drawPhoto } from "./_photos.ts";

Deno.test("measureQuality is the mean of single photos", () => {
  const photos = [drawPhoto(16, "a"), drawPhoto(16, "b")];
  const changed = photos.map(({ width, height, data }, i) => ({
    width,
    height,
    // 1 level off everywhere, and 2 levels off.
    data: data.map((value) => value > 128 ? value - i - 1 : value + i + 1),
  }));
  const { psnrDb, msssim } = measureQuality(changed, photos);
  const one = 20 * Math.log10(255);
  const two = one - 20 * Math.log10(2);
  assertAlmostEquals(psnrDb, (one + two) / 2, 1e-9);
  assertAlmostEquals(msssim, 1, 1e-2);
});

Deno.test("a photo without any loss counts as 60 dB, so that means are finite", () => {
  const photos = [drawPhoto(16, "a")];
  assertEquals(measureQuality(photos, photos), { psnrDb: 60, msssim: 1 });
});

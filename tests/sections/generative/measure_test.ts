import { SharedPairs } from "@/datasets/mod.ts";
import { type Pixels, resizeImage } from "@/images/mod.ts";
import { doubleSize } from "@/models/enlarging/mod.ts";
import { describeDraws } from "@/sections/generative/deviation.ts";
import { measureOf } from "@/sections/generative/measure.ts";
import { enlargePairs } from "@/sections/super_resolution/measure.ts";
import { originals } from "@/training/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { drawPhoto } from "../../experiment/_photos.ts";

/** Pairs of photos and what libvips makes of them at half the size. */
async function pairsOf(photos: readonly Pixels[]): Promise<SharedPairs> {
  const side = photos[0]!.width;
  const halves = await Promise.all(
    photos.map((photo) => resizeImage(photo, side / 2, side / 2)),
  );
  return SharedPairs.from(
    "test",
    side,
    photos.map((_, i) => `photo ${i}`),
    photos.map(({ data }, i) => ({ high: data, medium: halves[i]!.data })),
  );
}

const perception = { patch: 16, splits: 2 };

Deno.test("originals measure as themselves", async () => {
  const pairs = await pairsOf([drawPhoto(64, "a"), drawPhoto(64, "b")]);
  const measure = measureOf(pairs, perception);
  const quality = await measure.of(originals(pairs, "high"));
  assertEquals(quality.psnrDb, 60);
  assertAlmostEquals(quality.msssim, 1, 1e-9);
  assertAlmostEquals(quality.haarPsi, 1, 1e-9);
  assertEquals(quality.sharpness, 1);
  assertEquals(quality.scaledDownDb, 60);
  assertEquals(quality.patches, measure.reference().noise);
});

Deno.test("soft images are far from originals as a set", async () => {
  const photos = ["a", "b", "c", "d"].map((key) => drawPhoto(64, key));
  const pairs = await pairsOf(photos);
  const measure = measureOf(pairs, perception);
  const soft = enlargePairs(
    pairs,
    ({ medium }) => doubleSize(medium, "lanczos3"),
  );
  const [far, near] = [await measure.of(soft), await measure.of(photos)];
  assertLess(near.patches.distance + 0.1, far.patches.distance);
});

Deno.test("draws that differ where their mean is wrong are told so", () => {
  const grey = (values: number[]): Pixels => ({
    width: values.length,
    height: 1,
    data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
  });
  const values = Array.from({ length: 20 }, (_, i) => i);
  const found = describeDraws({
    draws: [[grey(values.map((i) => 100 + i))], [
      grey(values.map((i) => 100 - i)),
    ]],
    means: [grey(values.map(() => 100))],
    deviations: [Float32Array.from(values, (i) => i * Math.SQRT2 / 255)],
  }, [grey(values.map((i) => 100 + i))]);
  assertAlmostEquals(found.correlation, 1, 1e-6);
  assertEquals(found.bins.length, 10);
  assertAlmostEquals(found.bins[0]!.error, Math.sqrt(1 / 2) / 255, 1e-9);
  assertAlmostEquals(
    found.bins[9]!.deviation,
    Math.SQRT2 * found.bins[9]!.error,
    1e-7,
  );
  // The first draw is the original, the mean of both is 100 everywhere.
  assertEquals(found.meanDb.map(({ draws }) => draws), [1, 2]);
  assertEquals(found.meanDb[0]!.psnrDb, 60);
  const squares = values.reduce((sum, i) => sum + i * i, 0) / 20;
  assertAlmostEquals(
    found.meanDb[1]!.psnrDb,
    10 * Math.log10(255 ** 2 / squares),
    1e-9,
  );
  // White is a tenth of the range.
  assertEquals(found.error[0]!.data[3 * 10], 100);
  assertEquals(found.deviation[0]!.data[3 * 10], 141);
});

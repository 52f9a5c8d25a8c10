import type { Pixels } from "@/images/mod.ts";
import {
  enlargePairs,
  measureEnlarged,
  worstSquare,
} from "@/sections/super_resolution/measure.ts";
import { originals } from "@/training/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { drawPairs, drawPhoto } from "../../experiment/_photos.ts";

/** A photo with every value changed. */
function changed(photo: Pixels, to: (value: number) => number): Pixels {
  return { ...photo, data: photo.data.map(to) };
}

Deno.test("pairs pass through in order, whole, and leave no tensors", () => {
  const pairs = drawPairs(14, 200);
  const before = tf.memory().numTensors;
  const shapes: string[] = [];
  const photos = enlargePairs(pairs, ({ high, medium }) => {
    shapes.push(`${high.shape} ${medium.shape}`);
    return high.clone();
  });
  assertEquals(tf.memory().numTensors, before);
  assertEquals(photos, originals(pairs, "high"));
  assertEquals(shapes, [
    "12,200,200,3 12,100,100,3",
    "2,200,200,3 2,100,100,3",
  ]);
});

Deno.test("an original measures as itself", () => {
  const photo = drawPhoto(64, "a");
  const quality = measureEnlarged([photo], [photo]);
  assertEquals(quality.psnrDb, 60);
  assertAlmostEquals(quality.msssim, 1, 1e-9);
  assertAlmostEquals(quality.haarPsi, 1, 1e-9);
  assertEquals(quality.sharpness, 1);
});

Deno.test("sharpness is the differences between neighbours over the original's", () => {
  const photo = drawPhoto(64, "a");
  const even = changed(photo, (value) => value & ~3);
  const half = changed(even, (value) => value / 2);
  assertEquals(measureEnlarged([half], [even]).sharpness, 0.5);
  // A mean over photos.
  const both = measureEnlarged([half, even], [even, even]);
  assertEquals(both.sharpness, 0.75);
  assertLess(both.haarPsi, 1);
});

Deno.test("the worst square is where the errors are", () => {
  const photo = drawPhoto(40, "a");
  const data = photo.data.slice();
  for (let y = 20; y < 28; y++) {
    data.fill(0, (y * 40 + 8) * 3, (y * 40 + 16) * 3);
  }
  assertEquals(
    worstSquare({ ...photo, data }, photo, 8),
    { left: 8, top: 20, width: 8, height: 8 },
  );
  // Without an error, the first.
  assertEquals(
    worstSquare(photo, photo, 40),
    { left: 0, top: 0, width: 40, height: 40 },
  );
});

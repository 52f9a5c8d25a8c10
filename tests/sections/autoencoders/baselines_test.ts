import { resizeImage } from "@/images/mod.ts";
import { baselinesNear } from "@/sections/autoencoders/baselines.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertRejects,
} from "@std/assert";
import { drawPhoto } from "../../experiment/_photos.ts";

const photos = ["a", "b"].map((key) => drawPhoto(48, key));

Deno.test("baselines are JPEG, WebP and AVIF near the wanted size", async () => {
  const done: number[] = [];
  const rows = await baselinesNear(photos, 1500, {
    onProgress: (progress) => {
      assertEquals(progress.total, 6);
      done.push(progress.done);
    },
  });
  assertEquals(rows.map(({ codec }) => codec), ["JPEG", "WebP", "AVIF"]);
  assertEquals(done, [1, 2, 3, 4, 5, 6]);
  for (const { bytes, bpp, psnrDb, msssim } of rows) {
    assertLess(Math.abs(bytes - 1500), 300);
    assertAlmostEquals(bpp, bytes * 8 / 48 ** 2, 0.01);
    assert(psnrDb > 20 && psnrDb < 60, `${psnrDb} dB`);
    assert(msssim > 0.8 && msssim <= 1, `${msssim}`);
  }
});

Deno.test("baselines scale down what they decode, where halves are given", async () => {
  const halves = await Promise.all(
    photos.map((photo) => resizeImage(photo, 24, 24)),
  );
  const rows = await baselinesNear(photos, 1500, {}, halves);
  for (const { psnrDb, halfPsnrDb } of rows) {
    // Scaling down averages errors, and the grain that files drop.
    assert(halfPsnrDb! > psnrDb, `${halfPsnrDb} dB of ${psnrDb} dB`);
  }
  const [row] = await baselinesNear(photos, 1500);
  assertEquals(row!.halfPsnrDb, undefined);
});

Deno.test("baselines stop between two photos", async () => {
  const reason = new Error("Enough.");
  await assertRejects(
    () => baselinesNear(photos, 1500, { signal: AbortSignal.abort(reason) }),
    Error,
    "Enough.",
  );
});

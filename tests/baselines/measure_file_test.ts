import { assertEquals, assertRejects } from "@std/assert";
import { type Codec, jpeg, measureFile } from "@/baselines/mod.ts";
import { msSsim, psnr } from "@/metrics/mod.ts";
import { waves } from "./_check_codec.ts";

Deno.test("measureFile() reports the real file and its decoded pixels", async () => {
  const photo = waves(172, 172);
  const bytes = await jpeg.encode(photo, 60);
  const decoded = await jpeg.decode(bytes);
  assertEquals(await measureFile(jpeg, photo, { quality: 60, bytes }), {
    codec: "JPEG",
    quality: 60,
    bytes: bytes.length,
    bpp: 8 * bytes.length / 172 ** 2,
    psnrDb: psnr(photo.data, decoded.data),
    msssim: msSsim(photo, decoded),
  });
});

Deno.test("measureFile() takes as many scales of MS-SSIM as fit", async () => {
  const photo = waves(32, 32);
  const bytes = await jpeg.encode(photo, 70);
  const decoded = await jpeg.decode(bytes);
  const point = await measureFile(jpeg, photo, { quality: 70, bytes });
  assertEquals(point.msssim, msSsim(photo, decoded, { scales: 2 }));
});

Deno.test("measureFile() of a lossless file has infinite PSNR", async () => {
  const photo = waves(20, 20);
  const raw: Codec = {
    ...jpeg,
    name: "raw",
    decode: () => Promise.resolve(photo),
  };
  const file = { quality: 1, bytes: photo.data };
  const { psnrDb, msssim, bpp } = await measureFile(raw, photo, file);
  assertEquals([psnrDb, msssim, bpp], [Infinity, 1, 24]);
});

Deno.test("measureFile() refuses a tiny image and one that changed its size", async () => {
  const tiny = waves(10, 40);
  const file = { quality: 1, bytes: await jpeg.encode(tiny, 50) };
  await assertRejects(
    () => measureFile(jpeg, tiny, file),
    RangeError,
    "at least 11x11 pixels, got 10x40",
  );
  await assertRejects(
    () => measureFile(jpeg, waves(40, 20), file),
    RangeError,
    "Cannot compare 40x20 pixels with 10x40",
  );
});

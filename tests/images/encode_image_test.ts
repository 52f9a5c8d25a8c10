import sharp from "sharp";

import { decodeImage, encodeImage, ImageError } from "@/images/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { noise, plain } from "./_samples.ts";

Deno.test("encodeImage() to PNG loses nothing", async () => {
  const pixels = noise(9, 4);
  assertEquals(await decodeImage(await encodeImage(pixels, "png")), pixels);
});

Deno.test("encodeImage() to lossless WebP loses nothing", async () => {
  const pixels = noise(9, 4);
  const bytes = await encodeImage(pixels, "webp", { lossless: true });
  assertEquals((await sharp(bytes).metadata()).format, "webp");
  assertEquals(await decodeImage(bytes), pixels);
});

Deno.test("encodeImage() gives larger files at higher quality", async () => {
  const pixels = noise(64, 64);
  for (const format of ["jpeg", "webp"] as const) {
    const small = await encodeImage(pixels, format, { quality: 10 });
    const large = await encodeImage(pixels, format, { quality: 95 });
    assertEquals((await sharp(large).metadata()).format, format);
    assert(small.length < large.length);
  }
});

Deno.test("encodeImage() reads from shared memory and from views", async () => {
  const { data } = noise(4, 4);
  const shared = new Uint8Array(new SharedArrayBuffer(96)).subarray(48);
  shared.set(data);
  const bytes = await encodeImage({ width: 4, height: 4, data: shared }, "png");
  assertEquals((await decodeImage(bytes)).data, data);
});

Deno.test("encodeImage() quotes a quality or size that makes no sense", async () => {
  for (const quality of [0, 101, 1.5, NaN]) {
    await assertRejects(
      () => encodeImage(noise(2, 2), "jpeg", { quality }),
      ImageError,
      `it is ${quality}`,
    );
  }
  await assertRejects(
    () => encodeImage(plain(20_000, 1, [0, 0, 0]), "webp"),
    ImageError,
    "20000 by 1",
  );
});

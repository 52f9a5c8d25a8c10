import sharp from "sharp";

import { decodePixels, encodePixels, ImageError } from "@/images/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { noise, plain } from "./_samples.ts";

Deno.test("encodePixels() to PNG loses nothing", async () => {
  const pixels = noise(9, 4);
  assertEquals(await decodePixels(await encodePixels(pixels, "png")), pixels);
});

Deno.test("encodePixels() to lossless WebP loses nothing", async () => {
  const pixels = noise(9, 4);
  const bytes = await encodePixels(pixels, "webp", { lossless: true });
  assertEquals((await sharp(bytes).metadata()).format, "webp");
  assertEquals(await decodePixels(bytes), pixels);
});

Deno.test("encodePixels() gives larger files at higher quality", async () => {
  const pixels = noise(64, 64);
  for (const format of ["jpeg", "webp"] as const) {
    const small = await encodePixels(pixels, format, { quality: 10 });
    const large = await encodePixels(pixels, format, { quality: 95 });
    assertEquals((await sharp(large).metadata()).format, format);
    assert(small.length < large.length);
  }
});

Deno.test("encodePixels() reads from shared memory and from views", async () => {
  const { data } = noise(4, 4);
  const shared = new Uint8Array(new SharedArrayBuffer(96)).subarray(48);
  shared.set(data);
  const bytes = await encodePixels(
    { width: 4, height: 4, data: shared },
    "png",
  );
  assertEquals((await decodePixels(bytes)).data, data);
});

Deno.test("encodePixels() quotes an invalid quality or size", async () => {
  for (const quality of [0, 101, 1.5, NaN]) {
    await assertRejects(
      () => encodePixels(noise(2, 2), "jpeg", { quality }),
      RangeError,
      `quality must be a whole number from 1 to 100, got ${quality}.`,
    );
  }
  for (
    const [format, limit] of [["webp", 16_383], ["jpeg", 65_500]] as const
  ) {
    const row = (width: number) => plain(width, 1, [0, 0, 0]);
    await encodePixels(row(limit), format);
    await assertRejects(
      () => encodePixels(row(limit + 1), format),
      ImageError,
      `Image of ${limit + 1} by 1 pixels is too large for ${format}, whose ` +
        `sides have at most ${limit} pixels.`,
    );
  }
});

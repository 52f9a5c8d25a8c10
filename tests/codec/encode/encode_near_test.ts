import { encodeImage } from "@/codec/encode/encode_image.ts";
import { encodeNear } from "@/codec/encode/encode_near.ts";
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("the largest file that is not above a target is found", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(64, 48, "target");
    const bits = async (quality: number) =>
      8 * (await encodeImage(loaded, picture, { quality })).length /
      (64 * 48);
    const target = (await bits(20) + await bits(80)) / 2;
    const near = await encodeNear(loaded, picture, target);
    assertEquals(near.bitsPerPixel, 8 * near.bytes.length / (64 * 48));
    assertEquals(near.bitsPerPixel, await bits(near.quality));
    assertLessOrEqual(near.bitsPerPixel, target);
    // The next quality is above it.
    assertLessOrEqual(target, await bits(near.quality + 1));
    // All qualities fit, or none does.
    const { quality } = await encodeNear(loaded, picture, 1000);
    assertEquals(quality, 100);
    const least = await encodeNear(loaded, picture, 0.001);
    assertEquals([least.quality, least.bitsPerPixel], [1, await bits(1)]);
  });
});

Deno.test("no bits at all are refused", async () => {
  await withTinyModel(async (loaded) => {
    for (const target of [0, -1, NaN]) {
      await assertRejects(
        () => encodeNear(loaded, drawPicture(8, 8, "none"), target),
        RangeError,
        `There must be some bits a pixel, but they are ${target}.`,
      );
    }
  });
});

import { assertEquals, assertRejects } from "@std/assert";
import { jpeg, measure } from "@/baselines/mod.ts";
import { msSsim, psnr } from "@/metrics/mod.ts";
import { waves } from "./_check_codec.ts";

Deno.test("measure() reports the real file and its decoded pixels", async () => {
  const photo = waves(172, 172);
  const file = await jpeg.encode(photo, 60);
  const decoded = await jpeg.decode(file);
  assertEquals(await measure(jpeg, photo, 60), {
    codec: "JPEG",
    quality: 60,
    bytes: file.length,
    bpp: 8 * file.length / 172 ** 2,
    psnrDb: psnr(photo.data, decoded.data),
    msssim: msSsim(photo, decoded),
  });
});

Deno.test("measure() refuses a quality that the codec refuses", async () => {
  await assertRejects(
    () => measure(jpeg, waves(16, 16), 0),
    RangeError,
    "Quality of JPEG must be a whole number from 1 to 100, got 0",
  );
});

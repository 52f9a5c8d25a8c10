import { CodecError } from "@/codec/format/codec_error.ts";
import { encodeImage, RATE_WEIGHT } from "@/codec/encode/encode_image.ts";
import { readContainer } from "@/codec/format/container.ts";
import { decodeImage } from "@/codec/decode/decode_image.ts";
import { psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("a file says what it holds", async () => {
  const before = tf.memory().numTensors;
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(40, 24, "header");
    const file = await encodeImage(loaded, picture, { quality: 30 });
    const { header, highIs } = readContainer(file);
    assertEquals(
      [header.width, header.height, header.quality, header.model, highIs],
      [40, 24, 30, loaded.model.id, "complete"],
    );
    assertEquals(header.fileBytes, file.length);
    // 50 is the default, and the same picture gives the same file.
    assertEquals(
      await encodeImage(loaded, picture),
      await encodeImage(loaded, picture, {
        quality: 50,
        rateWeight: RATE_WEIGHT,
      }),
    );
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a weight of bits saves bytes at some cost", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(64, 64, "weight");
    const found = [];
    for (const rateWeight of [0, 0.8]) {
      const file = await encodeImage(loaded, picture, {
        quality: 90,
        rateWeight,
      });
      const { high } = await decodeImage(loaded, file);
      found.push([file.length, psnr(high!.data, picture.data)] as const);
    }
    const [plain, zone] = found;
    assertLess(zone![0], plain![0]);
    assertLess(zone![1], plain![1]);
    assertGreater(zone![1], 25);
  });
});

Deno.test("what cannot be encoded is refused in words", async () => {
  await withTinyModel(async (loaded) => {
    const wide = { width: 8193, height: 1, data: new Uint8Array(3 * 8193) };
    const error = await assertRejects(
      () => encodeImage(loaded, wide),
      CodecError,
      "8193x1",
    );
    assertEquals(error.code, "too large");
    const picture = drawPicture(8, 8, "refused");
    await assertRejects(
      () => encodeImage(loaded, picture, { quality: 101 }),
      RangeError,
      "Quality must be a whole number within 1..100, but it is 101.",
    );
    await assertRejects(
      () => encodeImage(loaded, { ...picture, width: 9 }),
      RangeError,
      "A picture of 9x8 cannot have 192 numbers.",
    );
    await assertRejects(
      () => encodeImage(loaded, picture, { rateWeight: -1 }),
      RangeError,
      "but it is -1.",
    );
  });
});

import { decodeImage } from "@/codec/decode/decode_image.ts";
import {
  encodeImage,
  encodeNear,
  RATE_WEIGHT,
} from "@/codec/encode/encode_image.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { readContainer } from "@/codec/format/container.ts";
import { psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("a file says what it holds", async () => {
  const before = tf.memory().numTensors;
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(40, 24, "header");
    const file = await encodeImage(loaded, picture, { quality: 30 });
    const { header, restIs } = readContainer(file);
    assertEquals(
      [header.width, header.height, header.quality, header.model, restIs],
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
    const wide = { width: 65536, height: 1, data: new Uint8Array(3 * 65536) };
    const error = await assertRejects(
      () => encodeImage(loaded, wide),
      CodecError,
      "65536x1",
    );
    assertEquals(error.code, "too large");
    const picture = drawPicture(8, 8, "refused");
    await assertRejects(
      () => encodeImage(loaded, picture, { quality: 101 }),
      RangeError,
      "quality must be a whole number in 1..100, got 101.",
    );
    await assertRejects(
      () => encodeImage(loaded, { ...picture, width: 9 }),
      RangeError,
      "photo.data.length must be 216 for 9x8 pixels, got 192.",
    );
    await assertRejects(
      () => encodeImage(loaded, "photo.jpg" as unknown as typeof picture),
      RangeError,
      "photo must be pixels, as `await readImage(path)` gives, got " +
        '"photo.jpg".',
    );
    await assertRejects(
      () => encodeImage(loaded, picture, { coarseness: 4 }),
      RangeError,
      "coarseness must be a whole number in 0..3, got 4.",
    );
    await assertRejects(
      () => encodeImage(loaded, picture, { rateWeight: -1 }),
      RangeError,
      "got -1.",
    );
  });
});

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
        `bitsPerPixel must be positive, got ${target}.`,
      );
    }
  });
});

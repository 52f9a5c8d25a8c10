/** Layered AVIF and JPEG 2000 by resolution, by their own encoders. */
import { startRivals } from "@/evaluation/storage/rivals.ts";
import { halveImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { needsPython } from "../../_notebooks.ts";
import { drawPicture } from "../../codec/_tiny_model.ts";

const python = fileURLToPath(
  new URL("../../../.venv/bin/python", import.meta.url),
);

/** Odd sides, so that a half is rounded up. */
const photo = drawPicture(75, 61, "rivals");

Deno.test(
  "the first layer of a layered AVIF is the image of half the size",
  needsPython,
  async () => {
    await using rivals = await startRivals(python);
    const { encode, decode } = rivals.layeredAvif;
    const settings = { tune: "ssim", mediumQuality: 70 } as const;
    const both = await encode(photo, { ...settings, highQuality: 80 });
    const first = await encode(photo, settings);
    // Whatever follows, the first layer stays.
    assertEquals(first.firstLayer, both.firstLayer);
    assertLess(both.firstLayer.length, first.file.length);
    assertLess(first.file.length, both.file.length);

    const half = await halveImage(photo);
    const decodedHalf = await decode(both.firstLayer);
    assertEquals([decodedHalf.width, decodedHalf.height], [38, 31]);
    assertGreater(psnr(decodedHalf.data, half.data), 25);
    const decoded = await decode(both.file);
    assertEquals([decoded.width, decoded.height], [75, 61]);
    assertGreater(psnr(decoded.data, photo.data), 30);

    const better = await encode(photo, { ...settings, highQuality: 95 });
    assertGreater(
      psnr((await decode(better.file)).data, photo.data),
      psnr(decoded.data, photo.data),
    );
  },
);

Deno.test(
  "the first layer is decoded of photos whose size is much larger than its own",
  needsPython,
  async () => {
    await using rivals = await startRivals(python);
    const { encode, decode } = rivals.layeredAvif;
    const settings = { tune: "psnr", mediumQuality: 30 } as const;
    const { firstLayer } = await encode(drawPicture(768, 431, "x"), settings);
    const { width, height } = await decode(firstLayer);
    assertEquals([width, height], [384, 216]);
  },
);

Deno.test(
  "a prefix of JPEG 2000 by resolution is the image of half the size",
  needsPython,
  async () => {
    await using rivals = await startRivals(python);
    const { encode, decode, decodeHalf, halfOf, range } = rivals.jpeg2000;
    const file = await encode(photo, 90);
    const part = halfOf!(file);
    assertLess(part.length, file.length);
    const half = await decodeHalf(part);
    assertEquals([half.width, half.height], [38, 31]);
    // All of the file gives the same half.
    assertEquals(await decodeHalf(file), half);
    assertGreater(psnr((await decode(file)).data, photo.data), 28);

    const best = await encode(photo, range.high);
    const bestHalf = await decodeHalf(halfOf!(best));
    assertGreater(psnr(half.data, bestHalf.data), 25);
  },
);

Deno.test(
  "an encoder that refuses is quoted, and goes on",
  needsPython,
  async () => {
    await using rivals = await startRivals(python);
    const { encode } = rivals.layeredAvif;
    const settings = { tune: "ssim", mediumQuality: 1 } as const;
    const error = await assertRejects(
      () => encode(photo, { ...settings, tune: "nothing" as "ssim" }),
      Error,
    );
    assert(error.message.startsWith("avif cannot be encoded: libavif cannot"));
    assertGreater((await encode(photo, settings)).file.length, 0);
  },
);

Deno.test("encoders that do not start are named with their Python", async () => {
  await assertRejects(
    () => startRivals("true"),
    Error,
    'did not start in "true".',
  );
});

import sharp from "sharp";

import { decodePixels, ImageError, type Pixels } from "@/images/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { pngFile, tiffFile } from "./_colour_files.ts";
import { assertColours, colours, height, strip, width } from "./_strip.ts";
import { largestDifference, noise, open, plain, raw } from "./_samples.ts";

Deno.test("decodePixels() gives every lossless format back unchanged", async () => {
  const pixels = noise(7, 5);
  assertEquals(await decodePixels(await open(pixels).png().toBuffer()), pixels);
  assertEquals(
    await decodePixels(await open(pixels).webp({ lossless: true }).toBuffer()),
    pixels,
  );
  assertEquals(
    await decodePixels(
      await open(pixels).tiff({ compression: "lzw" }).toBuffer(),
    ),
    pixels,
  );
});

Deno.test("decodePixels() gives JPEG, WebP and AVIF back nearly unchanged", async () => {
  const pixels = plain(32, 16, [200, 90, 40]);
  for (const format of ["jpeg", "webp", "avif"] as const) {
    const bytes = await open(pixels).toFormat(format, { quality: 95 })
      .toBuffer();
    const decoded = await decodePixels(bytes);
    assertEquals([decoded.width, decoded.height], [32, 16], format);
    const difference = largestDifference(decoded.data, pixels.data);
    assert(difference <= 4, `${format} differs by ${difference}`);
  }
});

Deno.test("decodePixels() turns all eight EXIF orientations upright", async () => {
  const { width, height, data } = noise(3, 2);
  const at = (x: number, y: number) =>
    data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
  const right = width - 1;
  const bottom = height - 1;
  // Where the upright picture's pixel (x, y) is stored; Exif 2.32, table 6.
  const stored: Record<number, (x: number, y: number) => Uint8Array> = {
    1: (x, y) => at(x, y),
    2: (x, y) => at(right - x, y),
    3: (x, y) => at(right - x, bottom - y),
    4: (x, y) => at(x, bottom - y),
    5: (x, y) => at(y, x),
    6: (x, y) => at(y, bottom - x),
    7: (x, y) => at(right - y, bottom - x),
    8: (x, y) => at(right - y, x),
  };
  for (const [key, source] of Object.entries(stored)) {
    const orientation = Number(key);
    const bytes = await raw(data, width, height, 3)
      .withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
    const [w, h] = orientation < 5 ? [width, height] : [height, width];
    const upright = Array.from(
      { length: w * h },
      (_, i) => [...source(i % w, Math.floor(i / w))],
    );
    assertEquals(await decodePixels(bytes), {
      width: w,
      height: h,
      data: new Uint8Array(upright.flat()),
    }, `orientation ${orientation}`);
  }
});

Deno.test("decodePixels() makes grey images RGB", async () => {
  const grey = new Uint8Array([0, 100, 255, 7]);
  const expected: Pixels = {
    width: 2,
    height: 2,
    data: new Uint8Array([0, 0, 0, 100, 100, 100, 255, 255, 255, 7, 7, 7]),
  };
  const png = await raw(grey, 2, 2, 1).toColourspace("b-w").png().toBuffer();
  assertEquals((await sharp(png).metadata()).channels, 1);
  assertEquals(await decodePixels(png), expected);
  const deep = await raw(Uint16Array.from(grey, (v) => v * 257), 2, 2, 1)
    .toColourspace("grey16").png().toBuffer();
  assertEquals((await sharp(deep).metadata()).depth, "ushort");
  assertEquals(await decodePixels(deep), expected);
});

Deno.test("decodePixels() makes 16-bit PNG and TIFF 8-bit", async () => {
  const pixels = noise(4, 3);
  const deep = Uint16Array.from(pixels.data, (v) => v * 257);
  const png = await raw(deep, 4, 3, 3).toColourspace("rgb16").png().toBuffer();
  for (const bytes of [png, deepTiff(deep, 4, 3)]) {
    assertEquals((await sharp(bytes).metadata()).depth, "ushort");
    assertEquals(await decodePixels(bytes), pixels);
  }
});

Deno.test("decodePixels() lays transparency on white, 8 and 16 bits deep", async () => {
  const rgba = new Uint8Array([255, 0, 0, 0, 0, 0, 0, 128, 9, 8, 7, 255]);
  const expected = new Uint8Array([255, 255, 255, 127, 127, 127, 9, 8, 7]);
  const png = await raw(rgba, 3, 1, 4).png().toBuffer();
  const flat = await decodePixels(png);
  assert(largestDifference(flat.data, expected) <= 1, flat.data.join());
  const deep = await raw(Uint16Array.from(rgba, (v) => v * 257), 3, 1, 4)
    .toColourspace("rgb16").png().toBuffer();
  assertEquals((await sharp(deep).metadata()).depth, "ushort");
  const flatDeep = await decodePixels(deep);
  assert(
    largestDifference(flatDeep.data, expected) <= 1,
    flatDeep.data.join(),
  );
});

/** Four patches of 8 by 8 pixels, by Pillow with `alpha_premultiplied=True`. */
const premultipliedAvif = Uint8Array.fromBase64(
  "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAAGUbWV0YQAAAAAAAAAhaGRscg" +
    "AAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAACxpbG9jAAAAAEQA" +
    "AAIAAQAAAAEAAAHcAAAAPgACAAAAAQAAAbwAAAAgAAAAQmlpbmYAAAAAAAIAAAAaaW5mZQ" +
    "IAAAAAAQAAYXYwMUNvbG9yAAAAABppbmZlAgAAAAACAABhdjAxQWxwaGEAAAAAKGlyZWYA" +
    "AAAAAAAADnByZW0AAQABAAIAAAAOYXV4bAACAAEAAQAAAMNpcHJwAAAAnWlwY28AAAAUaX" +
    "NwZQAAAAAAAAAgAAAACAAAABBwaXhpAAAAAAMICAgAAAAMYXYxQ4EgAAAAAAATY29scm5j" +
    "bHgAAQANAAaAAAAADnBpeGkAAAAAAQgAAAAMYXYxQ4EAHAAAAAA4YXV4QwAAAAB1cm46bX" +
    "BlZzptcGVnQjpjaWNwOnN5c3RlbXM6YXV4aWxpYXJ5OmFscGhhAAAAAB5pcG1hAAAAAAAA" +
    "AAIAAQQBAoMEAAIEAQWGBwAAAGZtZGF0EgAKBRgQv9hUMhUQAKMg/IonPSYYEcMPG2yaG8" +
    "u9cEASAAoIOBC/2EBDQaQyMBAAAKko7y5IE4ubodyqRNRGOMGyGirGizXp6dSuZjGTvadq" +
    "kQ80Z+DgdSPVFM+XDA==",
);

Deno.test("decodePixels() reads AVIF whose colours are multiplied by alpha", async () => {
  const colours = [[200, 30, 30], [30, 180, 40], [30, 40, 200], [
    128,
    128,
    128,
  ]];
  const { data } = await decodePixels(premultipliedAvif);
  [1, 0.5, 0.8, 0.25].forEach((opacity, i) => {
    const at = 3 * (32 * 4 + 8 * i + 4);
    const right = colours[i]!.map((v) => 255 + (v - 255) * opacity);
    right.forEach((v, c) => assert(Math.abs(data[at + c]! - v) <= 2));
  });
});

Deno.test("decodePixels() lays grey with transparency on white", async () => {
  const greyAlpha = new Uint8Array([0, 0, 50, 255]);
  const png = await raw(greyAlpha, 2, 1, 2).toColourspace("b-w").png()
    .toBuffer();
  assertEquals((await sharp(png).metadata()).channels, 2);
  assertEquals(
    (await decodePixels(png)).data,
    new Uint8Array([255, 255, 255, 50, 50, 50]),
  );
});

Deno.test("decodePixels() reads PNG with a palette", async () => {
  const pixels = plain(8, 8, [10, 200, 30]);
  const png = await open(pixels).png({ palette: true }).toBuffer();
  assertEquals((await sharp(png).metadata()).isPalette, true);
  assertEquals(await decodePixels(png), pixels);
});

Deno.test("decodePixels() turns CMYK into the same colours in sRGB", async () => {
  const limits = [
    { colour: [255, 255, 255], limit: 0 },
    // Printing profiles are coarse; a channel swapped or inverted is far off.
    { colour: [150, 110, 90], limit: 12 },
    { colour: [200, 30, 30], limit: 30 },
  ] as const;
  for (const { colour, limit } of limits) {
    const pixels = plain(16, 16, colour);
    for (const format of ["jpeg", "tiff"] as const) {
      const bytes = await open(pixels).toColourspace("cmyk")
        .toFormat(format, { quality: 100 }).toBuffer();
      assertEquals((await sharp(bytes).metadata()).space, "cmyk");
      const { data } = await decodePixels(bytes);
      const difference = largestDifference(data, pixels.data);
      assert(difference <= limit, `${format} ${colour}: ${difference}`);
    }
  }
});

Deno.test("decodePixels() converts an ICC profile to sRGB", async () => {
  const pixels = plain(16, 16, [220, 60, 40]);
  const bytes = await open(pixels).withIccProfile("p3").png().toBuffer();
  const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
  assert(largestDifference(stored, pixels.data) > 10, "P3 stores others");
  const decoded = await decodePixels(bytes);
  assert(largestDifference(decoded.data, pixels.data) <= 2);
});

Deno.test("decodePixels() reads grey of 1 to 16 bits, whether 0 is black or white", async () => {
  for (const bits of [1, 4, 8, 16] as const) {
    for (const photometric of [0, 1]) {
      const most = 2 ** bits - 1;
      const stored = colours.map(([, green]) => Math.round(green / 255 * most));
      const expected = stored.map((value) => {
        const grey = 255 * (photometric === 1 ? value : most - value) / most;
        return [grey, grey, grey];
      });
      const bytes = tiffFile({
        width,
        height,
        samples: strip(stored.map((value) => [value])),
        channels: 1,
        bits,
        photometric,
      });
      await assertColours(`${bits} ${photometric}`, bytes, expected, 1);
    }
  }
});

Deno.test("decodePixels() reads a palette and JPEG compression in TIFF", async () => {
  const palette = [0, 1, 2].flatMap((channel) =>
    Array.from({ length: 256 }, (_, i) => (colours[i]?.[channel] ?? 0) * 257)
  );
  const indexed = tiffFile({
    width,
    height,
    samples: strip(colours.map((_, i) => [i])),
    channels: 1,
    bits: 8,
    photometric: 3,
    palette,
  });
  await assertColours("palette", indexed, colours, 0);
  const raw = { raw: { width, height, channels: 3 } } as const;
  const jpeg = await sharp(Uint8Array.from(strip(colours)), raw)
    .tiff({ compression: "jpeg", quality: 100 }).toBuffer();
  await assertColours("JPEG compression", jpeg, colours, 2);
});

Deno.test("decodePixels() takes the first of several frames", async () => {
  const frames = [[255, 0, 0], [0, 255, 0]] as const;
  const data = new Uint8Array(
    frames.flatMap((colour) => [...plain(8, 8, colour).data]),
  );
  const webp = await sharp(data, {
    raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
  }).webp({ lossless: true, loop: 0, delay: [100, 100] }).toBuffer();
  assertEquals((await sharp(webp, { animated: true }).metadata()).pages, 2);
  assertEquals(await decodePixels(webp), plain(8, 8, [255, 0, 0]));
});

Deno.test("decodePixels() refuses what is no photo, in one sentence", async () => {
  await assertRejects(
    () => decodePixels(new Uint8Array()),
    ImageError,
    "Image is empty",
  );
  await assertRejects(
    () => decodePixels(new TextEncoder().encode("hello")),
    ImageError,
    "Image cannot be read: it is not a JPEG, PNG, WebP, AVIF or TIFF file.",
  );
  await assertRejects(
    () =>
      decodePixels(
        new TextEncoder().encode(
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        ),
      ),
    ImageError,
    '"svg" is not one of JPEG, PNG, WebP, AVIF and TIFF',
  );
});

Deno.test("decodePixels() says that a photo is too large to decode", async () => {
  const size = { width: 20_000, height: 20_000 };
  const bytes = pngFile({
    ...size,
    samples: [],
    channels: 1,
    bits: 8,
    rows: 0,
  });
  await assertRejects(
    () => decodePixels(bytes),
    ImageError,
    "Image of 20000 by 20000 pixels is too large; " +
      "scale it down to at most 268 megapixels.",
  );
});

Deno.test("decodePixels() refuses files that were cut off", async () => {
  const pixels = noise(200, 200);
  for (const format of ["jpeg", "png", "webp", "avif", "tiff"] as const) {
    const bytes = await open(pixels).toFormat(format).toBuffer();
    const half = bytes.subarray(0, bytes.length / 2);
    const error = await assertRejects(() => decodePixels(half), ImageError);
    assert(!error.message.includes("\n"), error.message);
  }
});

/** An uncompressed TIFF of 16 bits a channel, which sharp does not write. */
function deepTiff(
  samples: Uint16Array,
  width: number,
  height: number,
): Uint8Array {
  // Tag, type (3 short, 4 long), count, value; TIFF 6.0, section 2.
  const pixelsAt = 8;
  const bitsAt = pixelsAt + samples.byteLength;
  const entriesAt = bitsAt + 6;
  const entries = [
    [256, 3, 1, width],
    [257, 3, 1, height],
    [258, 3, 3, bitsAt],
    [259, 3, 1, 1], // not compressed
    [262, 3, 1, 2], // RGB
    [273, 4, 1, pixelsAt],
    [277, 3, 1, 3], // samples a pixel
    [278, 3, 1, height],
    [279, 4, 1, samples.byteLength],
  ] as const;
  const bytes = new Uint8Array(entriesAt + 2 + entries.length * 12 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]); // "II": little-endian
  view.setUint32(4, entriesAt, true);
  samples.forEach((v, i) => view.setUint16(pixelsAt + 2 * i, v, true));
  [16, 16, 16].forEach((v, i) => view.setUint16(bitsAt + 2 * i, v, true));
  view.setUint16(entriesAt, entries.length, true);
  entries.forEach(([tag, type, count, value], i) => {
    const at = entriesAt + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  });
  return bytes;
}

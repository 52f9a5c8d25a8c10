/** What holds for every baseline codec, registered as tests of one of them. */
import type { Codec } from "@/baselines/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { assertEquals, assertGreater, assertRejects } from "@std/assert";

/** A picture of soft diagonal waves with a little grain, as photos have. */
export function waves(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const channel = i % 3;
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    const phase = (x * (3 + channel) + y * 5) % 256;
    const wave = phase < 128 ? phase : 255 - phase;
    data[i] = 40 + wave + ((x * 7 + y * 13 + channel * 5) ^ (x * y)) % 16;
  }
  return { width, height, data };
}

function onePixel(red: number, green: number, blue: number): Pixels {
  return { width: 1, height: 1, data: Uint8Array.of(red, green, blue) };
}

async function roundTrip(
  codec: Codec,
  pixels: Pixels,
  quality: number,
): Promise<Pixels> {
  return await codec.decode(await codec.encode(pixels, quality));
}

/** Registers the tests; `good` is a quality at which losses are hard to see. */
export function checkCodec(codec: Codec, good: number): void {
  const { name, range, qualities } = codec;

  Deno.test(`${name} keeps the size of images from 1x1 up`, async () => {
    const sizes = [[1, 1], [2, 1], [3, 5], [17, 1], [1, 33], [31, 9], [
      172,
      172,
    ]] as const;
    for (const [width, height] of sizes) {
      const decoded = await roundTrip(codec, waves(width, height), good);
      assertEquals([decoded.width, decoded.height], [width, height]);
      assertEquals(decoded.data.length, width * height * 3);
    }
  });

  Deno.test(`${name} keeps red, green and blue in their places`, async () => {
    const colours = [[200, 60, 40], [40, 180, 60], [50, 60, 190]] as const;
    for (const [red, green, blue] of colours) {
      const pixel = onePixel(red, green, blue);
      const decoded = await roundTrip(codec, pixel, good);
      assertGreater(psnr(pixel.data, decoded.data), 30);
    }
  });

  Deno.test(`${name} keeps a grey image grey`, async () => {
    const data = new Uint8Array(21 * 13 * 3).fill(119);
    const decoded = await roundTrip(
      codec,
      { width: 21, height: 13, data },
      good,
    );
    for (const sample of decoded.data) {
      assertEquals(Math.abs(sample - 119) <= 1, true, `got ${sample}`);
    }
  });

  Deno.test(`${name} gives more PSNR for more bytes along its ladder`, async () => {
    const photo = waves(96, 80);
    let last = { bytes: 0, psnrDb: 0 };
    for (const quality of qualities.filter((_, i) => i % 2 === 1)) {
      const file = await codec.encode(photo, quality);
      const decoded = await codec.decode(file);
      const psnrDb = psnr(photo.data, decoded.data);
      assertGreater(file.length, last.bytes);
      assertGreater(psnrDb, last.psnrDb);
      last = { bytes: file.length, psnrDb };
    }
    assertGreater(last.psnrDb, 30);
  });

  Deno.test(`${name} makes the same file twice`, async () => {
    const photo = waves(40, 30);
    assertEquals(
      await codec.encode(photo, good),
      await codec.encode(photo, good),
    );
  });

  Deno.test(`${name} has a rising ladder within its range`, () => {
    assertEquals([...qualities].sort((a, b) => a - b), [...qualities]);
    assertEquals(new Set(qualities).size, qualities.length);
    assertEquals(
      qualities.every((q) => q >= range.low && q <= range.high),
      true,
    );
  });

  Deno.test(`${name} refuses a quality outside of its range`, async () => {
    const photo = waves(8, 8);
    const bad = [range.low - 1, range.high + 1, NaN];
    if (range.whole) bad.push(50.5);
    for (const quality of bad) {
      await assertRejects(
        async () => await codec.encode(photo, quality),
        RangeError,
        `got ${quality}`,
      );
    }
  });

  Deno.test(`${name} refuses a damaged file and keeps working`, async () => {
    const photo = waves(40, 30);
    const file = await codec.encode(photo, good);
    for (
      const bytes of [new Uint8Array(0), file.slice(0, 20), waves(8, 8).data]
    ) {
      await assertRejects(async () => await codec.decode(bytes), Error);
    }
    assertEquals(await codec.encode(photo, good), file);
    assertEquals((await codec.decode(file)).width, 40);
  });
}

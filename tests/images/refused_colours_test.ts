/** Colours that cannot be read correctly are refused in a sentence. */
import sharp from "sharp";

import { decodePixels, ImageError } from "@/images/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";
import {
  avifWithCodes,
  pngFile,
  type Tiff,
  tiffFile,
} from "./_colour_files.ts";
import { iccProfile, srgb } from "./_colour_spaces.ts";
import { assertColours, colours, height, strip, width } from "./_strip.ts";

Deno.test("decodePixels() refuses what it cannot read rightly, and says what to do", async () => {
  const tiff = (more: Partial<Tiff>) =>
    tiffFile({
      width,
      height,
      samples: strip(colours),
      channels: 3,
      bits: 8,
      photometric: 2,
      ...more,
    });
  const png = (...chunks: (readonly [string, Uint8Array])[]) =>
    pngFile({
      width,
      height,
      samples: strip(colours),
      channels: 3,
      bits: 8,
      chunks,
    });
  const raw = { raw: { width, height, channels: 3 } } as const;
  const avif = await sharp(Uint8Array.from(strip(colours)), raw)
    .withIccProfile("srgb").avif().toBuffer();
  const icc = iccProfile(srgb);
  const linear = Uint8Array.of(0, 1, 0x86, 0xa0); // 100 000
  const primaries = (rx: number, ry: number, gx: number, gy: number) => {
    const bytes = new Uint8Array(32);
    [0.3127, 0.329, rx, ry, gx, gy, 0.15, 0.06].forEach((v, i) =>
      new DataView(bytes.buffer).setUint32(4 * i, Math.round(v * 100_000))
    );
    return bytes;
  };
  const cases: readonly [Uint8Array, string][] = [
    [tiff({ bits: 16, format: 3 }), "16-bit floating-point values"],
    [tiff({ bits: 32, format: 3 }), "32-bit floating-point values"],
    [tiff({ bits: 32, format: 3, icc }), "32-bit floating-point values"],
    [tiff({ bits: 64, format: 3 }), "64-bit floating-point values"],
    [tiff({ bits: 32 }), "32 bits per channel"],
    [tiff({ bits: 32, big: true, bigEndian: true }), "32 bits per channel"],
    [tiff({ bits: 8, format: 2 }), "signed or complex values"],
    [tiff({ bits: 16, format: 2 }), "signed or complex values"],
    [tiff({ photometric: 8 }), "Lab colours"],
    [tiff({ photometric: 8, bits: 16 }), "Lab colours"],
    [
      tiff({ photometric: 1, extras: [2, 0], planar: true }),
      "keeps grey and other channels apart",
    ],
    [
      tiff({ photometric: 5, bits: 16, channels: 5, extras: [1] }),
      "16-bit CMYK colours that are multiplied by transparency",
    ],
    [
      tiff({ channels: 5, extras: [0, 2] }),
      "keeps its transparency behind other channels",
    ],
    [tiff({ photometric: 4 }), "colours of TIFF's kind 4"],
    [tiff({ photometric: 6 }), "YCbCr colours without JPEG compression"],
    [png(["gAMA", linear]), "is encoded with a gamma of 1"],
    [
      png(["cHRM", primaries(0.64, 0.33, 0.21, 0.71)]),
      "other primaries than sRGB",
    ],
    [png(["cICP", Uint8Array.of(12, 13, 0, 1)]), "a wide range of colours"],
    [png(["cICP", Uint8Array.of(9, 16, 0, 1)]), "a high dynamic range"],
    [avifWithCodes(avif, 12, 13), "a wide range of colours"],
    [avifWithCodes(avif, 9, 16), "a high dynamic range"],
    [avifWithCodes(avif, 1, 8), "an unusual tone curve"],
  ];
  for (const [bytes, message] of cases) {
    const error = await assertRejects(() => decodePixels(bytes), ImageError);
    assertEquals(
      error.message.replace("has ", "").replace("Image ", ""),
      `${message}, which is not supported; ` +
        `convert it to 8-bit or 16-bit RGB first.`,
    );
  }
  // What is usual or stated otherwise is read.
  const usual = Uint8Array.of(0, 0, 0xb1, 0x8f);
  const isSrgb = ["sRGB", Uint8Array.of(0)] as const;
  const wide = ["cHRM", primaries(0.68, 0.32, 0.265, 0.69)] as const;
  const own = ["cHRM", primaries(0.64, 0.33, 0.3, 0.6)] as const;
  for (
    const bytes of [
      png(["gAMA", usual]),
      png(["gAMA", usual], own),
      png(["gAMA", linear], wide, isSrgb),
    ]
  ) await assertColours("chunks", bytes, colours, 0);
});

Deno.test("decodePixels() does not call a file damaged that is compressed in an unusual way", async () => {
  const file = tiffFile({
    width,
    height,
    samples: strip(colours),
    channels: 3,
    bits: 8,
    photometric: 2,
    compression: 50_000, // Zstandard
  });
  const error = await assertRejects(() => decodePixels(file), ImageError);
  assertEquals(
    error.message,
    "Image has TIFF's compression 50000, which is not supported; " +
      "save it without compression or with LZW.",
  );
});

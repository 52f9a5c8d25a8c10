/**
 * Every combination of container, depth, kind of colours, profile and further
 * channels is either decoded to the right sRGB or refused in a sentence. The
 * right colours are computed here from the samples that were stored.
 *
 * @module
 */
import sharp from "sharp";

import { decodePixels } from "@/images/mod.ts";
import { assert, assertEquals } from "@std/assert";
import {
  jpegWithIcc,
  pngFile,
  type Tiff,
  tiffFile,
  webpWithIcc,
} from "./_colour_files.ts";
import {
  adobeRgb,
  type ColourSpace,
  convert,
  displayP3,
  iccProfile,
  proPhoto,
  srgb,
  type Triple,
} from "./_colour_spaces.ts";
import {
  assertColours,
  colours,
  height,
  side,
  strip,
  width,
} from "./_strip.ts";

interface Channels {
  readonly name: string;
  /** As TIFF's tag ExtraSamples. */
  readonly extras: readonly number[];
}

const channelKinds: readonly Channels[] = [
  { name: "no more channels", extras: [] },
  { name: "alpha", extras: [2] },
  { name: "premultiplied alpha", extras: [1] },
  { name: "a mask", extras: [0] },
  { name: "alpha and a mask", extras: [2, 0] },
  { name: "two masks", extras: [0, 0] },
];

/** Encoded colours of a space, their stored samples, and the right sRGB. */
function prepare(
  space: ColourSpace,
  bits: 8 | 16,
  extras: readonly number[],
): { stored: number[][]; expected: number[][] } {
  const most = 2 ** bits - 1;
  const stored: number[][] = [];
  const expected: number[][] = [];
  for (const [i, colour] of colours.entries()) {
    const opacity = extras[0] ? [1, 0.5, 0.8][i % 3]! : 1;
    const alpha = Math.round(opacity * most);
    const scale = extras[0] === 1 ? alpha : most;
    const ideal = convert(
      colour.map((v) => v / 255) as unknown as Triple,
      srgb,
      space,
    );
    const sampled = ideal.slice(0, space.toXyz ? 3 : 1)
      .map((v) => Math.round(v * scale));
    const [a, b = a, c = a] = sampled.map((v) => v / scale);
    const right = convert([a!, b!, c!], space, srgb);
    stored.push([
      ...sampled,
      // What lies in a mask must not matter.
      ...extras.map((kind) => kind === 0 ? i % 2 * most : alpha),
    ]);
    expected.push(right.map((v) => 255 * (1 + (v - 1) * alpha / most)));
  }
  return { stored, expected };
}

/** The curve of sRGB, as Apple's profiles have it. */
const srgbCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
const rgbSpaces = [srgb, displayP3, adobeRgb, proPhoto];
const parametricSpaces: readonly ColourSpace[] = [
  { ...srgb, name: "parametric sRGB", parametric: srgbCurve },
  { ...srgb, name: "parametric sRGB of 7", parametric: [...srgbCurve, 0, 0] },
  { ...displayP3, name: "parametric Display P3", parametric: srgbCurve },
  { ...proPhoto, name: "parametric ProPhoto RGB", parametric: [1.8] },
  { name: "parametric grey", gamma: 1.8, parametric: [1.8, 1, 0] },
  { name: "parametric grey of 4", gamma: 1.8, parametric: [1.8, 1, 0, 0] },
];
const tableSpaces: readonly ColourSpace[] = [
  { ...displayP3, table: "lut16" },
  { ...adobeRgb, table: "lutAToB" },
  { ...displayP3, table: "lutAToB", parametric: srgbCurve },
  { ...adobeRgb, table: "lut16 to Lab" },
  { ...srgb, table: "lut8 to Lab" },
].map((space) => ({
  ...space,
  name: `${space.name} by ${space.table}`,
})) as ColourSpace[];
const greySpaces: readonly ColourSpace[] = [
  { name: "grey of sRGB" },
  { name: "grey 1.8", gamma: 1.8 },
  { name: "grey 2.2", gamma: 2 + 51 / 256 },
  { name: "linear grey", gamma: 1 },
];

for (const bits of [8, 16] as const) {
  for (
    const space of [
      ...rgbSpaces,
      ...greySpaces,
      ...parametricSpaces,
      ...tableSpaces,
    ]
  ) {
    const isGrey = space.toXyz === undefined;
    const isExact = isGrey || (space.toXyz === srgb.toXyz && !space.table);
    const limit = isExact ? 1 : 2;
    const icc = iccProfile(space);
    Deno.test(`decodePixels() reads ${bits}-bit ${space.name} from TIFF`, async () => {
      for (const { name, extras } of channelKinds) {
        const { stored, expected } = prepare(space, bits, extras);
        const tiff: Tiff = {
          width,
          height,
          samples: strip(stored),
          channels: stored[0]!.length,
          bits,
          photometric: isGrey ? 1 : 2,
          extras,
          icc,
        };
        await assertColours(name, tiffFile(tiff), expected, limit);
      }
    });

    Deno.test(`decodePixels() reads ${bits}-bit ${space.name} from PNG`, async () => {
      for (const extras of [[], [2]]) {
        const { stored, expected } = prepare(space, bits, extras);
        const bytes = pngFile({
          width,
          height,
          samples: strip(stored),
          channels: stored[0]!.length,
          bits,
          icc,
        });
        await assertColours(`alpha ${extras}`, bytes, expected, limit);
      }
    });
  }
}

Deno.test("decodePixels() reads samples without a profile as sRGB, however they are stored", async () => {
  for (const bits of [8, 16] as const) {
    for (const { name, extras } of channelKinds) {
      for (const space of [srgb, { name: "grey" }]) {
        const { stored, expected } = prepare(space, bits, extras);
        const tiff: Tiff = {
          width,
          height,
          samples: strip(stored),
          channels: stored[0]!.length,
          bits,
          photometric: space.toXyz ? 2 : 1,
          extras,
        };
        for (const bigEndian of [false, true]) {
          for (const big of [false, true]) {
            for (const planar of [false, true]) {
              if (planar && !space.toXyz && extras.length > 0) continue;
              const bytes = tiffFile({ ...tiff, bigEndian, big, planar });
              const layout = `${bits} bits, ${name}, ${[
                bigEndian,
                big,
                planar,
              ]}`;
              await assertColours(layout, bytes, expected, 1);
            }
          }
        }
      }
    }
  }
});

Deno.test("decodePixels() reads grey by a profile of red, green and blue", async () => {
  for (const bits of [8, 16] as const) {
    for (const space of [...rgbSpaces, ...tableSpaces]) {
      const most = 2 ** bits - 1;
      const stored = colours.map(([red]) => Math.round(red / 255 * most));
      const expected = stored.map((value) => {
        const grey = value / most;
        return convert([grey, grey, grey], space, srgb).map((v) => 255 * v);
      });
      // libpng drops such profiles.
      const tiff = tiffFile({
        width,
        height,
        samples: strip(stored.map((value) => [value])),
        channels: 1,
        bits,
        photometric: 1,
        icc: iccProfile(space),
      });
      await assertColours(`${bits} bits, ${space.name}`, tiff, expected, 2);
    }
  }
});

Deno.test("decodePixels() turns upright what has a profile or a mask", async () => {
  for (const [bits, extras] of [[16, []], [16, [2]], [8, [2, 0]]] as const) {
    const { stored } = prepare(displayP3, bits, extras);
    const tiff: Tiff = {
      width,
      height,
      samples: strip(stored),
      channels: stored[0]!.length,
      bits,
      photometric: 2,
      extras,
      icc: iccProfile(displayP3),
    };
    const upright = await decodePixels(tiffFile(tiff));
    const { data, ...size } = await decodePixels(
      tiffFile({ ...tiff, orientation: 6 }), // by 90 degrees, clockwise
    );
    assertEquals(size, { width: height, height: width });
    const right = Uint8Array.from(data, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % height, Math.floor(i / 3 / height)];
      return upright.data[((height - 1 - x) * width + y) * 3 + i % 3]!;
    });
    assertEquals(data, right);
  }
});

Deno.test("decodePixels() converts profiles in JPEG, WebP and AVIF", async () => {
  const folder = await Deno.makeTempDir();
  const raw = { raw: { width, height, channels: 3 } } as const;
  for (const space of rgbSpaces) {
    const icc = iccProfile(space);
    const limit = space === srgb ? 1 : 2;
    const { stored } = prepare(space, 8, []);
    const image = sharp(Uint8Array.from(strip(stored)), raw);
    const jpeg = await image.clone().jpeg({ quality: 100 }).toBuffer();
    const webp = await image.clone().webp({ lossless: true }).toBuffer();
    // sharp converts 8-bit colours to the profile that it attaches.
    const profile = `${folder}/${space.name}.icc`;
    await Deno.writeFile(profile, icc);
    const avif = await sharp(Uint8Array.from(strip(colours)), raw)
      .withIccProfile(profile)
      .avif({ quality: 90 }).toBuffer();
    const files = {
      JPEG: jpegWithIcc(jpeg, icc),
      WebP: webpWithIcc(webp, icc),
      AVIF: avif,
    };
    for (const [name, bytes] of Object.entries(files)) {
      // Compression changes colours: what counts is what was really stored.
      const data = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
      const expected = colours.map((_, i) => {
        const at = (height / 2 * width + i * side + side / 2) * 3;
        const [r, g, b] = data.subarray(at, at + 3);
        return convert([r! / 255, g! / 255, b! / 255], space, srgb)
          .map((v) => 255 * v);
      });
      await assertColours(`${name}, ${space.name}`, bytes, expected, limit);
    }
  }
  const { stored, expected } = prepare(proPhoto, 8, [2]);
  const webp = await sharp(Uint8Array.from(strip(stored)), {
    raw: { width, height, channels: 4 },
  }).webp({ lossless: true, exact: true }).toBuffer();
  const bytes = webpWithIcc(webp, iccProfile(proPhoto));
  await assertColours("WebP with alpha", bytes, expected, 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("decodePixels() reads AVIF of 10 and 12 bits, with and without a profile", async () => {
  const raw = { raw: { width, height, channels: 3 } } as const;
  for (const bitdepth of [10, 12] as const) {
    for (const space of [srgb, displayP3]) {
      const { stored, expected } = prepare(space, 16, []);
      // sharp does not convert colours of 16 bits to the profile.
      let image = sharp(Uint16Array.from(strip(stored)), raw)
        .toColourspace("rgb16");
      if (space === displayP3) image = image.withIccProfile("p3");
      const avif = await image.avif({
        bitdepth,
        quality: 100,
        chromaSubsampling: "4:4:4",
      }).toBuffer();
      assertEquals((await sharp(avif).metadata()).depth, "ushort");
      const limit = space === srgb ? 1 : 2;
      await assertColours(`${bitdepth} ${space.name}`, avif, expected, limit);
    }
  }
});

Deno.test("decodePixels() reads CMYK of 16 bits and with further channels like that of 8 bits", async () => {
  const inks = colours.map((colour) => [...colour.map((v) => 255 - v), 20]);
  const opacity = (i: number) => [255, 128, 51][i % 3]!;
  const file = (bits: 8 | 16, extras: readonly number[]) =>
    tiffFile({
      width,
      height,
      samples: strip(
        inks.map((ink, i) => [
          ...ink.map((v) => extras[0] === 1 ? v * opacity(i) / 255 : v),
          ...extras.map((kind) => kind === 0 ? i % 2 * 255 : opacity(i)),
        ]),
      ).map((v) => bits === 16 ? v * 257 : v),
      channels: 4 + extras.length,
      bits,
      photometric: 5,
      extras,
    });
  const { data } = await decodePixels(file(8, []));
  const plain = colours.map((_, i) => {
    const at = (i * side + side / 2) * 3;
    return [...data.subarray(at, at + 3)];
  });
  assert(plain[6]![0]! > 200 && plain[7]![0]! < 60, `${plain}`);
  for (const bits of [8, 16] as const) {
    for (const { name, extras } of channelKinds) {
      // Refused, see below.
      if (bits === 16 && extras[0] === 1) continue;
      const expected = plain.map((colour, i) =>
        colour.map((v) => extras[0] ? 255 + (v - 255) * opacity(i) / 255 : v)
      );
      // libvips divides CMYK of 8 bits by alpha and rounds down.
      const limit = extras[0] === 1 && bits === 8 ? 2 : 1;
      await assertColours(
        `${bits} ${name}`,
        file(bits, extras),
        expected,
        limit,
      );
    }
  }
});

Deno.test("decodePixels() does not care for a profile that does not fit or is damaged", async () => {
  const good = iccProfile(displayP3);
  const changed = (at: number, text: string) => {
    const icc = good.slice();
    icc.set(new TextEncoder().encode(text), at);
    return icc;
  };
  for (
    const icc of [
      changed(36, "none"),
      changed(16, "Lab "),
      changed(16, "CMYK"),
      good.subarray(0, 200),
      iccProfile(greySpaces[1]!),
    ]
  ) {
    for (const bits of [8, 16] as const) {
      const { stored, expected } = prepare(srgb, bits, []);
      const bytes = tiffFile({
        width,
        height,
        samples: strip(stored),
        channels: 3,
        bits,
        photometric: 2,
        icc,
      });
      await assertColours(`${bits} bits`, bytes, expected, 1);
    }
  }
});

/**
 * Photos in a real browser: the demo reads their colours as the command line
 * does, or refuses them; `deno task test:site` runs this.
 */
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { decodePixels } from "@/images/mod.ts";
import { bundleScripts } from "@/tasks/site/bundle_scripts.ts";
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import {
  avifWithCodes,
  jpegWithIcc,
  pngFile,
  webpWithIcc,
} from "../../images/_colour_files.ts";
import {
  adobeRgb,
  type ColourSpace,
  displayP3,
  iccProfile,
  proPhoto,
  srgb,
} from "../../images/_colour_spaces.ts";
import { height, side, strip, width } from "../../images/_strip.ts";
import { withSite } from "./_browser.ts";

/** Where browsers differ most: strong colours and dark ones. */
const colours = [
  [200, 30, 30],
  [30, 180, 40],
  [255, 255, 0],
  [0, 255, 255],
  [240, 230, 20],
  [0, 0, 255],
  [10, 12, 8],
  [128, 128, 128],
];
const raw = (channels: 1 | 3) => ({ raw: { width, height, channels } });
const photo = sharp(Uint8Array.from(strip(colours)), raw(3));
const grey = sharp(
  Uint8Array.from(strip(colours.map(([red]) => [red!]))),
  raw(1),
).toColourspace("b-w");

const rgbSpaces: readonly ColourSpace[] = [
  srgb,
  displayP3,
  adobeRgb,
  proPhoto,
  { ...displayP3, name: "Display P3 by a table", table: "lut16" },
  { ...adobeRgb, name: "Adobe RGB by a table", table: "lutAToB" },
];
const greySpaces: readonly ColourSpace[] = [
  { name: "grey 1.8", gamma: 1.8 },
  { name: "linear grey", gamma: 1 },
];

async function bytesOf(image: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await image.toBuffer());
}

function png(
  channels: 1 | 2 | 3 | 4,
  bits: 8 | 16,
  space: ColourSpace | undefined,
): Uint8Array {
  const hasAlpha = channels % 2 === 0;
  const patches = colours.map((colour, i) => [
    ...colour.slice(0, hasAlpha ? channels - 1 : channels),
    ...hasAlpha ? [[255, 128, 51][i % 3]!] : [],
  ]);
  const samples = strip(patches).map((v) => bits === 8 ? v : v * 257);
  const icc = space && iccProfile(space);
  return pngFile({ width, height, samples, channels, bits, icc });
}

async function* photos(): AsyncGenerator<[name: string, file: Uint8Array]> {
  for (const chromaSubsampling of ["4:4:4", "4:2:0"]) {
    const lossy = { quality: 90, chromaSubsampling };
    const jpeg = await bytesOf(photo.clone().jpeg(lossy));
    yield [`JPEG ${chromaSubsampling}`, jpeg];
    for (const space of rgbSpaces) {
      const file = jpegWithIcc(jpeg, iccProfile(space));
      yield [`JPEG ${chromaSubsampling} ${space.name}`, file];
    }
    for (const bitdepth of [8, 10, 12] as const) {
      for (const icc of [undefined, "p3"]) {
        const deep = bitdepth === 8
          ? photo.clone()
          : photo.clone().toColourspace("rgb16");
        const image = icc ? deep.withIccProfile(icc) : deep;
        const file = await bytesOf(image.avif({ ...lossy, bitdepth }));
        yield [`AVIF ${chromaSubsampling} ${bitdepth} ${icc}`, file];
      }
    }
  }
  const webp = await bytesOf(photo.clone().webp({ lossless: true }));
  for (const space of rgbSpaces) {
    yield [`WebP ${space.name}`, webpWithIcc(webp, iccProfile(space))];
  }
  const greyJpeg = await bytesOf(grey.clone().jpeg());
  for (const space of [...greySpaces, displayP3]) {
    const file = jpegWithIcc(greyJpeg, iccProfile(space));
    yield [`grey JPEG ${space.name}`, file];
  }
  for (const bits of [8, 16] as const) {
    for (const space of [undefined, ...rgbSpaces]) {
      yield [`PNG ${bits} ${space?.name}`, png(3, bits, space)];
      yield [`PNG ${bits} ${space?.name}, alpha`, png(4, bits, space)];
    }
    for (const space of [undefined, ...greySpaces, displayP3]) {
      yield [`grey PNG ${bits} ${space?.name}`, png(1, bits, space)];
      yield [`grey PNG ${bits} ${space?.name}, alpha`, png(2, bits, space)];
    }
  }
}

type Answer = string | { readonly message: string };

async function withReader(
  work: (read: (file: Uint8Array) => Promise<Answer>) => Promise<void>,
): Promise<void> {
  const { scripts } = await bundleScripts(
    PROJECT_ROOT,
    ["tests/tasks/site/_read_photo.ts"],
    "licences.txt",
    { format: "iife" },
  );
  await withSite(async (visit) => {
    const { page }: { page: Page } = await visit("photos.html", {
      width: 1440,
    });
    await page.evaluate(scripts[0]!.text);
    await work((file) => page.evaluate(`readPhoto("${file.toBase64()}")`));
  });
}

Deno.test("the demo reads every kind of photo in the colours of the command line", async () => {
  await withReader(async (read) => {
    for await (const [name, file] of photos()) {
      const answer = await read(file);
      assert(typeof answer === "string", `${name}: ${JSON.stringify(answer)}`);
      const found = Uint8Array.fromBase64(answer);
      const { data } = await decodePixels(file);
      assertEquals(found.length, data.length, name);
      for (const [i, value] of data.entries()) {
        const at = `${Math.floor(i / 3) % width / side}`;
        assert(
          Math.abs(found[i]! - value) <= 2,
          `${name}: ${found[i]} and not ${value}, patch ${at}`,
        );
      }
    }
  });
});

Deno.test("the demo refuses colours that it cannot read rightly", async () => {
  const plain = await bytesOf(photo.clone().withIccProfile("srgb").avif());
  const remedy = "or encode it by `deno task encode`.";
  const refused: [file: Uint8Array, message: string][] = [
    [
      await bytesOf(photo.clone().toColourspace("cmyk").jpeg()),
      "This is a JPEG with CMYK colours, which browsers show wrongly: save it " +
      `with RGB colours, ${remedy}`,
    ],
    [
      await bytesOf(photo.clone().ensureAlpha(0.5).avif()),
      "This is an AVIF file with transparency, which browsers show wrongly: " +
      `save it as PNG or WebP, ${remedy}`,
    ],
    [
      avifWithCodes(plain, 9, 16),
      "Image has a high dynamic range, which is not supported; " +
      "convert it to 8-bit or 16-bit RGB first.",
    ],
  ];
  await withReader(async (read) => {
    for (const [file, message] of refused) {
      assertEquals(await read(file), { message });
    }
  });
});

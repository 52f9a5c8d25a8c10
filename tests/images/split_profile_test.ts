/** Profiles taken out of files, whose stored colours remain. */
import { splitProfile } from "@/images/split_profile.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp, { type Sharp } from "sharp";
import { jpegWithIcc, pngFile, webpWithIcc } from "./_colour_files.ts";
import { displayP3, iccProfile } from "./_colour_spaces.ts";
import { colours, height, strip, width } from "./_strip.ts";

const icc = iccProfile(displayP3);
const samples = strip(colours);
const image = () =>
  sharp(Uint8Array.from(samples), { raw: { width, height, channels: 3 } });
const bytesOf = async (file: Sharp) => new Uint8Array(await file.toBuffer());
const grey = strip(colours.map(([red]) => [red]));
const jpeg = await bytesOf(image().jpeg());
const png = pngFile({ width, height, samples, channels: 3, bits: 8 });

async function storedColours(bytes: Uint8Array): Promise<Uint8Array> {
  return await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
}

Deno.test("splitProfile() takes the profile out of each kind of file, and leaves the stored colours", async () => {
  const webp = await bytesOf(image().webp({ lossless: true }));
  const files: Record<string, Uint8Array> = {
    jpeg: jpegWithIcc(jpeg, icc),
    png: pngFile({ width, height, samples, channels: 3, bits: 8, icc }),
    webp: webpWithIcc(webp, icc),
    avif: await bytesOf(image().withIccProfile("p3").avif()),
  };
  for (const [format, file] of Object.entries(files)) {
    const found = await splitProfile(new Uint8Array(file));
    assertEquals([found.format, found.colours], [format, 3]);
    const before = await sharp(file).metadata();
    assertEquals(found.icc, new Uint8Array(before.icc!), format);
    const after = await sharp(found.bytes).metadata();
    assertEquals(after.icc, undefined, format);
    assertEquals(await storedColours(found.bytes), await storedColours(file));
  }
});

Deno.test("splitProfile() joins a profile that lies in several segments", async () => {
  const file = await bytesOf(
    image().toColourspace("cmyk").withIccProfile("cmyk").jpeg(),
  );
  const { icc } = await sharp(file).metadata();
  assert(icc!.length > 65_536);
  const found = await splitProfile(file);
  assertEquals(found.icc, new Uint8Array(icc!));
  assertEquals(found.colours, 4);
});

Deno.test("splitProfile() counts colours, and leaves files without a profile", async () => {
  const cmyk = image().toColourspace("cmyk");
  const files: [colours: number, file: Uint8Array][] = [
    [4, await bytesOf(cmyk.clone().jpeg())],
    [4, await bytesOf(cmyk.clone().jpeg({ progressive: true }))],
    [1, await bytesOf(image().toColourspace("b-w").jpeg())],
    [1, pngFile({ width, height, samples: grey, channels: 1, bits: 8 })],
    [3, jpeg],
    [3, png],
    [3, new Uint8Array()],
    [3, new TextEncoder().encode("no image at all")],
  ];
  for (const [colours, file] of files) {
    const found = await splitProfile(new Uint8Array(file));
    assertEquals(found.colours, colours);
    assertEquals(found.bytes, file);
    assertEquals(found.icc, undefined);
  }
});

Deno.test("splitProfile() makes no whole file of one that is cut off", async () => {
  const file = jpegWithIcc(jpeg, icc);
  for (const length of [1, 3, 10, 30, 200, file.length >> 1]) {
    const { bytes } = await splitProfile(
      new Uint8Array(file.subarray(0, length)),
    );
    await assertRejects(() => sharp(bytes, { failOn: "error" }).toBuffer());
  }
});

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { photoGridPixels } from "@/charts/mod.ts";
import {
  decodePixels,
  encodePixels,
  type Pixels,
  readImage,
} from "@/images/mod.ts";
import { narrowPhotos } from "@/tasks/site/narrow/narrow_photos.ts";

/** A photo of one colour. */
function plain(
  width: number,
  height: number,
  color: readonly number[],
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) data[at] = color[at % 3]!;
  return { width, height, data };
}

const side = 172;
const color = (row: number, column: number) => [60 * row, 40 * column, 60];

/** A figure as notebooks hold it, of two rows and some columns. */
async function figure(columns: number): Promise<Pixels> {
  const names = Array.from({ length: columns }, (_, i) => `photo ${i}`);
  const pixels = await photoGridPixels({
    title: "A title that is as long as those of the figures in the notebooks",
    columns: names,
    rows: ["Original", "After\nepoch 10"].map((label, row) => ({
      label,
      photos: names.map((_, column) => plain(side, side, color(row, column))),
      captions: names.map(() => "31.2 dB"),
    })),
  });
  return await decodePixels(await encodePixels(pixels, "jpeg"));
}

/** The pixels that have about a colour. */
function countOf({ data }: Pixels, [r, g, b]: readonly number[]): number {
  let count = 0;
  for (let at = 0; at < data.length; at += 3) {
    const far = Math.abs(data[at]! - r!) + Math.abs(data[at + 1]! - g!) +
      Math.abs(data[at + 2]! - b!);
    if (far < 36) count++;
  }
  return count;
}

Deno.test("narrowPhotos shows all photos in fewer columns, at the size they had", async () => {
  for (const columns of [4, 5, 6]) {
    const wide = await figure(columns);
    const narrow = (await narrowPhotos(wide))!;
    assertLessOrEqual(narrow.width, 400);
    for (const row of [0, 1]) {
      for (let column = 0; column < columns; column++) {
        const area = countOf(narrow, color(row, column)) / side ** 2;
        assertLessOrEqual(Math.abs(area - 1), 0.05, `photo ${row}, ${column}`);
      }
    }
  }
});

Deno.test("narrowPhotos keeps the tails of a title's letters with it", async () => {
  const path = "results/codec/figures/same_bytes.jpg";
  const narrow = (await narrowPhotos(await readImage(path)))!;
  const isDark = (y: number) =>
    narrow.data.subarray(y * narrow.width * 3, (y + 1) * narrow.width * 3)
      .some((value) => value < 190);
  // Title, headings, the first label and photos: no line of tails.
  const lengths = [0];
  for (let y = 0; y < narrow.height; y++) {
    if (isDark(y)) lengths.push(lengths.pop()! + 1);
    else if (lengths.at(-1)! > 0) lengths.push(0);
  }
  assertEquals(lengths.findIndex((length) => length > side / 2), 3);
});

Deno.test("narrowPhotos repeats the labels of rows over each part", async () => {
  const dark = (pixels: Pixels) =>
    pixels.data.filter((value, at) => at % 3 === 0 && value < 200).length;
  const photosOf = (columns: number) => 2 * columns * side ** 2;
  const [two, four] = await Promise.all(
    [4, 6].map(async (columns) => {
      const narrow = (await narrowPhotos(await figure(columns)))!;
      return dark(narrow) - photosOf(columns);
    }),
  );
  // One more part has the labels, two headings and four captions once more.
  assertEquals(four! > two!, true);
});

Deno.test("narrowPhotos puts labels above photos whose columns fit", async () => {
  const wide = await figure(2);
  const narrow = (await narrowPhotos(wide))!;
  assertEquals(narrow.width < wide.width && narrow.width <= 400, true);
  assertEquals(narrow.height > wide.height, true);
  assertLessOrEqual(
    Math.abs(countOf(narrow, color(1, 1)) / side ** 2 - 1),
    0.05,
  );
});

Deno.test("narrowPhotos leaves alone what it cannot lay out anew", async () => {
  assertEquals(await narrowPhotos(await figure(1)), undefined);
  const photo = plain(960, 540, [90, 80, 70]);
  assertEquals(await narrowPhotos(photo), undefined);
  assertEquals(await narrowPhotos(plain(960, 540, [255, 255, 255])), undefined);
});

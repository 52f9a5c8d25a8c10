import { assertEquals, assertLessOrEqual } from "@std/assert";
import { photoGridPixels } from "@/charts/mod.ts";
import { decodePixels, encodePixels, type Pixels } from "@/images/mod.ts";
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

Deno.test("narrowPhotos leaves alone what it cannot lay out anew", async () => {
  assertEquals(await narrowPhotos(await figure(2)), undefined);
  const photo = plain(960, 540, [90, 80, 70]);
  assertEquals(await narrowPhotos(photo), undefined);
  assertEquals(await narrowPhotos(plain(960, 540, [255, 255, 255])), undefined);
});

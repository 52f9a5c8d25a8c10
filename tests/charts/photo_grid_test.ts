import { assert, assertEquals, assertRejects } from "@std/assert";
import { photoGrid, photoGridPixels } from "@/charts/mod.ts";
import {
  decodePixels,
  type Pixels,
  readImage,
  resizeImage,
} from "@/images/mod.ts";
import { assertExpected } from "../expected.ts";

/** A photo whose every pixel differs from its neighbours. */
function pattern(width: number, height: number, phase: number): Pixels {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => (index * 37 + phase * 11) % 251,
  );
  return { width, height, data };
}

function cut(from: Pixels, left: number, top: number, like: Pixels): number[] {
  const rows = Array.from({ length: like.height }, (_, y) => {
    const start = ((top + y) * from.width + left) * 3;
    return [...from.data.subarray(start, start + like.width * 3)];
  });
  return rows.flat();
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return new Uint8Array(digest).toHex();
}

Deno.test("photoGrid gives the same pixels on every machine", async () => {
  const figure = await photoGridPixels({
    title: "Medium",
    columns: ["kite", "pond"],
    rows: [
      { label: "original", photos: [pattern(48, 48, 1), pattern(48, 48, 2)] },
      {
        label: "epoch 10\n(medium)",
        photos: [pattern(48, 48, 3), pattern(48, 48, 4)],
        captions: ["28.1 dB", "27.4 dB"],
      },
    ],
  });
  const { width, height, data } = figure;
  const text = `${width} by ${height}\nsha256 ${await sha256(data)}\n`;
  await assertExpected("charts/photo_grid.txt", text);
});

Deno.test("photoGrid leaves the photos' pixels as they are", async () => {
  const photo = pattern(20, 10, 5);
  const once = await photoGridPixels({
    rows: [{ label: "", photos: [photo] }],
  });
  assertEquals([once.width, once.height], [16 + 20 + 16, 16 + 10 + 16]);
  assertEquals(cut(once, 16, 16, photo), [...photo.data]);
  const rows = [{ label: "", photos: [photo] }];
  const twice = await photoGridPixels({ rows, scale: 2 });
  const corner = { ...photo, width: 2, height: 2 };
  const first = [...photo.data.subarray(0, 3)];
  assertEquals(cut(twice, 16, 16, corner), Array(4).fill(first).flat());
});

Deno.test("photoGrid is a small JPEG for two rows of six photos", async () => {
  const names = ["alpaca", "bridge", "goat", "ramen", "sea1", "wetleaf"];
  const photos = await Promise.all(names.map(async (name) => {
    const file = new URL(`../../data/starter/${name}.webp`, import.meta.url);
    return await resizeImage(await readImage(file.pathname), 172, 172);
  }));
  const bytes = await photoGrid({
    rows: [{ label: "original", photos }, { label: "again", photos }],
    format: "jpeg",
  });
  assertEquals([...bytes.subarray(0, 2)], [0xff, 0xd8]);
  assert(bytes.length < 300_000, `${bytes.length} bytes`);
});

Deno.test("photoGrid writes the format asked for", async () => {
  const rows = [{ label: "a", photos: [pattern(8, 8, 0)] }];
  const jpeg = await photoGrid({ rows, format: "jpeg" });
  assertEquals([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
  const png = await photoGrid({ rows, scale: 1.5 });
  assertEquals((await decodePixels(png)).height, 16 + 18 + 16);
});

Deno.test("photoGrid refuses what it cannot lay out", async () => {
  const photos = [pattern(4, 4, 0)];
  const draw = (options: Parameters<typeof photoGrid>[0]) => () =>
    photoGrid(options);
  await assertRejects(
    draw({ rows: [] }),
    RangeError,
    "needs at least one photo",
  );
  const rows = [{ label: "a", photos }];
  await assertRejects(
    draw({ rows, scale: 0 }),
    RangeError,
    "scale must be positive, got 0.",
  );
  await assertRejects(
    draw({ rows, columns: ["x", "y"] }),
    RangeError,
    'There are 2 headings for 1 photos: ["x","y"].',
  );
});

/** What the notebook on the codec says, of the published measurements. */
import {
  readPerception,
  readRates,
  readSpeed,
  readStorage,
  readViews,
} from "@/evaluation/results.ts";
import * as report from "@/evaluation/report.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseHeader } from "@/codec/mod.ts";
import { writeContainer } from "@/codec/format/container.ts";
import { assertExpected } from "../expected.ts";

const folder = "results/codec";

Deno.test("the notebook on the codec says what was measured", async () => {
  const kodak = await readRates(folder, "kodak");
  const starter = await readRates(folder, "starter");
  const texts = [
    report.describeMeasurement(kodak, starter),
    report.compareViews(await readViews(folder)),
    report.compareRates(kodak, starter),
    report.comparePerception(await readPerception(folder)),
    report.describeStorage(await readStorage(folder)),
    report.describeTimes(await readSpeed(folder)),
  ];
  await assertExpected("reports/8_codec.md", texts.join("\n\n") + "\n");
});

Deno.test("storage is compared with a layered AVIF if that was measured", async () => {
  const storage = await readStorage(folder);
  const [ours] = storage.rows;
  const rows = storage.rows.map((row) =>
    row.codec === "layeredAvif"
      ? {
        ...row,
        storedBytes: ours!.storedBytes! / 1.04,
        mediumBytes: ours!.mediumBytes! / 0.875,
      }
      : row
  );
  const sentence = "Compared with an AVIF of two layers it takes 4.0 % more " +
    "bytes, and 12.5 % fewer for the medium image.";
  const text = report.describeStorage({ ...storage, rows });
  assertEquals(text.replaceAll("\n", " ").includes(sentence), true);
  const own = rows.find((row) =>
    row.codec === "ours" && row.way === "two files"
  )!;
  const more = 100 * (ours!.mediumBytes! / own.mediumBytes! - 1);
  assertStringIncludes(
    text.replaceAll("\n", " "),
    `takes ${more.toFixed(1)} % more than that file of ours.`,
  );
  const others = rows.filter(({ codec }) => codec !== "layeredAvif");
  const plain = report.describeStorage({ ...storage, rows: others });
  assertEquals(plain.includes("AVIF of two layers"), false);
});

Deno.test("times in a browser are told where there was one", async () => {
  const { inBrowser: _, ...speed } = await readSpeed(folder);
  const plain = report.describeTimes(speed);
  const inBrowser = {
    browser: "Chromium 9",
    rows: [{ backend: "wasm", decodeHighMs: 99.6, decodeMediumMs: 20.2 }],
    passedOver: ["webgpu does not work in this browser."],
  };
  assertEquals(
    report.describeTimes({ ...speed, inBrowser }),
    plain + `

Chromium 9 takes 100 ms and 20 ms on the
wasm backend.
webgpu does not work in this browser.`,
  );
});

Deno.test("a file is described by its bytes and its header", () => {
  const file = writeContainer({
    model: new Uint8Array(8),
    width: 100,
    height: 50,
    ...{ quality: 40, coarseness: 1, effort: 0 },
    layers: [10, 100, 200].map((length) => new Uint8Array(length)) as [
      ...[Uint8Array, Uint8Array, Uint8Array],
    ],
  });
  const [words] = report.describeFile(file, parseHeader(file)).split(" Its");
  const bpp = (8 * file.length / 5000).toFixed(3);
  assertEquals(
    words!.replaceAll("\n", " "),
    `The file has **${file.length} bytes**, one for every ${
      (15000 / file.length).toFixed(0)
    } of the photo: ${bpp} bits per pixel.`,
  );
});

Deno.test("decoded images are described by their sizes and PSNR", () => {
  const image = (side: number, value: number) => ({
    width: side,
    height: side,
    data: new Uint8Array(side * side * 3).fill(value),
  });
  const originals = { medium: image(2, 100), high: image(4, 100) };
  const decoded = {
    thumbnail: image(1, 100),
    medium: image(2, 101),
    high: image(4, 110),
  };
  const ends = { thumbnailBytes: 100, mediumBytes: 500, fileBytes: 1000 };
  assertEquals(
    report.describeDecoded(ends, decoded, originals).replaceAll("\n", " "),
    "From the first 10 % of the file: a thumbnail of 1 × 1 pixels. " +
      "From the first 50 %: 2 × 2 pixels, 48.13 dB. " +
      "From the whole file: 4 × 4 pixels, 28.13 dB.",
  );
});

/** What is published of the codec belongs to the weights that are published. */
import {
  encodeImage,
  loadModel,
  parseHeader,
  readWeights,
} from "@/codec/mod.ts";
import { readCodecStart } from "@/codec/training/codec_start.ts";
import { codecWeights } from "@/codec/training/codec_weights.ts";
import { codecLoss } from "@/codec/training/objective.ts";
import { toCodecBatch } from "@/codec/training/codec_batch.ts";
import { checkTable } from "@/charts/table.ts";
import { cropImage, halveImage, readImage } from "@/images/mod.ts";
import { readSafetensors } from "@/models/safetensors.ts";
import { drawFigures } from "@/experiment/figures.ts";
import { codecFigures } from "@/evaluation/figures.ts";
import { openCodec, publishedFolder } from "@/notebook/mod.ts";
import {
  deltaRateTable,
  speedTable,
  storageTable,
} from "@/evaluation/tables.ts";
import { tf } from "@/tensorflow/mod.ts";
import { chartSvg } from "@/charts/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
} from "@std/assert";

const folder = `${publishedFolder}/codec`;

Deno.test("all that was measured of the codec is of the published weights", async () => {
  const weights = await Deno.readFile(`${folder}/weights.safetensors`);
  const id = readWeights(weights).id.toHex();
  const { figure: _, ...results } = await openCodec();
  const { kodak, starter, perception, storage, speed } = results;
  for (const [name, { model }] of Object.entries(results)) {
    assertEquals(model, id, name);
  }
  const demo = await Deno.readTextFile(`${folder}/demo/photos.json`);
  assertEquals(JSON.parse(demo).model, id);
  const start = await Deno.stat(`${folder}/start.safetensors`);
  assertLess(weights.length + start.size, 8_000_000);

  for (
    const table of [
      deltaRateTable({ Kodak: kodak, starter }),
      deltaRateTable({ perception }),
      storageTable(storage),
      speedTable(speed),
    ]
  ) {
    checkTable(table);
    assert(table.rows.length > 3);
  }
  for await (const figure of drawFigures(await codecFigures(folder))) {
    const start = `${folder}/figures/${figure.name}`;
    if ("photos" in figure) {
      assert((await Deno.stat(`${start}.jpg`)).size > 10_000);
      continue;
    }
    const file = await Deno.readTextFile(`${start}.svg`);
    assertEquals(file, await chartSvg(figure.chart), figure.name);
  }
});

/** A crop of a photo, and bits a pixel of it as training estimates them. */
async function estimate(start: Uint8Array, level: number) {
  const photo = cropImage(
    await readImage("data/starter/red-maple.webp"),
    { left: 200, top: 200, width: 448, height: 448 },
  );
  const { tensors } = readSafetensors(start);
  const norms = (name: string) => tensors.get(name)!.data as Float32Array;
  const { settings } = readWeights(
    await Deno.readFile(`${folder}/weights.safetensors`),
  );
  const weights = codecWeights(settings, {
    cells: norms("norms"),
    kinds: norms("kind_norms"),
  }, 1);
  readCodecStart(start, weights);
  const unit = (bytes: Uint8Array) =>
    Float32Array.from(bytes, (value) => value / 255);
  const half = await halveImage(photo);
  const bitsPerPixel = tf.tidy(() => {
    const batch = toCodecBatch({
      high: unit(photo.data),
      medium: unit(half.data),
      side: 448,
      levels: [level],
      coarseness: [1],
    });
    return codecLoss(batch, (name) => weights.get(name)!).bpp.dataSync()[0]!;
  });
  tf.dispose([...weights.values()]);
  return { photo, bitsPerPixel };
}

Deno.test("files of the published weights are a little smaller than training estimates", async () => {
  const start = await Deno.readFile(`${folder}/start.safetensors`);
  const weights = await Deno.readFile(`${folder}/weights.safetensors`);
  const loaded = loadModel(readWeights(weights));
  for (const quality of [10, 50, 90]) {
    const { photo, bitsPerPixel } = await estimate(start, (quality - 1) / 99);
    const file = await encodeImage(loaded, photo, { quality });
    const layers = parseHeader(file).layerBytes.reduce((a, b) => a + b);
    const found = 8 * layers / (448 * 448);
    const off = found / bitsPerPixel - 1;
    // Training rounds each value alone; a path through the trellis saves bits.
    assertAlmostEquals(off, -0.07, 0.05, `quality ${quality}: ${off}`);
  }
  loaded.dispose();
});

Deno.test("the README says what was measured on Kodak's photos", async () => {
  const { bdRate } = (await openCodec()).kodak;
  const percent = (codec: string) => Math.abs(bdRate[codec]!).toFixed(0);
  const readme = await Deno.readTextFile("README.md");
  const sentence = `takes ${percent("jpeg")} % fewer bits than JPEG ` +
    `(mozjpeg) at equal PSNR, ${percent("webp")} % fewer than WebP, and ` +
    `${percent("avif")} % more than AVIF.`;
  assert(readme.replaceAll(/\s+/g, " ").includes(sentence), sentence);
});

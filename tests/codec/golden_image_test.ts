/**
 * A file and a model that made it, both kept: what was written once must be
 * read for ever, to the same latents on any machine and to pixels within 1.
 *
 * The switch of `expected.ts` writes the pinned images and latents anew, but
 * the file and the model only where there are none: removing them is a change
 * of the format.
 */
import { decodeImage } from "@/codec/decode/decode_image.ts";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import { readContainer } from "@/codec/format/container.ts";
import { crc32 } from "@/codec/format/crc32.ts";
import { splitStreams } from "@/codec/format/tile_streams.ts";
import {
  type CodecModel,
  type LoadedModel,
  loadModel,
} from "@/codec/model/codec_model.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import {
  decodePixels as readPng,
  encodePixels as writePng,
  type Pixels,
} from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals } from "@std/assert";
import { assertExpected } from "../expected.ts";
import { FormatDecoder } from "./_by_format.ts";
import { drawPicture, tinyModel } from "./_tiny_model.ts";

const FOLDER = new URL("../expected/codec/", import.meta.url);
const UPDATE = Deno.env.get("ONECODE_UPDATE_EXPECTED") === "1";

async function readOrMake(
  name: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const url = new URL(name, FOLDER);
  try {
    return await Deno.readFile(url);
  } catch (error) {
    if (!UPDATE || !(error instanceof Deno.errors.NotFound)) throw error;
    const bytes = await make();
    await Deno.writeFile(url, bytes);
    return bytes;
  }
}

async function goldenModel(): Promise<CodecModel> {
  const make = () => writeWeights(tinyModel());
  return readWeights(await readOrMake("tiny_model.safetensors", make));
}

/** 1060x21 pixels: two tiles, of which both have blocks that are not coded. */
async function goldenFile(loaded: LoadedModel): Promise<Uint8Array> {
  return await readOrMake(
    "two_tiles.onecode",
    () => encodeImage(loaded, drawPicture(1060, 21, "golden"), { quality: 83 }),
  );
}

async function assertPixels(name: string, pixels: Pixels): Promise<void> {
  const url = new URL(name, FOLDER);
  if (UPDATE) await Deno.writeFile(url, await writePng(pixels, "png"));
  const expected = await readPng(await Deno.readFile(url));
  assertEquals([pixels.width, pixels.height], [
    expected.width,
    expected.height,
  ]);
  const worst = pixels.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - expected.data[i]!)),
    0,
  );
  assert(worst <= 1, `${name}: ${worst}`);
}

const hex = (crc: number) => crc.toString(16).padStart(8, "0");

/** The bytes of numbers of 16 bits, lowest first, whatever the machine. */
function littleEndian(numbers: Int16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * numbers.length));
  numbers.forEach((n, i) => view.setInt16(2 * i, n, true));
  return new Uint8Array(view.buffer);
}

async function describeLatents(
  loaded: LoadedModel,
  file: Uint8Array,
): Promise<string> {
  const { header, first, second } = readContainer(file);
  const lines = [
    "top, left, rows, columns, CRC-32 of the latents, some of them",
  ];
  await decodeLayers(loaded, { ...header, first, second: second! }, {
    medium: false,
    high: true,
    onTile: ({ top, left, rows, columns }, latents) => {
      const crc = hex(crc32(littleEndian(latents)));
      const some = latents.subarray(0, 8).join(" ");
      lines.push([top, left, rows, columns, crc, some].join("  "));
    },
  });
  return `${lines.join("\n")}\n`;
}

Deno.test("the golden file gives the same latents on any backend", async () => {
  const model = await goldenModel();
  try {
    for (const backend of ["tensorflow", "cpu"]) {
      await tf.setBackend(backend);
      const loaded = loadModel(model);
      const file = await goldenFile(loaded);
      const text = await describeLatents(loaded, file);
      await assertExpected("codec/two_tiles_latents.txt", text);
      loaded.dispose();
    }
  } finally {
    await tf.setBackend("tensorflow");
  }
});

Deno.test("the golden file gives the same pixels, within 1", async () => {
  const loaded = loadModel(await goldenModel());
  const file = await goldenFile(loaded);
  const { medium, high } = await decodeImage(loaded, file, { size: "both" });
  await assertPixels("two_tiles_medium.png", medium!);
  await assertPixels("two_tiles_high.png", high!);
  loaded.dispose();
});

Deno.test("a decoder that follows FORMAT.md finds the same", async () => {
  const weights = await Deno.readFile(
    new URL("tiny_model.safetensors", FOLDER),
  );
  const file = await Deno.readFile(new URL("two_tiles.onecode", FOLDER));
  const { header, first, second } = readContainer(file);
  const decoder = new FormatDecoder(weights, header.quality);
  const layers = [first, second!].map((layer) => splitStreams(layer, 2));
  const widths = [1024, header.width - 1024];
  const tiles = widths.map((width, i) =>
    decoder.latents(layers[0]![i]!, layers[1]![i]!, width, header.height)
  );
  const lines = (await Deno.readTextFile(
    new URL("two_tiles_latents.txt", FOLDER),
  )).split("\n");
  tiles.forEach(({ rows, columns, data }, i) => {
    const crc = crc32(littleEndian(Int16Array.from(data)));
    const found = [0, 128 * i, rows, columns, hex(crc)].join("  ");
    assert(lines[1 + i]!.startsWith(found), found);
  });
  // Pixels of the second tile, from enough blocks before it.
  const from = 122;
  const [rows, columns] = [4, 136 - from];
  const data = Float64Array.from(
    { length: rows * columns * 192 },
    (_, i) => {
      const [block, c] = [Math.floor(i / 192), i % 192];
      const x = from + block % columns, y = Math.floor(block / columns);
      const tile = tiles[x < 128 ? 0 : 1]!;
      return tile.data[(y * tile.columns + x % 128) * 192 + c]!;
    },
  );
  const latents = { rows, columns, channels: 192, data };
  for (const [sort, side] of [["medium", 4], ["high", 8]] as const) {
    const png = await Deno.readFile(new URL(`two_tiles_${sort}.png`, FOLDER));
    const { width, height, data } = await readPng(png);
    const pixels = decoder.pixels(latents, sort);
    for (let y = 0; y < height; y++) {
      for (let x = 128 * side; x < width; x++) {
        for (let k = 0; k < 3; k++) {
          const place = y * pixels.columns + x - from * side;
          const value = pixels.data[3 * place + k]!;
          const found = Math.max(0, Math.min(255, Math.floor(value + 0.5)));
          const wanted = data[3 * (y * width + x) + k]!;
          assert(Math.abs(found - wanted) <= 1, `${sort} ${y} ${x} ${value}`);
        }
      }
    }
  }
});

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
import { cutTiles } from "@/codec/format/tiles.ts";
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
import { BLOCKS, type Grid } from "./_grids.ts";
import { drawHalves, tinyModel } from "./_tiny_model.ts";

const FOLDER = new URL("../expected/codec/", import.meta.url);
const UPDATE = Deno.env.get("ONECODE_UPDATE_EXPECTED") === "1";
const SIZES = ["thumbnail", "medium", "high"] as const;

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

/**
 * 1060x70 pixels: two tiles, blocks of all sizes, cells that are not coded, and
 * superblocks with and without corrections.
 */
async function goldenFile(loaded: LoadedModel): Promise<Uint8Array> {
  return await readOrMake(
    "two_tiles.onecode",
    () =>
      encodeImage(loaded, drawHalves(1060, 70, "golden 2"), {
        ...{ quality: 50, coarseness: 3 },
      }),
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
function littleEndian(numbers: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * numbers.length));
  Array.from(numbers).forEach((n, i) => view.setInt16(2 * i, n, true));
  return new Uint8Array(view.buffer);
}

/** The latents of the medium image, then those of the high one. */
async function describeLatents(
  loaded: LoadedModel,
  file: Uint8Array,
): Promise<string> {
  const { header, layers } = readContainer(file);
  const lines = [
    "image, top, left, rows, columns, CRC-32 of the latents, some of them",
  ];
  for (const size of ["medium", "high"] as const) {
    await decodeLayers(loaded, { ...header, layers }, {
      [size]: true,
      onTile: ({ top, left, rows, columns }, latents) => {
        const crc = hex(crc32(littleEndian(latents)));
        const some = latents.subarray(0, 8).join(" ");
        lines.push([size, top, left, rows, columns, crc, some].join("  "));
      },
    });
  }
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
  const all = {
    ...await decodeImage(loaded, file, { size: "both" }),
    ...await decodeImage(loaded, file, { size: "thumbnail" }),
  };
  for (const size of SIZES) {
    await assertPixels(`two_tiles_${size}.png`, all[size]!);
  }
  loaded.dispose();
});

Deno.test("a decoder that follows FORMAT.md finds the same", async () => {
  const weights = await Deno.readFile(
    new URL("tiny_model.safetensors", FOLDER),
  );
  const file = await Deno.readFile(new URL("two_tiles.onecode", FOLDER));
  const { header, layers } = readContainer(file);
  const { quality, coarseness, width, height } = header;
  const decoder = new FormatDecoder(weights, quality, coarseness);
  const streams = layers.map((layer) => splitStreams(layer, 2));
  const tiles = [1024, width - 1024].map((width, i) =>
    decoder.tile(streams.map((layer) => layer[i]!), width, height)
  );
  // The file has what this test is for.
  assertEquals(new Set(tiles[0]!.sizes), new Set(BLOCKS.keys()));
  assertEquals(new Set(tiles[0]!.plain), new Set([false, true]));

  const lines = (await Deno.readTextFile(
    new URL("two_tiles_latents.txt", FOLDER),
  )).split("\n").slice(1);
  for (const size of ["medium", "high"] as const) {
    tiles.forEach(({ rows, columns, [size]: { data } }, i) => {
      const crc = hex(crc32(littleEndian(data)));
      const found = [size, 0, 128 * i, rows, columns, crc].join("  ");
      assert(lines.shift()!.startsWith(found), found);
    });
  }

  const image = cutTiles(header);
  for (const [size, side] of [["medium", 4], ["high", 8]] as const) {
    const cells = beside(tiles.map((tile) => decoder.cells(tile, size)));
    assertEquals([cells.rows, cells.columns], [image.rows, image.columns]);
    const plain = (y: number, x: number) => {
      const { columns, plain } = tiles[x < 128 ? 0 : 1]!;
      return plain[(y >> 3) * (columns >> 3) + ((x % 128) >> 3)]!;
    };
    const pixels = decoder.pixels(cells, plain, size);
    assertEquals(pixels.columns, side * image.columns);
    await assertSame(`two_tiles_${size}.png`, pixels);
  }
  const small = beside(tiles.map((tile) => decoder.thumbnail(tile)));
  await assertSame("two_tiles_thumbnail.png", small);
});

/** Two grids, the second at the right of the first. */
function beside([left, right]: readonly Grid[]): Grid {
  const columns = left!.columns + right!.columns;
  const rows = Array.from(
    { length: left!.rows },
    (_, y) =>
      [left!, right!].flatMap(({ columns, channels, data }) => {
        const row = columns * channels;
        return Array.from(data.subarray(y * row, (y + 1) * row));
      }),
  );
  return { ...left!, columns, data: Float64Array.from(rows.flat()) };
}

async function assertSame(name: string, pixels: Grid): Promise<void> {
  const png = await Deno.readFile(new URL(name, FOLDER));
  const { width, height, data } = await readPng(png);
  for (let i = 0; i < data.length; i++) {
    const [y, x] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width];
    const value = pixels.data[3 * (y * pixels.columns + x) + i % 3]!;
    const found = Math.max(0, Math.min(255, Math.floor(value + 0.5)));
    assert(Math.abs(found - data[i]!) <= 1, `${name} ${y} ${x}: ${value}`);
  }
  assert(pixels.rows >= height);
}

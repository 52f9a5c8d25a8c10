/**
 * A file and a model that made it, both kept: what was written once must be
 * read for ever, to the same latents on any machine and to pixels within 1.
 *
 * The switch of `expected.ts` writes the pinned images and latents anew, but
 * the file and the model only where there are none: removing them is a change
 * of the format.
 */
import { crc32 } from "@/codec/crc32.ts";
import type { CodecModel, LoadedModel } from "@/codec/codec_model.ts";
import { loadModel } from "@/codec/codec_model.ts";
import { readContainer } from "@/codec/container.ts";
import { decodeImage } from "@/codec/decode_image.ts";
import { decodeLayers } from "@/codec/decode_layers.ts";
import { encodeImage } from "@/codec/encode_image.ts";
import { readWeights, writeWeights } from "@/codec/weights_file.ts";
import {
  decodeImage as readPng,
  encodeImage as writePng,
  type Pixels,
} from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals } from "@std/assert";
import { assertExpected } from "../expected.ts";
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
      const crc = crc32(littleEndian(latents)).toString(16).padStart(8, "0");
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

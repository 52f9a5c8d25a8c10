import { type DecodedImage, decodeImage } from "@/codec/decode/decode_image.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import { CodecError, type CodecErrorCode } from "@/codec/format/codec_error.ts";
import { readContainer, writeContainer } from "@/codec/format/container.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertLess,
  assertRejects,
} from "@std/assert";
import { mutate } from "../_mutate.ts";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

/** Broken files that are tried; a run with more is a matter of minutes. */
const BROKEN_FILES = Number(Deno.env.get("ONECODE_BROKEN_FILES") ?? 300);

Deno.test("photos of any size come back in all sizes", async () => {
  const before = tf.memory().numTensors;
  await withTinyModel(async (loaded) => {
    const sizes = [[1, 1], [1, 70], [19, 2], [1027, 3], [5, 1040]] as const;
    for (const [width, height] of sizes) {
      const picture = drawPicture(width, height, "any size");
      const file = await encodeImage(loaded, picture, { quality: 95 });
      const { medium, high, highIs, header } = await decodeImage(
        loaded,
        file,
        { size: "both" },
      );
      const { thumbnail } = await decodeImage(loaded, file, {
        size: "thumbnail",
      });
      const scaled = (by: number) => [
        Math.ceil(width / by),
        Math.ceil(height / by),
      ];
      const sizeOf = (image?: DecodedImage["high"]) => [
        image!.width,
        image!.height,
      ];
      assertEquals(sizeOf(high), [width, height]);
      assertEquals(sizeOf(medium), scaled(2));
      assertEquals(sizeOf(thumbnail), scaled(32));
      assertEquals([highIs, header.width], ["complete", width]);
      assertGreater(psnr(high!.data, picture.data), 20);
    }
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("prefixes of the file are the smaller images, byte for byte", async () => {
  await withTinyModel(async (loaded) => {
    for (const [width, height] of [[45, 31], [1030, 6]] as const) {
      const picture = drawPicture(width, height, "prefix");
      const file = await encodeImage(loaded, picture, { quality: 70 });
      const { medium, header } = await decodeImage(loaded, file, {
        size: "both",
      });
      const { thumbnail } = await decodeImage(loaded, file, {
        size: "thumbnail",
      });
      const { thumbnailBytes, mediumBytes, fileBytes } = header;
      const decodeCut = async (
        length: number,
        size: "thumbnail" | "medium" | "high" | "both",
      ) => {
        const cut = file.subarray(0, length);
        const { header: _, ...found } = await decodeImage(loaded, cut, {
          size,
        });
        return found;
      };
      for (const length of [mediumBytes, fileBytes - 1]) {
        for (const size of ["medium", "high", "both"] as const) {
          const found = await decodeCut(length, size);
          assertEquals(found, { highIs: "cut", medium: medium! });
        }
      }
      for (const length of [thumbnailBytes, mediumBytes - 1]) {
        for (const size of ["thumbnail", "medium", "high"] as const) {
          const found = await decodeCut(length, size);
          assertEquals(found, { highIs: "cut", thumbnail: thumbnail! });
        }
      }
    }
  });
});

Deno.test("only the images that are wanted are made", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(24, 24, "wanted");
    const file = await encodeImage(loaded, picture, { quality: 70 });
    const both = await decodeImage(loaded, file, { size: "both" });
    assertEquals(both.thumbnail, undefined);
    const high = await decodeImage(loaded, file);
    assertEquals([high.medium, high.high], [undefined, both.high]);
    const medium = await decodeImage(loaded, file, { size: "medium" });
    assertEquals([medium.medium, medium.high], [both.medium, undefined]);
  });
});

async function assertRefused(
  loaded: LoadedModel,
  bytes: Uint8Array,
  code: CodecErrorCode,
): Promise<void> {
  const error = await assertRejects(
    () => decodeImage(loaded, bytes),
    CodecError,
  );
  assertEquals(error.code, code, error.message);
}

/** A file whose checksums are right, whatever its layers are. */
function seal(
  { model: { id: model } }: LoadedModel,
  { width, height }: { readonly width: number; readonly height: number },
  layers: readonly Uint8Array[],
): Uint8Array {
  return writeContainer({
    ...{ model, width, height, quality: 60, coarseness: 1, effort: 0 },
    layers: layers as [Uint8Array, Uint8Array, Uint8Array],
  });
}

Deno.test("files of another model are refused", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(8, 8, "model");
    const file = await encodeImage(loaded, picture);
    const { header, layers } = readContainer(file);
    const model = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const other = writeContainer({
      ...{ ...header, model },
      layers: layers as [Uint8Array, Uint8Array, Uint8Array],
    });
    await assertRefused(loaded, other, "wrong model");
  });
});

Deno.test("a layer that is none leaves the next smaller image", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(20, 20, "second");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const [start, first, second] = readContainer(file).layers;
    const { medium } = await decodeImage(loaded, file, { size: "both" });
    const { thumbnail } = await decodeImage(loaded, file, {
      size: "thumbnail",
    });
    const broken = (layer: Uint8Array) => [
      new Uint8Array(0),
      layer.subarray(1),
      start!,
      Uint8Array.of(...layer, 0),
    ];
    for (const layer of broken(second!)) {
      const sealed = seal(loaded, picture, [start!, first!, layer]);
      const { header: _, ...found } = await decodeImage(loaded, sealed);
      assertEquals(found, { highIs: "damaged", medium: medium! });
    }
    for (const layer of broken(first!)) {
      const sealed = seal(loaded, picture, [start!, layer, second!]);
      const { header: _, ...found } = await decodeImage(loaded, sealed);
      assertEquals(found, { highIs: "damaged", thumbnail: thumbnail! });
    }
    const none = seal(loaded, picture, [start!.subarray(1), first!, second!]);
    await assertRefused(loaded, none, "damaged");
  });
});

Deno.test("a file that claims to be huge is refused at its first tile", async () => {
  await withTinyModel(async (loaded) => {
    const started = performance.now();
    const size = { width: 65535, height: 65535 };
    const tiles = 64 * 64;
    const none = new Uint8Array(tiles); // tiles of no bytes
    const empty = new Uint8Array(0);
    const most = joinStreams(Array(tiles).fill(new Uint8Array(500).fill(255)));
    const before = Deno.memoryUsage().rss;
    for (const layer of [none, empty, most]) {
      const file = seal(loaded, size, [layer, none, none]);
      await assertRefused(loaded, file, "damaged");
    }
    // An image of this size would take 12.9 GB.
    assertLess(Deno.memoryUsage().rss - before, 500e6);
    assertLess(performance.now() - started, 60_000);
  });
});

/** What comes of any bytes: an image or a typed error. */
async function decodeAny(
  loaded: LoadedModel,
  bytes: Uint8Array,
): Promise<DecodedImage | CodecError> {
  try {
    return await decodeImage(loaded, bytes, { size: "both" });
  } catch (error) {
    assertInstanceOf(error, CodecError);
    return error;
  }
}

Deno.test("broken files give an error or a right image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(20, 12, "mutations");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const whole = {
      ...await decodeImage(loaded, file, { size: "thumbnail" }),
      ...await decodeImage(loaded, file, { size: "both" }),
    };
    const random = seededRandom("broken files");
    let images = 0;
    for (let i = 0; i < BROKEN_FILES; i++) {
      const found = await decodeAny(loaded, mutate(file, random));
      if (found instanceof CodecError) continue;
      images++;
      const { header: _, highIs: __, ...made } = found;
      for (const [size, image] of Object.entries(made)) {
        assertEquals(image, whole[size as keyof typeof made]);
      }
    }
    assertGreater(images, BROKEN_FILES / 20);
    assertLess(images, 0.9 * BROKEN_FILES);
    assertEquals(tf.memory().numTensors, before);
  });
});

/** Mutates bytes until they are others: some mutations change nothing. */
function change(bytes: Uint8Array, random: () => number): Uint8Array {
  let changed = bytes;
  while (changed.join() === bytes.join()) changed = mutate(bytes, random);
  return changed;
}

Deno.test("broken streams under right checksums give an error or an image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(20, 12, "streams");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const { layers } = readContainer(file);
    const random = seededRandom("broken streams");
    const count = Math.ceil(BROKEN_FILES / 3);
    const found = { thumbnail: 0, medium: 0, high: 0, none: 0 };
    for (let i = 0; i < count; i++) {
      const broken = layers.map((layer, at) =>
        at === i % 3 ? change(layer, random) : layer
      );
      const images = await decodeAny(loaded, seal(loaded, picture, broken));
      if (images instanceof CodecError) found.none++;
      else if (images.high !== undefined) found.high++;
      else found[images.medium === undefined ? "thumbnail" : "medium"]++;
    }
    // A third each; few changes are no damage.
    for (const size of ["none", "thumbnail", "medium"] as const) {
      assertGreater(found[size], 0.2 * count);
    }
    assertLess(found.high, 0.1 * count);
    assertEquals(tf.memory().numTensors, before);
  });
});

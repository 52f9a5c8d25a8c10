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
  assert,
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertLess,
  assertRejects,
} from "@std/assert";
import { mutate } from "../_mutate.ts";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("photos of any size come back in both sizes", async () => {
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
      assertEquals([high!.width, high!.height], [width, height]);
      assertEquals(
        [medium!.width, medium!.height],
        [Math.ceil(width / 2), Math.ceil(height / 2)],
      );
      assertEquals([highIs, header.width], ["complete", width]);
      assertGreater(psnr(high!.data, picture.data), 20);
    }
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a prefix of the file is the medium image, byte for byte", async () => {
  await withTinyModel(async (loaded) => {
    for (const [width, height] of [[45, 31], [1030, 6]] as const) {
      const picture = drawPicture(width, height, "prefix");
      const file = await encodeImage(loaded, picture, { quality: 70 });
      const whole = await decodeImage(loaded, file, { size: "both" });
      const { mediumBytes, fileBytes } = whole.header;
      const { medium } = whole;
      for (const length of [mediumBytes, mediumBytes + 3, fileBytes - 1]) {
        for (const size of ["medium", "high", "both"] as const) {
          const cut = await decodeImage(
            loaded,
            file.subarray(0, length),
            { size },
          );
          assertEquals([cut.highIs, cut.high], ["cut", undefined]);
          assertEquals(cut.medium, medium);
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

Deno.test("files of another model or of one layer are refused", async () => {
  await withTinyModel(async (loaded) => {
    const model = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const empty = new Uint8Array(0);
    const size = { width: 1, height: 1, quality: 1 };
    const layers = [empty, empty] as const;
    await assertRefused(
      loaded,
      writeContainer({ ...size, model, layers }),
      "wrong model",
    );
    const single = writeContainer({
      ...size,
      model: loaded.model.id,
      layers: [empty],
    });
    await assertRefused(loaded, single, "damaged");
  });
});

/** A file whose checksums are right, whatever its layers are. */
function seal(
  loaded: LoadedModel,
  size: { width: number; height: number },
  first: Uint8Array,
  second: Uint8Array,
): Uint8Array {
  return writeContainer({
    model: loaded.model.id,
    ...size,
    quality: 60,
    layers: [first, second],
  });
}

Deno.test("a second layer that is none leaves the medium image", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(20, 20, "second");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const { first, second } = readContainer(file);
    const { medium } = await decodeImage(loaded, file, { size: "both" });
    const broken = [
      new Uint8Array(0),
      second!.subarray(1),
      first,
      Uint8Array.of(...second!, 0),
    ];
    for (const layer of broken) {
      const sealed = seal(loaded, picture, first, layer);
      const found = await decodeImage(loaded, sealed);
      assertEquals([found.highIs, found.high], ["damaged", undefined]);
      assertEquals(found.medium, medium);
    }
    await assertRefused(
      loaded,
      seal(loaded, picture, first.subarray(1), second!),
      "damaged",
    );
  });
});

Deno.test("a file that claims to be huge is refused at its first tile", async () => {
  await withTinyModel(async (loaded) => {
    const started = performance.now();
    const size = { width: 65535, height: 65535 };
    const tiles = 64 * 64;
    const none = new Uint8Array(tiles); // tiles of no bytes
    await assertRefused(loaded, seal(loaded, size, none, none), "damaged");
    const empty = new Uint8Array(0);
    await assertRefused(loaded, seal(loaded, size, empty, none), "damaged");
    const most = joinStreams(Array(tiles).fill(new Uint8Array(500).fill(255)));
    await assertRefused(loaded, seal(loaded, size, most, most), "damaged");
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

Deno.test("10,000 broken files give an error or the right image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(20, 12, "mutations");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const whole = await decodeImage(loaded, file, { size: "both" });
    const random = seededRandom("broken files");
    let images = 0, checked = 0;
    for (let i = 0; i < 10_000; i++) {
      const bytes = mutate(file, random);
      const isWhole = bytes.length === file.length &&
        bytes.every((byte, at) => byte === file[at]);
      let kept: ReturnType<typeof readContainer> | undefined;
      try {
        kept = readContainer(bytes, { model: loaded.model.id });
      } catch (error) {
        assertInstanceOf(error, CodecError);
      }
      if (kept !== undefined) images++;
      // Many images are alike; of those that are whole one is enough.
      if (kept !== undefined && (isWhole || ++checked > 40)) continue;
      const found = await decodeAny(loaded, bytes);
      assertEquals(found instanceof CodecError, kept === undefined);
      if (found instanceof CodecError) continue;
      assertEquals(found.medium, whole.medium);
      assertEquals(found.high, undefined);
    }
    assert(images > 40 && images < 8000, String(images));
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("broken streams under right checksums give an error or an image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(20, 12, "streams");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    const { first, second } = readContainer(file);
    const random = seededRandom("broken streams");
    let refused = 0;
    for (let i = 0; i < 120; i++) {
      const isFirst = i % 2 === 0;
      const layers = isFirst
        ? [mutate(first, random), second!] as const
        : [first, mutate(second!, random)] as const;
      const found = await decodeAny(loaded, seal(loaded, picture, ...layers));
      if (found instanceof CodecError) {
        refused++;
        continue;
      }
      assertEquals(found.medium!.data.length, 10 * 6 * 3);
    }
    // Those of the first layer; few mutations change nothing.
    assert(refused > 45 && refused <= 60, String(refused));
    assertEquals(tf.memory().numTensors, before);
  });
});

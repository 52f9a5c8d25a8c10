/** Clips through the codec and back. */
import {
  type ClipReader,
  decodeGroup,
  requireModel,
} from "@/codec/decode/decode_clip.ts";
import { decodeImage } from "@/codec/decode/decode_image.ts";
import {
  decodeLayers,
  type LayersToDecode,
} from "@/codec/decode/decode_layers.ts";
import { encodeFrame } from "@/codec/encode/encode_layers.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { encodeClip } from "@/codec/encode/encode_clip.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import {
  clipStartBytes,
  parseClipHeader,
  type ParsedClip,
} from "@/codec/format/clip_header.ts";
import {
  type FrameLayers,
  readGroup,
  writeGroup,
} from "@/codec/format/clip_group.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import type { Pixels } from "@/images/pixels.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  drawPicture,
  withTinyClipModel,
  withTinyModel,
} from "../_tiny_model.ts";
import { mutate } from "../_mutate.ts";

/** Five frames, of which the second repeats the first. */
const frames = ["a", "a", "b", "c", "d"]
  .map((key) => drawPicture(70, 35, `frame ${key}`));

async function encodeFrames(
  loaded: LoadedModel,
  pictures: readonly Pixels[] = frames,
): Promise<{ clip: ParsedClip; bytes: Uint8Array; read: ClipReader }> {
  const start = {
    model: loaded.model.id,
    ...{ width: pictures[0]!.width, height: pictures[0]!.height },
    clipModel: loaded.clip?.model.id ?? new Uint8Array(8),
    ...{ quality: 60, coarseness: 1, rate: 25, seconds: 1 },
  };
  const bytes = await encodeClip(loaded, pictures, start, { groupFrames: 3 });
  const read = (from: number, to: number) => bytes.subarray(from, to);
  return { clip: parseClipHeader(bytes), bytes, read };
}

const decoded = (
  loaded: LoadedModel,
  clip: ParsedClip,
  index: number,
  read: ClipReader,
  size: "medium" | "high" = "high",
) => Array.fromAsync(decodeGroup(loaded, clip, index, read, { size }));

Deno.test("first frames are decoded as photos of their quality, at both sizes", async () => {
  const before = tf.memory().numTensors;
  await withTinyModel(async (loaded) => {
    const { clip, bytes, read } = await encodeFrames(loaded);
    assertEquals(clip.fileBytes, bytes.length);
    for (const size of ["medium", "high"] as const) {
      const images = [
        ...await decoded(loaded, clip, 0, read, size),
        ...await decoded(loaded, clip, 1, read, size),
      ];
      assertEquals(images.length, 5);
      for (const i of [0, 1, 3]) {
        const frame = frames[i]!;
        const file = await encodeImage(loaded, frame, { quality: 60 });
        const photo = await decodeImage(loaded, file, { size });
        assertEquals(images[i], photo[size]);
      }
    }
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("medium frames need the first part of their group alone", async () => {
  await withTinyModel(async (loaded) => {
    const { clip, read } = await encodeFrames(loaded);
    const { start, mediumEnd, end } = clip.places[1]!;
    const asked: number[][] = [];
    await decoded(loaded, clip, 1, (from, to) => {
      asked.push([from, to]);
      return read(from, to);
    }, "medium");
    assertEquals(asked, [[start, mediumEnd]]);
    assertLess(mediumEnd, end);
  });
});

Deno.test("a frame that repeats the one before takes no bytes", async () => {
  await withTinyModel(async (loaded) => {
    const [first, , third] = frames;
    const repeated = await encodeFrames(loaded, [first!, first!, third!]);
    const alone = await encodeFrames(loaded, [first!, third!]);
    const [one] = repeated.clip.groups, [other] = alone.clip.groups;
    assertEquals(one, other);
  });
});

Deno.test("damage costs its group only, and a cut clip its end", async () => {
  await withTinyModel(async (loaded) => {
    const { clip, bytes, read } = await encodeFrames(loaded);
    const [first, second] = clip.places;
    const broken = bytes.slice();
    broken[first!.start + 5]! ^= 1;
    broken[second!.mediumEnd + 1]! ^= 1;
    const readBroken: ClipReader = (from, to) => broken.subarray(from, to);
    const whole = await decoded(loaded, clip, 1, read, "medium");
    // Its high frames are damaged, its medium ones are not.
    assertEquals(await decoded(loaded, clip, 1, readBroken, "medium"), whole);
    for (const index of [0, 1]) {
      await assertRejects(
        () => decoded(loaded, clip, index, readBroken),
        CodecError,
        `group ${index}`,
      );
    }
    const cut: ClipReader = (from, to) =>
      bytes.subarray(from, Math.min(to, second!.end - 1));
    assertEquals((await decoded(loaded, clip, 0, cut)).length, 3);
    await assertRejects(
      () => decoded(loaded, clip, 1, cut),
      CodecError,
      "ends inside group 1",
    );
  });
});

/** A picture that moves to the left over a still ground. */
const moving = [0, 3, 6, 6].map((x, i): Pixels => {
  const ground = drawPicture(200, 140, "ground");
  const front = drawPicture(64, 64, "front");
  const data = ground.data.slice();
  for (let row = 0; row < 64; row++) {
    const from = front.data.subarray(row * 192, row * 192 + 192);
    data.set(from, ((row + 40) * 200 + 70 - x) * 3);
  }
  // A little noise, so that no frame repeats another.
  data[i] = data[i]! ^ 1;
  return { width: 200, height: 140, data };
});

for (
  const [name, withModel] of [
    ["copied", withTinyModel],
    ["predicted", withTinyClipModel],
  ] as const
) {
  Deno.test(`frames that are ${name} leave the same to the decoder as to the encoder`, async () => {
    const before = tf.memory().numTensors;
    await withModel(async (loaded) => {
      const leaves = loaded.clip === undefined ? "blocks" : "planes";
      const options = {
        quality: 40,
        coarseness: 1,
        rateWeight: 0.8,
        leaves,
      } as const;
      let [encoder, high, medium]: (readonly TileState[] | undefined)[] = [];
      for (const frame of moving) {
        const { layers, left } = await encodeFrame(loaded, frame, {
          ...options,
          before: encoder,
        });
        encoder = left;
        const source = { ...frame, ...options, layers };
        const whole = await decodeLayers(loaded, { ...source, before: high }, {
          ...{ high: true, leaves },
        });
        high = whole.left!;
        const small: LayersToDecode = {
          ...source,
          layers: layers.slice(0, 2),
          before: medium,
        };
        medium = (await decodeLayers(loaded, small, {
          ...{ medium: true, leaves },
        })).left!;
        for (const [i, tile] of left.entries()) {
          assertEquals(high[i]!.high, tile.high);
          assertEquals(high[i]!.hyper, tile.hyper);
          assertEquals(high[i]!.plain, tile.plain);
          assertEquals(high[i]!.planes, tile.planes);
          // The prefix gives the same medium frame.
          assertEquals(high[i]!.medium, tile.medium);
          assertEquals(medium[i]!.medium, tile.medium);
          assertEquals(medium[i]!.planes?.medium, tile.planes?.medium);
        }
      }
    });
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("what stays as it is takes few bytes, by either model", async () => {
  for (const withModel of [withTinyModel, withTinyClipModel]) {
    await withModel(async (loaded) => {
      const { clip, read } = await encodeFrames(loaded, moving.slice(0, 3));
      const alone = await encodeFrames(loaded, [moving[0]!]);
      assertLess(clip.fileBytes, 0.8 * 3 * alone.clip.fileBytes);
      const images = await decoded(loaded, clip, 0, read);
      assertEquals(images.length, 3);
    });
  }
});

Deno.test("a clip of another clip model, or without one, is refused", async () => {
  await withTinyClipModel(async (loaded) => {
    const { clip } = await encodeFrames(loaded, moving.slice(0, 1));
    requireModel(loaded, clip);
    const { clip: own, ...without } = loaded;
    assertThrows(
      () => requireModel(without, clip),
      CodecError,
      "there is none",
    );
    const id = new Uint8Array(8).fill(7);
    const other = {
      ...loaded,
      clip: { ...own!, model: { ...own!.model, id } },
    };
    assertThrows(
      () => requireModel(other, clip),
      CodecError,
      "clip model 0707070707070707",
    );
    await Promise.resolve();
  });
});

Deno.test("frames with a broken layer give an error of the codec, or frames", async () => {
  await withTinyClipModel(async (loaded) => {
    const { clip, read } = await encodeFrames(loaded, moving.slice(0, 3));
    const { start, mediumEnd, end, frames } = clip.places[0]!;
    const identity = { clip: clipStartBytes(clip), index: 0 };
    const group = readGroup(
      ...[identity, frames, await read(start, mediumEnd)] as const,
      await read(mediumEnd, end),
    );
    let refused = 0;
    for (let i = 0; i < 12; i++) {
      const random = seededRandom("broken layers", i);
      const layers = group.frames.map((own) => [...own!]);
      const frame = layers[1 + i % 2]!;
      frame[i % 3] = mutate(frame[i % 3]!, random);
      const [medium, rest] = writeGroup(
        identity,
        layers as unknown as FrameLayers[],
      );
      const place = {
        ...{ firstFrame: 0, frames, start: 0 },
        ...{ mediumEnd: medium.length, end: medium.length + rest.length },
      };
      const bytes = await new Blob([medium, rest]).bytes();
      const broken = { ...clip, places: [place] };
      try {
        const images = await decoded(
          ...[loaded, broken, 0] as const,
          (from, to) => bytes.subarray(from, to),
        );
        assertEquals(images.length, 3);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        refused++;
      }
    }
    assertLess(4, refused);
  });
});

Deno.test("memory does not grow with the frames of a clip", async () => {
  await withTinyClipModel(async (loaded) => {
    const pictures = Array.from({ length: 6 }, (_, i): Pixels => {
      const data = moving[i % 2]!.data.slice();
      data[i] = data[i]! ^ 3;
      return { ...moving[0]!, data };
    });
    const { clip, read } = await encodeFrames(loaded, pictures);
    const bytes = new Set<number>();
    for (const index of [0, 1]) {
      for await (const _ of decodeGroup(loaded, clip, index, read)) {
        bytes.add(tf.memory().numBytes);
      }
    }
    assertEquals(bytes.size, 1);
  });
});

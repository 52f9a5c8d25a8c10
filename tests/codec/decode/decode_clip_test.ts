/** Clips through the codec and back. */
import { type ClipReader, decodeGroup } from "@/codec/decode/decode_clip.ts";
import { decodeImage } from "@/codec/decode/decode_image.ts";
import { encodeGroups } from "@/codec/encode/encode_clip.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import {
  parseClipHeader,
  type ParsedClip,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import type { Pixels } from "@/images/pixels.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

/** Five frames, of which the second repeats the first. */
const frames = ["a", "a", "b", "c", "d"]
  .map((key) => drawPicture(70, 35, `frame ${key}`));

async function encodeFrames(
  loaded: LoadedModel,
  pictures: readonly Pixels[] = frames,
): Promise<{ clip: ParsedClip; bytes: Uint8Array; read: ClipReader }> {
  const start = {
    ...{ model: loaded.model.id, width: 70, height: 35 },
    ...{ quality: 60, coarseness: 1 },
  };
  const groups = await Array.fromAsync(
    encodeGroups(loaded, pictures, start, { groupFrames: 3 }),
  );
  const header = writeClipHeader({
    ...{ ...start, rate: 25, seconds: 1, groupFrames: 3 },
    frames: pictures.length,
    groups: groups.map(({ medium, rest }) => ({
      medium: medium.length,
      rest: rest.length,
    })),
  });
  const parts = groups.flatMap(({ medium, rest }) => [medium, rest]);
  const bytes = await new Blob([header, ...parts]).bytes();
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

Deno.test("frames are decoded as photos of their quality, at both sizes", async () => {
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
      for (const [i, frame] of frames.entries()) {
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

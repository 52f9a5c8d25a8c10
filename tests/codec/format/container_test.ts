import { CodecError, type CodecErrorCode } from "@/codec/format/codec_error.ts";
import {
  type ContainerContent,
  readContainer,
  writeContainer,
} from "@/codec/format/container.ts";
import {
  MAX_HEADER_BYTES,
  parseHeader,
  writeHeader,
} from "@/codec/format/header.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";

const content: ContainerContent = {
  model: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  width: 768,
  height: 512,
  quality: 38,
  coarseness: 2,
  effort: 10,
  layers: [
    new Uint8Array(300).fill(1),
    new Uint8Array(0),
    new Uint8Array(900).fill(3),
  ],
};

function assertRefused(bytes: Uint8Array, code: CodecErrorCode): void {
  const error = assertThrows(() => readContainer(bytes), CodecError);
  assertEquals(error.code, code);
}

Deno.test("a file of three layers gives all of its fields back", () => {
  const file = writeContainer(content);
  const { header, layers, restIs } = readContainer(file, content.model);
  const { headerBytes, thumbnailBytes, mediumBytes, fileBytes, ...fields } =
    header;
  const { layers: written, ...rest } = content;
  assertEquals(fields, { ...rest, layerBytes: [300, 0, 900] });
  assertEquals(layers, [...written]);
  assertEquals(restIs, "complete");
  assertEquals(
    [thumbnailBytes, mediumBytes, fileBytes],
    [headerBytes + 304, headerBytes + 308, file.length],
  );
});

Deno.test("the longest and the shortest header have their stated lengths", () => {
  const write = (side: number, bytes: number) =>
    writeHeader({
      ...content,
      width: side,
      height: side,
      layerBytes: [bytes, bytes, bytes],
    });
  assertEquals(write(65535, 2 ** 28 - 1).length, MAX_HEADER_BYTES);
  assertEquals(write(1, 0).length, 24);
});

Deno.test("every prefix has the layers that it holds in full", () => {
  const file = writeContainer(content);
  const { thumbnailBytes, mediumBytes } = parseHeader(file);
  for (let length = 0; length < file.length; length++) {
    const prefix = file.subarray(0, length);
    if (length < thumbnailBytes) {
      const isFirstByte = length > 0;
      assertRefused(prefix, "truncated");
      assert(isFirstByte || length === 0);
      continue;
    }
    const { layers, restIs } = readContainer(prefix);
    assertEquals(layers.length, length < mediumBytes ? 1 : 2);
    assertEquals(restIs, "cut");
  }
});

Deno.test("a damaged byte costs the layer that it is in, and those after it", () => {
  const file = writeContainer(content);
  const { headerBytes, thumbnailBytes, mediumBytes } = parseHeader(file);
  const random = seededRandom("layers");
  for (let at = 0; at < file.length; at++) {
    const damaged = file.slice();
    damaged[at]! ^= 1 + Math.floor(255 * random());
    if (at < thumbnailBytes) {
      const error = assertThrows(() => readContainer(damaged), CodecError);
      if (at >= headerBytes) assertEquals(error.code, "damaged");
      continue;
    }
    const { layers, restIs } = readContainer(damaged);
    assertEquals(layers.length, at < mediumBytes ? 1 : 2);
    assertEquals(restIs, "damaged");
  }
});

Deno.test("files of other models, versions and lengths are refused", () => {
  const file = writeContainer(content);
  const other = assertThrows(
    () => readContainer(file, new Uint8Array(8)),
    CodecError,
  );
  assertEquals(other.code, "wrong model");
  assertRefused(Uint8Array.from([...file, 0]), "damaged");
  assertRefused(
    Uint8Array.of(...file.subarray(0, 4), 1, 50),
    "unsupported version",
  );
  assertRefused(Uint8Array.of(0xff, 0xd8, 0xff), "not a onecode file");
});

Deno.test("what cannot be written is refused with its value", () => {
  for (
    const [change, message] of [
      [{ quality: 0 }, "quality must be a whole number in 1..100, got 0."],
      [{ coarseness: 4 }, "coarseness must be a whole number in 0..3, got 4."],
      [{ effort: 11 }, "effort must be a whole number in 0..10, got 11."],
      [{ width: 0 }, "width must be a whole number from 1, got 0."],
      [{ model: new Uint8Array(7) }, "model.length must be 8, got 7."],
    ] as const
  ) {
    assertThrows(
      () => writeContainer({ ...content, ...change }),
      RangeError,
      message,
    );
  }
  const large = assertThrows(
    () => writeContainer({ ...content, width: 65536 }),
    CodecError,
  );
  assertEquals(large.code, "too large");
});

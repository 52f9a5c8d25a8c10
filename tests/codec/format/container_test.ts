import {
  CodecError,
  type CodecErrorCode,
  type Container,
  readContainer,
  writeContainer,
} from "@/codec/mod.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertThrows,
} from "@std/assert";
import {
  anyHeader,
  layeredFile,
  MODEL,
  randomBytes,
  splice,
} from "../_files.ts";
import { mutate } from "../_mutate.ts";

function assertRefused(bytes: Uint8Array, code: CodecErrorCode): void {
  const error = assertThrows(() => readContainer(bytes), CodecError);
  assertEquals(error.code, code, error.message);
}

/** Reads what must not pass for whole: an error, or what is left. */
function readBroken(bytes: Uint8Array): CodecError | Container {
  try {
    return readContainer(bytes);
  } catch (error) {
    assertInstanceOf(error, CodecError);
    return error;
  }
}

Deno.test("files give all of their fields and layers back", () => {
  const random = seededRandom("files");
  for (let i = 0; i < 200; i++) {
    const content = {
      model: randomBytes(`model ${i}`, 8),
      width: randomInteger(random, 1, 65535),
      height: randomInteger(random, 1, 65535),
      quality: randomInteger(random, 1, 100),
      coarseness: randomInteger(random, 0, 3),
      effort: randomInteger(random, 0, 10),
    };
    const layer = (name: string, most: number) =>
      randomBytes(`${name} ${i}`, randomInteger(random, 0, most));
    const layers = [
      layer("start", 100),
      layer("first", 20000),
      layer("second", 300),
    ] as const;
    const file = writeContainer({ ...content, layers });
    const read = readContainer(file, content.model);
    const { header } = read;
    const { headerBytes, thumbnailBytes, mediumBytes, fileBytes } = header;
    const layerBytes = layers.map(({ length }) => length);
    assertEquals(header, {
      ...content,
      layerBytes: layerBytes as [number, number, number],
      ...{ headerBytes, thumbnailBytes, mediumBytes, fileBytes },
    });
    assertEquals(read.layers, [...layers]);
    assertEquals(read.restIs, "complete");
    assertEquals([thumbnailBytes, mediumBytes, fileBytes], [
      headerBytes + layerBytes[0]! + 4,
      headerBytes + layerBytes[0]! + layerBytes[1]! + 8,
      file.length,
    ]);
  }
});

Deno.test("a photo of one pixel takes 36 bytes and its streams", () => {
  const empty = new Uint8Array(0);
  const file = writeContainer({
    ...{ model: MODEL, width: 1, height: 1 },
    ...{ quality: 1, coarseness: 0, effort: 0 },
    layers: [empty, empty, empty],
  });
  assertEquals(file.length, 36);
  assertEquals(readContainer(file).header.headerBytes, 24);
});

Deno.test("a changed byte costs the layer that it is in, and those after it", () => {
  const file = layeredFile();
  const { thumbnailBytes, mediumBytes } = readContainer(file).header;
  for (let i = 0; i < file.length; i++) {
    for (const change of [1, 128, 255, 1 + i % 254]) {
      const changed = file.slice();
      changed[i]! ^= change;
      const read = readBroken(changed);
      assertEquals(read instanceof CodecError, i < thumbnailBytes);
      if (read instanceof CodecError) continue;
      assertEquals(read.restIs, "damaged");
      assertEquals(read.layers.length, i < mediumBytes ? 1 : 2);
    }
  }
});

Deno.test("a file that is cut gives the layers that it holds in full, or an error", () => {
  const file = layeredFile();
  const { layers, header: { thumbnailBytes, mediumBytes } } = readContainer(
    file,
  );
  for (let length = 0; length < thumbnailBytes; length++) {
    assertRefused(file.subarray(0, length), "truncated");
  }
  for (let length = thumbnailBytes; length < file.length; length++) {
    const read = readContainer(file.subarray(0, length));
    assertEquals(read.layers, layers.slice(0, length < mediumBytes ? 1 : 2));
    assertEquals(read.restIs, "cut");
  }
});

Deno.test("bytes after the end are refused", () => {
  const file = layeredFile();
  assertRefused(Uint8Array.of(...file, 0), "damaged");
  assertRefused(Uint8Array.of(...file, ...file), "damaged");
});

Deno.test("a layer under another file's header shows", () => {
  const file = layeredFile();
  const { header, layers } = readContainer(file);
  const others = [
    { width: 427, height: 640 },
    { quality: 61 },
    { coarseness: 2 },
    { model: randomBytes("other model", 8) },
  ];
  for (const other of others) {
    const head = writeContainer({
      ...{ ...header, ...other },
      layers: layers as [Uint8Array, Uint8Array, Uint8Array],
    });
    assertRefused(splice(head, file), "damaged");
  }
});

Deno.test("layers from another file show", () => {
  const file = layeredFile();
  const { thumbnailBytes, mediumBytes } = readContainer(file).header;
  const read = (end: number, ...layers: Parameters<typeof layeredFile>) => {
    const other = layeredFile(...layers);
    const spliced = [...file.subarray(0, end), ...other.subarray(end)];
    const { restIs, layers: { length } } = readContainer(
      Uint8Array.from(spliced),
    );
    return [restIs, length];
  };
  const bytes = (length: number) => randomBytes("other", length);
  assertEquals(read(mediumBytes, bytes(150)), ["damaged", 2]);
  const other = [undefined, undefined, bytes(40)] as const;
  assertEquals(read(thumbnailBytes, ...other), ["damaged", 1]);
});

Deno.test("a file of another model is refused with both ids", () => {
  const error = assertThrows(
    () => readContainer(layeredFile(), new Uint8Array(8)),
    CodecError,
  );
  assertEquals(error.code, "wrong model");
  assert(error.message.includes("9a010203040506ff"), error.message);
  assert(error.message.includes("0000000000000000"), error.message);
});

Deno.test("sizes and lengths that cannot be are refused before use", () => {
  for (const side of [65536, 2 ** 31, 2 ** 35 - 1]) {
    assertRefused(anyHeader(50, [side, 1, 0, 0, 0]), "too large");
    assertRefused(anyHeader(50, [1, side, 0, 0, 0]), "too large");
  }
  for (const bytes of [2 ** 28, 2 ** 31, 2 ** 32, 2 ** 35 - 1]) {
    for (const layer of [0, 1, 2]) {
      const lengths = [0, 0, 0];
      lengths[layer] = bytes;
      assertRefused(anyHeader(50, [1, 1, ...lengths]), "too large");
    }
  }
  // Within the limits, but past the end.
  const most = 2 ** 28 - 1;
  assertRefused(anyHeader(50, [1, 1, 1, 0, 0]), "truncated");
  assertRefused(anyHeader(50, [65535, 65535, most, most, most]), "truncated");
});

Deno.test("random changes of files never pass for whole", () => {
  const random = seededRandom("mutations");
  const file = layeredFile();
  const whole = readContainer(file);
  let kept = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = mutate(file, random);
    const read = readBroken(bytes);
    if (read instanceof CodecError) continue;
    // Nothing but later layers may be missing.
    kept++;
    assertEquals(read.header, whole.header);
    assertEquals(read.layers, whole.layers.slice(0, read.layers.length));
    if (read.restIs === "complete") assertEquals(bytes, file);
  }
  assert(kept > 0 && kept < 19_000, String(kept));
});

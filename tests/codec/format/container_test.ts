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
  singleFile,
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

Deno.test("files of one and of two layers come back", () => {
  const random = seededRandom("files");
  for (let i = 0; i < 200; i++) {
    const content = {
      model: randomBytes(`model ${i}`, 8),
      width: randomInteger(random, 1, 65535),
      height: randomInteger(random, 1, 65535),
      quality: randomInteger(random, 1, 100),
    };
    const first = randomBytes(`first ${i}`, randomInteger(random, 0, 20000));
    const second = randomBytes(`second ${i}`, randomInteger(random, 0, 300));
    const layered = i % 3 > 0;
    const file = writeContainer({
      ...content,
      layers: layered ? [first, second] : [first],
    });
    const read = readContainer(file, { model: content.model });
    const { model, width, height, quality } = read.header;
    assertEquals({ model, width, height, quality }, content);
    assertEquals(read.first, first);
    assertEquals(read.second, layered ? second : undefined);
    assertEquals(read.highIs, "complete");
    assertEquals(read.header.fileBytes, file.length);
  }
});

Deno.test("a photo of one pixel takes 30 bytes and its streams", () => {
  const file = writeContainer({
    model: MODEL,
    width: 1,
    height: 1,
    quality: 1,
    layers: [new Uint8Array(0), new Uint8Array(0)],
  });
  assertEquals(file.length, 30);
  assertEquals(readContainer(file).header.headerBytes, 22);
});

Deno.test("every byte that is changed shows", () => {
  for (const file of [layeredFile(), singleFile()]) {
    const { mediumBytes } = readContainer(file).header;
    for (let i = 0; i < file.length; i++) {
      for (const change of [1, 128, 255, 1 + i % 254]) {
        const changed = file.slice();
        changed[i]! ^= change;
        const read = readBroken(changed);
        assertEquals(read instanceof CodecError, i < mediumBytes);
        if (read instanceof CodecError) continue;
        assertEquals(read.highIs, "damaged");
        assertEquals(read.second, undefined);
      }
    }
  }
});

Deno.test("a file that is cut gives its first layer or an error", () => {
  const file = layeredFile();
  const { first, header: { mediumBytes } } = readContainer(file);
  for (let length = 0; length < mediumBytes; length++) {
    assertRefused(file.subarray(0, length), "truncated");
  }
  for (let length = mediumBytes; length < file.length; length++) {
    const read = readContainer(file.subarray(0, length));
    assertEquals(read.first, first);
    assertEquals(read.second, undefined);
    assertEquals(read.highIs, "cut");
  }
  const single = singleFile();
  for (let length = 0; length < single.length; length++) {
    assertRefused(single.subarray(0, length), "truncated");
  }
});

Deno.test("bytes after the end are refused", () => {
  for (const file of [layeredFile(), singleFile()]) {
    assertRefused(Uint8Array.of(...file, 0), "damaged");
    assertRefused(Uint8Array.of(...file, ...file), "damaged");
  }
});

Deno.test("a layer under another file's header shows", () => {
  const file = layeredFile();
  const layers = [randomBytes("first", 150), randomBytes("second", 190)];
  const others = [
    { width: 427, height: 640 },
    { quality: 61 },
    { model: randomBytes("other model", 8) },
  ];
  for (const other of others) {
    const head = writeContainer({
      ...{ model: MODEL, width: 640, height: 427, quality: 60 },
      ...other,
      layers: layers as [Uint8Array, Uint8Array],
    });
    assertRefused(splice(head, file), "damaged");
  }
  assertRefused(splice(singleFile(), file), "damaged");
  assertRefused(splice(file, singleFile()), "truncated");
});

Deno.test("a second layer from another file shows", () => {
  const file = layeredFile();
  const other = layeredFile(randomBytes("other", 150));
  const { mediumBytes } = readContainer(file).header;
  const spliced = Uint8Array.of(
    ...file.subarray(0, mediumBytes),
    ...other.subarray(mediumBytes),
  );
  assertEquals(readContainer(spliced).highIs, "damaged");
});

Deno.test("a file of another model is refused with both ids", () => {
  const error = assertThrows(
    () => readContainer(layeredFile(), { model: new Uint8Array(8) }),
    CodecError,
  );
  assertEquals(error.code, "wrong model");
  assert(error.message.includes("9a010203040506ff"), error.message);
  assert(error.message.includes("0000000000000000"), error.message);
});

Deno.test("sizes and lengths that cannot be are refused before use", () => {
  for (const side of [65536, 2 ** 31, 2 ** 35 - 1]) {
    assertRefused(anyHeader(50 + 128, [side, 1, 0, 0]), "too large");
    assertRefused(anyHeader(50, [1, side, 0]), "too large");
  }
  for (const bytes of [2 ** 28, 2 ** 31, 2 ** 32, 2 ** 35 - 1]) {
    assertRefused(anyHeader(50, [1, 1, bytes]), "too large");
    assertRefused(anyHeader(50 + 128, [1, 1, 0, bytes]), "too large");
  }
  // Within the limits, but past the end.
  assertRefused(anyHeader(50, [1, 1, 1]), "truncated");
  assertRefused(
    anyHeader(50 + 128, [65535, 65535, 2 ** 28 - 1, 0]),
    "truncated",
  );
});

Deno.test("random changes of files never pass for whole", () => {
  const random = seededRandom("mutations");
  const originals = [layeredFile(), singleFile()];
  const whole = originals.map((file) => readContainer(file));
  let kept = 0;
  for (let i = 0; i < 20_000; i++) {
    const which = i % 2;
    const bytes = mutate(originals[which]!, random);
    const read = readBroken(bytes);
    if (read instanceof CodecError) continue;
    // Nothing but the second layer may be missing.
    kept++;
    assertEquals(read.first, whole[which]!.first);
    assertEquals(read.header, whole[which]!.header);
    if (read.highIs === "complete") assertEquals(bytes, originals[which]);
  }
  assert(kept > 0 && kept < 15_000, String(kept));
});

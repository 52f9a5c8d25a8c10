import {
  type Header,
  MAX_HEADER_BYTES,
  parseHeader,
  writeHeader,
} from "@/codec/format/header.ts";
import { CodecError } from "@/codec/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { anyHeader, layeredFile, MODEL, sealHeader } from "../_files.ts";

const photo: Header = {
  ...{ model: MODEL, width: 640, height: 427 },
  ...{ quality: 60, coarseness: 3, effort: 2 },
  layerBytes: [40, 150, 190],
};

Deno.test("writeHeader() puts every byte where FORMAT.md says", () => {
  assertEquals(
    Array.from(writeHeader(photo).subarray(0, -4)),
    [
      ...[0xf1, 0x6f, 0x6e, 0x65, 5, 60, 3 + 4 * 2, ...MODEL],
      ...[0x80, 5, 0xab, 3, 40, 0x96, 1, 0xbe, 1],
    ],
  );
});

Deno.test("writeHeader() refuses what no file may hold", () => {
  const wrong: [Partial<Header>, string][] = [
    [{ model: new Uint8Array(7) }, "model.length must be 8, got 7."],
    [{ width: 0 }, "width must be a whole number from 1, got 0."],
    [{ height: 1.5 }, "height must be a whole number from 1, got 1.5."],
    [{ width: NaN }, "width must be a whole number from 1, got NaN."],
    [{ quality: 0 }, "quality must be a whole number in 1..100, got 0."],
    [{ quality: 101 }, "got 101"],
    [{ quality: 2.5 }, "got 2.5"],
    [{ coarseness: 4 }, "coarseness must be a whole number in 0..3, got 4."],
    [{ effort: 11 }, "effort must be a whole number in 0..10, got 11."],
  ];
  for (const [part, message] of wrong) {
    assertThrows(
      () => writeHeader({ ...photo, ...part }),
      RangeError,
      message,
    );
  }
  const large: Partial<Header>[] = [
    { width: 65536 },
    { layerBytes: [0, 2 ** 28, 0] },
  ];
  for (const part of large) {
    const error = assertThrows(
      () => writeHeader({ ...photo, ...part }),
      CodecError,
    );
    assertEquals(error.code, "too large");
  }
});

function messageOf(prefix: Uint8Array): string {
  const error = assertThrows(() => parseHeader(prefix), CodecError);
  return `${error.code}: ${error.message}`;
}

Deno.test("parseHeader() needs only the first bytes", () => {
  const file = layeredFile();
  const header = parseHeader(file);
  assertEquals(parseHeader(file.subarray(0, MAX_HEADER_BYTES)), header);
  assertEquals(parseHeader(file.subarray(0, header.headerBytes)), header);
  assertEquals(header, {
    ...{ model: MODEL, width: 640, height: 427 },
    ...{ quality: 60, coarseness: 1, effort: 0 },
    layerBytes: [40, 150, 190],
    ...{ headerBytes: 28, thumbnailBytes: 72, mediumBytes: 226 },
    fileBytes: 420,
  });
});

Deno.test("the longest and the shortest header have their stated lengths", () => {
  const write = (side: number, bytes: number) =>
    writeHeader({
      ...{ ...photo, quality: 100, effort: 10 },
      ...{ width: side, height: side, layerBytes: [bytes, bytes, bytes] },
    });
  const longest = write(65535, 2 ** 28 - 1);
  assertEquals(longest.length, MAX_HEADER_BYTES);
  assertEquals(parseHeader(longest).fileBytes, 37 + 3 * (2 ** 28 + 3));
  assertEquals(write(1, 0).length, 24);
});

/** A whole file of version 1. */
const VERSION_1 = Uint8Array.fromHex(
  "f16f6e6501cb01020304050607088005ab03010094e0b5aaaac647c913c647c913",
);

Deno.test("errors say what is wrong", () => {
  const file = layeredFile();
  const changed = (at: number, value: number) => {
    const bytes = file.slice();
    bytes[at] = value;
    return bytes;
  };
  assertEquals(messageOf(new Uint8Array(0)), "truncated: The file is empty.");
  assertEquals(
    messageOf(file.subarray(0, 3)),
    "truncated: The file ends inside its header, after 3 bytes.",
  );
  assertEquals(
    messageOf(new TextEncoder().encode("RIFF…")),
    "not a onecode file: A onecode file begins with f1 6f 6e 65, but this one " +
      "begins with 52 49 46 46.",
  );
  assertEquals(
    messageOf(Uint8Array.of(0xf1, 0x70)),
    "not a onecode file: A onecode file begins with f1 6f 6e 65, but this one " +
      "begins with f1 70.",
  );
  assertEquals(
    messageOf(VERSION_1),
    "unsupported version: The file has version 1 of the format, but only " +
      "version 5 can be read; FORMAT.md says how to read older files.",
  );
  assertEquals(
    messageOf(changed(4, 6)),
    "unsupported version: The file has version 6 of the format, but only " +
      "version 5 can be read.",
  );
  assertEquals(
    messageOf(changed(8, 77)),
    "damaged: The header's checksum is wrong.",
  );
  const sealed = (at: number, value: number) =>
    sealHeader(changed(at, value), 24);
  assertEquals(
    messageOf(sealed(5, 101)),
    "damaged: Quality 101 is not in 1..100.",
  );
  assertEquals(messageOf(sealed(5, 0)), "damaged: Quality 0 is not in 1..100.");
  assertEquals(messageOf(sealed(6, 44)), "damaged: Effort 11 is not in 0..10.");
  assertEquals(
    messageOf(anyHeader(50, [0, 7, 1, 1, 1])),
    "damaged: The photo is 0x7 pixels.",
  );
  assertEquals(
    messageOf(anyHeader(50, [2 ** 31, 5, 1, 1, 1])),
    "too large: A photo has at most 65535 pixels per side, but this one is " +
      "2147483648x5.",
  );
  assertEquals(
    messageOf(anyHeader(50, [5, 5, 1, 2 ** 31, 1])),
    "too large: A layer has at most 268435455 bytes, but one has 2147483648.",
  );
});

Deno.test("numbers in another than their shortest form are refused", () => {
  const head = Array.from(anyHeader(50, []).subarray(0, 15));
  const long = Uint8Array.of(...head, 0x85, 0, 5, 1, 1, 1, 0, 0, 0, 0);
  assertEquals(
    messageOf(sealHeader(long, long.length - 4)),
    "damaged: The width in the header is not a valid number.",
  );
  const endless = Uint8Array.of(...head, 5, ...new Array(20).fill(255));
  assertEquals(
    messageOf(endless),
    "damaged: The height in the header is not a valid number.",
  );
});

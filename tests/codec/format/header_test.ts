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
  model: MODEL,
  width: 640,
  height: 427,
  quality: 60,
  layerBytes: [150, 190],
};

Deno.test("writeHeader() puts every byte where FORMAT.md says", () => {
  assertEquals(
    Array.from(writeHeader(photo).subarray(0, 22)),
    [
      ...[0xf1, 0x6f, 0x6e, 0x65, 1, 60 + 128, ...MODEL],
      ...[0x80, 5, 0xab, 3, 0x96, 1, 0xbe, 1],
    ],
  );
  const single = writeHeader({ ...photo, layerBytes: [5] });
  assertEquals(Array.from(single.subarray(5, 6)), [60]);
  assertEquals(Array.from(single.subarray(14, 19)), [0x80, 5, 0xab, 3, 5]);
  assertEquals(single.length, 23);
});

Deno.test("writeHeader() refuses what no file may hold", () => {
  const wrong: [Partial<Header>, string][] = [
    [{ model: new Uint8Array(7) }, "got 7"],
    [{ width: 0 }, "width must be a whole number from 1, got 0."],
    [{ height: 1.5 }, "height must be a whole number from 1, got 1.5."],
    [{ width: NaN }, "width must be a whole number from 1, got NaN."],
    [{ quality: 0 }, "got 0"],
    [{ quality: 101 }, "got 101"],
    [{ quality: 2.5 }, "got 2.5"],
  ];
  for (const [part, message] of wrong) {
    assertThrows(
      () => writeHeader({ ...photo, ...part }),
      RangeError,
      message,
    );
  }
  for (const part of [{ width: 65536 }, { layerBytes: [2 ** 28] as const }]) {
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
    model: MODEL,
    width: 640,
    height: 427,
    quality: 60,
    layerBytes: [150, 190],
    headerBytes: 26,
    mediumBytes: 180,
    fileBytes: 374,
  });
});

Deno.test("the longest header has 32 bytes", () => {
  const header = writeHeader({
    model: MODEL,
    width: 65535,
    height: 65535,
    quality: 100,
    layerBytes: [2 ** 28 - 1, 2 ** 28 - 1],
  });
  assertEquals(header.length, MAX_HEADER_BYTES);
  assertEquals(parseHeader(header).fileBytes, 32 + 2 ** 29 + 6);
});

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
    messageOf(changed(4, 2)),
    "unsupported version: The file has version 2 of the format, but only " +
      "version 1 can be read.",
  );
  assertEquals(
    messageOf(changed(8, 77)),
    "damaged: The header's checksum is wrong.",
  );
  assertEquals(
    messageOf(sealHeader(changed(5, 101 + 128), 22)),
    "damaged: Quality 101 is not in 1..100.",
  );
  assertEquals(
    messageOf(sealHeader(changed(5, 128), 22)),
    "damaged: Quality 0 is not in 1..100.",
  );
  assertEquals(
    messageOf(anyHeader(50, [0, 7, 1])),
    "damaged: The photo is 0x7 pixels.",
  );
  assertEquals(
    messageOf(anyHeader(50, [2 ** 31, 5, 1])),
    "too large: A photo has at most 65535 pixels per side, but this one is " +
      "2147483648x5.",
  );
  assertEquals(
    messageOf(anyHeader(50, [5, 5, 2 ** 31])),
    "too large: A layer has at most 268435455 bytes, but one has 2147483648.",
  );
});

Deno.test("numbers in another than their shortest form are refused", () => {
  const head = Array.from(anyHeader(50, []).subarray(0, 14));
  const long = Uint8Array.of(...head, 0x85, 0, 5, 1, 0, 0, 0, 0);
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

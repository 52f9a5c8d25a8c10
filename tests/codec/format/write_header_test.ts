import { CodecError } from "@/codec/mod.ts";
import type { Header } from "@/codec/mod.ts";
import { writeHeader } from "@/codec/format/write_header.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { MODEL } from "../_files.ts";

const header: Header = {
  model: MODEL,
  width: 640,
  height: 427,
  quality: 60,
  layerBytes: [150, 190],
};

Deno.test("writeHeader() puts every byte where FORMAT.md says", () => {
  assertEquals(
    Array.from(writeHeader(header).subarray(0, 22)),
    [
      ...[0xf1, 0x6f, 0x6e, 0x65, 1, 60 + 128, ...MODEL],
      ...[0x80, 5, 0xab, 3, 0x96, 1, 0xbe, 1],
    ],
  );
  const single = writeHeader({ ...header, layerBytes: [5] });
  assertEquals(Array.from(single.subarray(5, 6)), [60]);
  assertEquals(Array.from(single.subarray(14, 19)), [0x80, 5, 0xab, 3, 5]);
  assertEquals(single.length, 23);
});

Deno.test("writeHeader() refuses what no file may hold", () => {
  const wrong: [Partial<Header>, string][] = [
    [{ model: new Uint8Array(7) }, "got 7"],
    [{ width: 0 }, "0x427"],
    [{ height: 1.5 }, "640x1.5"],
    [{ width: NaN }, "NaNx427"],
    [{ quality: 0 }, "got 0"],
    [{ quality: 101 }, "got 101"],
    [{ quality: 2.5 }, "got 2.5"],
  ];
  for (const [part, message] of wrong) {
    assertThrows(
      () => writeHeader({ ...header, ...part }),
      RangeError,
      message,
    );
  }
  for (const part of [{ width: 8193 }, { layerBytes: [2 ** 28] as const }]) {
    const error = assertThrows(
      () => writeHeader({ ...header, ...part }),
      CodecError,
    );
    assertEquals(error.code, "too large");
  }
});

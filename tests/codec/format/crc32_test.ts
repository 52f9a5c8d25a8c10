import { crc32 } from "@/codec/format/crc32.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { crc32 as zlibCrc32 } from "node:zlib";

const text = (value: string) => new TextEncoder().encode(value);

Deno.test("crc32() gives the known values", () => {
  assertEquals(crc32(text("")), 0);
  assertEquals(crc32(text("123456789")), 0xcbf43926);
  assertEquals(crc32(text("a")), 0xe8b7be43);
  assertEquals(
    crc32(text("The quick brown fox jumps over the lazy dog")),
    0x414fa339,
  );
  assertEquals(crc32(new Uint8Array(32)), 0x190a55ad);
  assertEquals(crc32(new Uint8Array(32).fill(255)), 0xff6cab0b);
});

Deno.test("crc32() agrees with zlib, in one piece and in two", () => {
  const random = seededRandom("crc32");
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, () => 256 * random());
    const expected = zlibCrc32(bytes);
    assertEquals(crc32(bytes), expected);
    const cut = Math.floor(random() * (length + 1));
    assertEquals(
      crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))),
      expected,
    );
  }
});

Deno.test("crc32() tells every changed byte", () => {
  const bytes = text("one stored code, two resolutions");
  const before = crc32(bytes);
  for (let i = 0; i < bytes.length; i++) {
    for (let change = 1; change < 256; change++) {
      bytes[i]! ^= change;
      assertNotEquals(crc32(bytes), before);
      bytes[i]! ^= change;
    }
  }
});

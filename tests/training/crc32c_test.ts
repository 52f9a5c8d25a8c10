import { crc32c } from "@/training/crc32c.ts";
import { assertEquals } from "@std/assert";

Deno.test("crc32c gives what RFC 3720 lists", () => {
  const bytes = (value: (i: number) => number) =>
    Uint8Array.from({ length: 32 }, (_, i) => value(i));
  assertEquals(crc32c(bytes(() => 0)), 0x8a9136aa);
  assertEquals(crc32c(bytes(() => 0xff)), 0x62a8ab43);
  assertEquals(crc32c(bytes((i) => i)), 0x46dd794e);
  assertEquals(crc32c(bytes((i) => 31 - i)), 0x113fdb5c);
  assertEquals(crc32c(new Uint8Array()), 0);
});

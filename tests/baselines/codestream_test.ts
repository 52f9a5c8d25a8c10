import { assertEquals, assertThrows } from "@std/assert";
import { withoutComments } from "@/baselines/jpeg_2000.ts";

// Start, a segment of 2 bytes, a comment of 3, the tile part, the end.
const size = [0xff, 0x51, 0, 4, 1, 2];
const comment = [0xff, 0x64, 0, 5, 0, 1, 65];
const rest = [0xff, 0x90, 0, 10, 0xff, 0x64, 0, 2, 0xff, 0xd9];

Deno.test("withoutComments() drops comments of the main header alone", () => {
  const file = [0xff, 0x4f, ...comment, ...size, ...comment, ...rest];
  assertEquals(
    [...withoutComments(Uint8Array.from(file))],
    [0xff, 0x4f, ...size, ...rest],
  );
});

Deno.test("withoutComments() refuses what does not start as a codestream", () => {
  assertThrows(
    () => withoutComments(Uint8Array.of(1, 2, 3, 4)),
    Error,
    "JPEG 2000 codestream of 4 bytes has no header",
  );
});

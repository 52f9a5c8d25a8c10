import { CodecError } from "@/codec/format/codec_error.ts";
import { joinStreams, splitStreams } from "@/codec/format/tile_streams.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomBytes } from "../_files.ts";

Deno.test("one tile's stream is the layer", () => {
  const stream = randomBytes("stream", 9);
  assertEquals(joinStreams([stream]), stream);
  assertEquals(splitStreams(stream, 1), [stream]);
});

Deno.test("the streams of several tiles come back", () => {
  const lengths = [0, 1, 127, 128, 20_000, 0];
  const streams = lengths.map((length) => randomBytes(`${length}`, length));
  const layer = joinStreams(streams);
  assertEquals(splitStreams(layer, streams.length), streams);
  assertEquals(layer.length, 20_256 + 9);
});

Deno.test("lengths that do not fill a layer are refused", () => {
  const layer = joinStreams([Uint8Array.of(7, 8), Uint8Array.of(9)]);
  const broken = [
    ...Array.from(layer, (_, length) => layer.subarray(0, length)),
    Uint8Array.of(...layer, 0), // a byte more
    Uint8Array.of(3, 7, 8, 1, 9), // into the second tile
    Uint8Array.of(2, 7, 8, 2, 9), // over the end
    Uint8Array.of(0x82, 0, 7, 8, 1, 9), // not the shortest form
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f), // 2^35 - 1
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 1),
  ];
  for (const bytes of broken) {
    const error = assertThrows(() => splitStreams(bytes, 2), CodecError);
    assertEquals(error.code, "damaged");
  }
  const error = assertThrows(
    () => splitStreams(Uint8Array.of(2, 7, 8, 2, 9), 2),
    CodecError,
  );
  assertEquals(error.message, "Tile 1 ends at byte 6 of a layer of 5.");
  // As many tiles as an image can have need no bytes to be refused.
  assert(splitStreams(new Uint8Array(64), 64).every(({ length }) => !length));
});

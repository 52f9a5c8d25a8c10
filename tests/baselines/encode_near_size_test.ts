import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import {
  type Codec,
  encodeNearSize,
  jpeg,
  jpeg2000,
  jpegXl,
} from "@/baselines/mod.ts";
import { waves } from "./_check_codec.ts";

/** A codec whose files have `10 * quality` bytes, and which counts its calls. */
function ruler(whole: boolean): Codec & { calls: number } {
  return {
    name: "ruler",
    range: { low: 1, high: 100, whole },
    qualities: [1, 100],
    calls: 0,
    encode(_pixels, quality) {
      this.calls++;
      return Promise.resolve(new Uint8Array(Math.round(10 * quality)));
    },
    decode: () => Promise.reject(new Error("No picture")),
  };
}

const photo = waves(64, 64);

Deno.test("encodeNearSize() finds the nearest whole quality", async () => {
  for (const wanted of [10, 14, 16, 333, 500, 994, 997, 1000]) {
    const codec = ruler(true);
    const { quality, bytes, reach } = await encodeNearSize(
      codec,
      photo,
      wanted,
    );
    assertEquals(quality, Math.round(wanted / 10));
    assertEquals(bytes.length, quality * 10);
    assertEquals(reach, "within");
    assertLess(codec.calls, 10);
  }
});

Deno.test("encodeNearSize() prefers the smaller of two equally near files", async () => {
  for (const wanted of [15, 25, 505, 995]) {
    const { bytes } = await encodeNearSize(ruler(true), photo, wanted);
    assertEquals(bytes.length, wanted - 5);
  }
});

Deno.test("encodeNearSize() stops at a file that is near enough", async () => {
  const exact = ruler(true), near = ruler(true);
  const start = 48;
  await encodeNearSize(exact, photo, 500, { start });
  const found = await encodeNearSize(near, photo, 500, {
    start,
    tolerance: 0.05,
  });
  assertEquals([found.quality, found.reach], [48, "within"]);
  assertEquals(near.calls, 1);
  assertGreater(exact.calls, 1);
});

Deno.test("encodeNearSize() makes few files of a codec whose sizes grow by a factor", async () => {
  let calls = 0;
  const sizes = Array.from(
    { length: 101 },
    (_, quality) => Math.round(300 * 1.04 ** quality),
  );
  const codec: Codec = {
    ...ruler(true),
    encode: (_pixels, quality) => {
      calls++;
      return Promise.resolve(new Uint8Array(sizes[quality]!));
    },
  };
  for (let wanted = 320; wanted < 15_000; wanted += 97) {
    calls = 0;
    const { bytes } = await encodeNearSize(codec, photo, wanted);
    const misses = sizes.slice(1).map((size) => Math.abs(size - wanted));
    assertEquals(Math.abs(bytes.length - wanted), Math.min(...misses));
    assertLess(calls, 6);
    // From where it ends, it needs that file and a neighbour or two.
    const start = sizes.indexOf(bytes.length);
    calls = 0;
    assertEquals(
      (await encodeNearSize(codec, photo, wanted, { start })).bytes,
      bytes,
    );
    assertLess(calls, 4);
  }
});

Deno.test("encodeNearSize() goes between whole qualities where it may", async () => {
  const { quality, bytes } = await encodeNearSize(ruler(false), photo, 777);
  assertEquals(bytes.length, 777);
  assert(quality >= 77.65 && quality <= 77.75, `got ${quality}`);
});

Deno.test("encodeNearSize() says when a size is out of reach", async () => {
  const small = await encodeNearSize(ruler(true), photo, 9);
  assertEquals([small.reach, small.quality], ["below", 1]);
  const large = await encodeNearSize(ruler(false), photo, 1001);
  assertEquals([large.reach, large.quality], ["above", 100]);
});

Deno.test("encodeNearSize() comes near with real codecs", async () => {
  for (
    const [codec, tolerance] of [[jpeg, 60], [jpegXl, 15], [
      jpeg2000,
      15,
    ]] as const
  ) {
    const { bytes, reach, quality } = await encodeNearSize(codec, photo, 1500);
    assertEquals(reach, "within");
    assertLess(Math.abs(bytes.length - 1500), tolerance);
    assertEquals(bytes, await codec.encode(photo, quality));
  }
});

Deno.test("encodeNearSize() of a tiny picture is out of reach below", async () => {
  const { reach, bytes } = await encodeNearSize(jpeg2000, waves(1, 1), 5);
  assertEquals(reach, "below");
  assertGreater(bytes.length, 5);
});

Deno.test("encodeNearSize() refuses a size that is not positive", async () => {
  for (const wanted of [0, -1, NaN, Infinity]) {
    await assertRejects(
      () => encodeNearSize(jpeg, photo, wanted),
      RangeError,
      `bytes must be positive, got ${wanted}.`,
    );
  }
});

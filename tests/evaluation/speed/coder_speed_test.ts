import { coderStreams, timeCoder } from "@/evaluation/speed/coder_speed.ts";
import { assert, assertEquals, assertLess } from "@std/assert";

const streams = coderStreams(50_000);

Deno.test("each stream is timed and loses less than 0.5 %", () => {
  const timings = timeCoder(streams, 0);
  assertEquals(
    timings.map(({ name }) => name),
    streams.map(({ name }) => name),
  );
  for (const timing of timings) {
    assert(timing.encodeNs > 0 && timing.decodeNs > 0);
    assertLess(timing.overheadPercent, 0.5, timing.name);
    assert(timing.overheadPercent > 0, timing.name);
  }
  const bits = timings.map(({ bitsPerValue }) => bitsPerValue);
  assert(bits[0]! < bits[1]! && bits[1]! < bits[2]!);
});

Deno.test("bits are counted against those of a perfect coder", () => {
  const [sure] = streams;
  const [timing] = timeCoder([{ ...sure!, idealBits: sure!.idealBits / 2 }], 0);
  const [right] = timeCoder([sure!], 0);
  assertEquals(
    Math.round(timing!.overheadPercent),
    Math.round(100 + 2 * right!.overheadPercent),
  );
});

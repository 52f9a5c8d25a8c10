import { type PreparedPairs, SharedPairs } from "@/datasets/mod.ts";
import { samplePairs } from "@/experiment/samples.ts";
import { assertEquals } from "@std/assert";
import { drawPairs } from "./_photos.ts";

function samplesOf(count: number, most?: number) {
  const test = drawPairs(count, 4);
  const { train, valid } = { train: test, valid: test };
  const pairs: PreparedPairs = { train, valid, test, skipped: [] };
  return { test, samples: samplePairs(pairs, most) };
}

Deno.test("samples are six test photos, evenly spread", () => {
  const { test, samples } = samplesOf(20);
  const places = [0, 3, 6, 10, 13, 16];
  assertEquals(samples.names, places.map((i) => `photo ${i}`));
  assertEquals(samples.count, 6);
  places.forEach((place, i) => {
    assertEquals(samples.high(i), test.high(place));
    assertEquals(samples.medium(i), test.medium(place));
  });
});

Deno.test("samples of few test photos are all of them", () => {
  assertEquals(samplesOf(2).samples.names, ["photo 0", "photo 1"]);
});

Deno.test("fewer samples can be asked for", () => {
  const names = ["photo 0", "photo 4", "photo 8"];
  assertEquals(samplesOf(12, 3).samples.names, names);
});

Deno.test("of photos with several pairs the first is a sample", () => {
  const drawn = drawPairs(14, 4);
  const names = drawn.names.map((_, i) => `photo ${Math.floor(i / 2)}`);
  const test = new SharedPairs("test", 4, names, drawn.bytes);
  const samples = samplePairs({ train: test, valid: test, test, skipped: [] });
  const photos = [0, 1, 2, 3, 4, 5];
  assertEquals(samples.names, photos.map((i) => `photo ${i}`));
  for (const i of photos) assertEquals(samples.high(i), test.high(2 * i));
});

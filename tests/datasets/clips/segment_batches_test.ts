import { segmentBatches, type Segments } from "@/datasets/mod.ts";
import { assertEquals } from "@std/assert";

/** Segments of two frames of 2x2 pixels with values of their own. */
function numbered(count: number): Segments {
  const names = Array.from({ length: count }, (_, i) => `${i}`);
  return {
    ...{ split: "train", count, names, frames: 2, side: 2 },
    view: (i) => Uint8Array.from({ length: 24 }, (_, k) => (24 * i + k) % 256),
  };
}

const batches = (firstStep: number, lastStep: number, count = 6) => [
  ...segmentBatches(numbered(count), {
    ...{ batchSize: 2, seed: 5, firstStep, lastStep },
  }),
];

Deno.test("each segment comes once in an epoch, the same after a resumption", () => {
  const whole = batches(1, 9);
  assertEquals(batches(5, 9), whole.slice(4));
  for (const from of [0, 3, 6]) {
    const epoch = whole.slice(from, from + 3).flatMap(({ indices }) => indices);
    assertEquals(epoch.toSorted(), [0, 1, 2, 3, 4, 5]);
  }
});

Deno.test("segments are mirrored and run backwards, and nothing else", () => {
  const pixel = (values: Float32Array, t: number, place: number) =>
    [0, 1, 2].map((channel) =>
      Math.round(255 * values[t * 12 + place * 3 + channel]!)
    ).join();
  const seen = new Set<string>();
  for (const { values, indices } of batches(1, 40, 2)) {
    const view = numbered(2).view(indices[0]!);
    const frames = [0, 1].map((t) =>
      [0, 1, 2, 3].map((place) => pixel(values, t, place)).join(" ")
    );
    const plain = (t: number, order: number[]) =>
      order.map((place) =>
        view.slice(t * 12 + place * 3, t * 12 + place * 3 + 3).join()
      ).join(" ");
    const straight = [0, 1, 2, 3], mirrored = [1, 0, 3, 2];
    const kind = [straight, mirrored].flatMap((order, mirror) =>
      [[0, 1], [1, 0]].flatMap((times, back) =>
        times.every((t, i) => plain(t, order) === frames[i])
          ? [`${mirror} ${back}`]
          : []
      )
    );
    assertEquals(kind.length, 1);
    seen.add(kind[0]!);
  }
  assertEquals(seen.size, 4);
});

/** Frames that are moved, and the search for motion. */
import { searchMotion, toWholePlanes } from "@/codec/encode/search_motion.ts";
import {
  GREY_PARTS,
  movePlanes,
  type Planes,
} from "@/codec/transform/motion.ts";
import { assertEquals, assertLess } from "@std/assert";

/** A wave on 96 x 96 pixels, moved by so many pixels. */
function wave(down: number, right: number): Planes {
  const pixels = Float32Array.from({ length: 96 * 96 * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % 96 - right;
    const y = Math.floor(i / 3 / 96) - down;
    return 127 + 40 * Math.sin(x / 5 + Math.cos(y / 7)) +
      40 * Math.cos(y / 4 + Math.sin(x / 9));
  });
  return toWholePlanes(pixels, 96, 96);
}

/** The same vector for all squares. */
const all = (down: number, right: number) =>
  Int16Array.from({ length: 18 }, (_, i) => i % 2 === 0 ? down : right);

Deno.test("a grey pixel is in the plane of brightness alone", () => {
  const { values } = toWholePlanes([137.5, 137.5, 137.5], 1, 1);
  assertEquals([...values], [Math.round(GREY_PARTS * 10 * Math.sqrt(3)), 0, 0]);
});

Deno.test("whole pixels are moved as they are, and edges are repeated", () => {
  const before = wave(0, 0);
  // Five rows down and two columns to the left, in quarters of a pixel.
  const { values } = movePlanes(before, all(20, -8), 32);
  for (const [y, x] of [[0, 0], [10, 50], [95, 95]] as const) {
    const from = Math.min(95, y + 5) * 96 + Math.max(0, x - 2);
    for (const plane of [0, 1, 2].map((axis) => axis * 96 * 96)) {
      assertEquals(values[plane + y * 96 + x], before.values[plane + from]);
    }
  }
});

Deno.test("an even plane stays even, at any part of a pixel and either size", () => {
  const values = new Int16Array(3 * 96 * 96).fill(-777);
  for (let part = 0; part < 8; part++) {
    for (const side of [16, 32]) {
      const count = 2 * (96 / side) ** 2;
      const vectors = Int16Array.from(
        { length: count },
        (_, i) => (i % 2 === 0 ? part : -3 * part),
      );
      const moved = movePlanes(
        { height: 96, width: 96, values },
        vectors,
        side,
      );
      assertEquals(moved.values, values);
    }
  }
});

Deno.test("vectors far outside the frame repeat its corners", () => {
  const before = wave(0, 0);
  const { values } = movePlanes(before, all(4095, -4095), 32);
  assertEquals(values[0], before.values[95 * 96]);
});

Deno.test("the search finds motion by parts of a pixel", () => {
  const before = wave(0, 0), frame = wave(3.25, -6.5);
  const vectors = searchMotion(before, frame);
  // The square in the middle comes from above and from the right.
  assertEquals([...vectors.subarray(8, 10)], [-13, 26]);
  const errorOf = (vectors: Int16Array) => {
    const { values } = movePlanes(before, vectors, 32);
    return values.reduce(
      (sum, value, i) => sum + (value - frame.values[i]!) ** 2,
      0,
    );
  };
  assertLess(errorOf(vectors), errorOf(all(0, 0)) / 10);
});

Deno.test("nothing moves in a frame that stays", () => {
  const frame = wave(1, 2);
  assertEquals(searchMotion(frame, frame), all(0, 0));
});

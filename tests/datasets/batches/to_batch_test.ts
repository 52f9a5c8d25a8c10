import { type Pairs, SharedPairs, toBatch } from "@/datasets/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { noisePhoto } from "../_photos.ts";

const images = [0, 1, 2].map((i) => ({
  high: noisePhoto(4, 4, `high ${i}`).data,
  medium: noisePhoto(2, 2, `medium ${i}`).data,
}));
const pairs = SharedPairs.from("train", 4, ["a", "b", "c"], images);

Deno.test("toBatch() holds value / 255 of each image in the asked order", () => {
  for (const size of ["high", "medium"] as const) {
    const expected = [2, 0, 2].flatMap((i) =>
      [...images[i]![size]].map((value) => Math.fround(value / 255))
    );
    assertEquals([...toBatch(pairs, size, [2, 0, 2])], expected);
  }
});

Deno.test("toBatch() takes any pairs, not only shared ones", () => {
  const plain: Pairs = {
    split: "train",
    count: 3,
    names: pairs.names,
    highSize: 4,
    mediumSize: 2,
    high: (i) => images[i]!.high,
    medium: (i) => images[i]!.medium,
  };
  assertEquals(toBatch(plain, "high", [1, 2]), toBatch(pairs, "high", [1, 2]));
});

Deno.test("toBatch() quotes a pair that does not exist", () => {
  for (const index of [3, -1, 0.5]) {
    assertThrows(
      () => toBatch(pairs, "high", [index]),
      RangeError,
      `The index of a train pair must be a whole number below 3, got ${index}.`,
    );
  }
});

Deno.test("SharedPairs gives copies that may be changed", () => {
  pairs.high(1).fill(0);
  pairs.medium(1).fill(0);
  assertEquals(pairs.high(1), images[1]!.high);
  assertEquals(pairs.medium(1), images[1]!.medium);
});

Deno.test("SharedPairs refuses bytes of another length", () => {
  assertThrows(
    () => SharedPairs.from("test", 6, ["a"], [images[0]!]),
    RangeError,
    "The lengths of pair 0 must be [108,27], got [48,",
  );
});

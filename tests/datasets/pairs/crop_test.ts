import { centreCrop, randomCrop } from "@/datasets/pairs/crop.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals } from "@std/assert";

Deno.test("randomCrop() stays inside and reaches every side and corner", () => {
  const random = seededRandom(1);
  const crops = Array.from(
    { length: 20_000 },
    () => randomCrop(13, 10, 8, random),
  );
  for (const { left, top, side } of crops) {
    assert(side >= 8 && side <= 10);
    assert(left >= 0 && left + side <= 13 && top >= 0 && top + side <= 10);
  }
  // side 8: 6 x 3 places, side 9: 5 x 2, side 10: 4 x 1.
  assertEquals(new Set(crops.map((crop) => JSON.stringify(crop))).size, 32);
  const sides = [8, 9, 10].map((side) =>
    crops.filter((crop) => crop.side === side).length / crops.length
  );
  for (const share of sides) assert(Math.abs(share - 1 / 3) < 0.02);
});

Deno.test("centreCrop() is half of the shorter side, but never below the size", () => {
  assertEquals(centreCrop(1820, 1024, 344), { left: 654, top: 256, side: 512 });
  assertEquals(centreCrop(540, 960, 344), { left: 98, top: 308, side: 344 });
  assertEquals(centreCrop(344, 344, 344), { left: 0, top: 0, side: 344 });
  assertEquals(centreCrop(1024, 1024, 32).side, 512);
});

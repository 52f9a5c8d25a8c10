import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { msSsim, msSsimScales } from "@/metrics/mod.ts";
import { pattern } from "./_pattern.ts";

Deno.test("msSsimScales() is the most that msSsim() takes", () => {
  for (const side of [11, 20, 21, 32, 40, 41, 80, 81, 160]) {
    const photo = pattern(side, side + 7);
    const scales = msSsimScales(photo.width, photo.height);
    assertAlmostEquals(msSsim(photo, photo, { scales }), 1, 1e-12);
    assertThrows(
      () => msSsim(photo, photo, { scales: scales + 1 }),
      RangeError,
      "needs at least",
    );
  }
});

Deno.test("msSsimScales() goes from 0 to 5 with the smaller side", () => {
  assertEquals(
    [10, 11, 20, 21, 41, 81, 160, 161, 4000].map((s) => msSsimScales(s, 4000)),
    [0, 1, 1, 2, 3, 4, 4, 5, 5],
  );
});

import type { Pixels } from "@/images/pixels.ts";
import { PATCH_FEATURES, patchFeatures } from "@/metrics/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";

/** A grey photo of waves along x. */
function waves(wavelength: number, amplitude: number, across = false): Pixels {
  const side = 48;
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const phase = 2 * Math.PI * (across ? y : x) / wavelength;
      const value = Math.round(128 + amplitude * Math.cos(phase));
      data.fill(value, (y * side + x) * 3, (y * side + x) * 3 + 3);
    }
  }
  return { width: side, height: side, data };
}

/** The patch in the middle, away from the edges. */
function middle(photo: Pixels): Float64Array {
  return patchFeatures(photo, 16)[4]!;
}

/** Log energies, without the sparseness and the colours. */
function energies(photo: Pixels): number[] {
  return Array.from(middle(photo).subarray(0, 16)).filter((_, i) =>
    i % 2 === 0
  );
}

Deno.test("a flat photo has no detail in any band", () => {
  const flat = middle(waves(5, 0));
  assertEquals(flat.length, PATCH_FEATURES);
  const none = Math.log(0.5);
  flat.forEach((value, i) => {
    const isSparseness = i < 16 && i % 2 === 1;
    assertAlmostEquals(value, isSparseness ? 0 : none, 1e-9);
  });
});

Deno.test("a wave is strongest in the band of its length and direction", () => {
  const strongest = (values: number[]) => values.indexOf(Math.max(...values));
  assertEquals(strongest(energies(waves(2.5, 40))), 0);
  assertEquals(strongest(energies(waves(2.5, 40, true))), 2);
  assertEquals(strongest(energies(waves(5, 40))), 4);
  assertEquals(strongest(energies(waves(5, 40, true))), 6);
});

Deno.test("energy is the wave's amplitude, and even waves are not sparse", () => {
  const [energy, sparseness] = [
    middle(waves(5, 40))[8]!,
    middle(waves(5, 40))[9]!,
  ];
  assertGreater(Math.exp(energy), 25);
  assertLess(Math.exp(energy), 45);
  assertAlmostEquals(sparseness, 0, 0.02);
  assertAlmostEquals(
    middle(waves(5, 40))[8]! - middle(waves(5, 20))[8]!,
    Math.log(2),
    0.05,
  );
});

Deno.test("a patch of fewer than 8 pixels a side is refused", () => {
  assertThrows(() => patchFeatures(waves(5, 1), 7), RangeError, "side");
});

import {
  COARSE_OFFSET,
  coarseBits,
  coarseValue,
} from "@/codec/model/nested_quantiser.ts";
import {
  coarsen,
  nestedTables,
  refinementOf,
  refinementTable,
  refineValue,
  saidTable,
} from "@/codec/entropy/nested_tables.ts";
import {
  FREQUENCY_SUM,
  type FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { logisticBits } from "@/codec/model/rate_estimate.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";

const values = Array.from({ length: 121 }, (_, i) => i - 60);

/** The probability of a value, escapes aside. */
function share(tables: FrequencyTables, table: number, value: number): number {
  const place = value < 0 ? -2 * value - 1 : 2 * value;
  if (place >= tables.sizes[table]!) return 0;
  const at = tables.starts[table]! + place;
  return (tables.cumulative[at + 1]! - tables.cumulative[at]!) / FREQUENCY_SUM;
}

for (const cells of [2, 3, 4]) {
  Deno.test(`both layers give every value back, with ${cells} fine cells in a coarse one`, () => {
    for (const value of values) {
      const coarse = coarsen(value, cells);
      const refinement = refinementOf(value, cells);
      assertEquals(refineValue(coarse, refinement, cells), value);
    }
    assertEquals(coarsen(-cells, cells), -1);
    assertEquals(coarsen(cells - 1, cells), 0);
  });

  Deno.test(`both layers together take no more bits than one, with ${cells}`, () => {
    const fine = gaussianTables();
    const { coarse, refinement } = nestedTables(fine, cells);
    for (const table of [0, 10, 21, 30, 40, 50]) {
      let one = 0, both = 0;
      for (let value = -400; value <= 400; value++) {
        const probability = share(fine, table, value);
        const first = coarsen(value, cells);
        const coarseShare = share(coarse, table, first);
        if (probability === 0 || coarseShare === 0) continue;
        const place = refinementTable(table, first);
        const second = share(refinement, place, refinementOf(value, cells));
        assertGreater(second, 0);
        one -= probability * Math.log2(probability);
        both -= probability * Math.log2(coarseShare * second);
      }
      assertLess(both - one, 0.01);
    }
  });

  Deno.test(`what is said makes its value likely and leaves all others, with ${cells}`, () => {
    const fine = gaussianTables();
    const { said, refinement } = nestedTables(fine, cells);
    for (const table of [0, 5, 10, 21, 30, 50]) {
      for (let offset = -90; offset <= 90; offset += 9) {
        const place = saidTable(table, 0, offset);
        const shares = values.filter((value) => coarsen(value, cells) === 0)
          .map((value) => share(said, place, value));
        assertEquals(shares.length, 2 * cells - 1);
        assertGreater(Math.min(...shares), 0);
      }
      const likelier = (value: number, offset: number) =>
        share(said, saidTable(table, 0, offset), value) -
        share(said, saidTable(table, 0, 0), value);
      assertGreater(likelier(1, 24), 0);
      assertGreater(likelier(-1, -24), 0);
      for (const coarse of [-9, -1, 2]) {
        for (let value = 0; value < cells; value++) {
          assertEquals(
            share(said, saidTable(table, coarse, 40), value),
            share(refinement, refinementTable(table, coarse), value),
          );
        }
      }
    }
  });

  Deno.test(`training estimates the bits of the coarse cells, with ${cells}`, () => {
    tf.tidy(() => {
      const error = tf.tensor4d(values.map((v) => v / 4), [1, 1, 1, 121]);
      const scale = tf.fill([1, 1, 1, 121], 1.5);
      const ofCells = tf.tensor4d([cells], [1, 1, 1, 1]);
      const found = coarseBits(error, scale, ofCells).dataSync();
      const points = coarseValue(error, ofCells).dataSync();
      values.forEach((value, i) => {
        const fine = Math.sign(value) * Math.floor(Math.abs(value / 4) + 0.5);
        const coarse = coarsen(fine, cells);
        const members = Array.from({ length: 201 }, (_, j) => j - 100)
          .filter((one) => coarsen(one, cells) === coarse);
        const bits = logisticBits(
          tf.tensor1d(members),
          tf.fill([members.length], 1.5),
        ).dataSync();
        const sum = Array.from(bits).reduce((sum, bits) => sum + 2 ** -bits, 0);
        assertAlmostEquals(found[i]!, -Math.log2(sum), 1e-3);
        const offset = COARSE_OFFSET / 16 * (cells - 1) * Math.sign(coarse);
        assertAlmostEquals(points[i]!, coarse * cells + offset, 1e-5);
      });
    });
  });
}

import {
  coarsen,
  nestedTables,
  pathRefinementOf,
  refinementTable,
  refineMultiple,
} from "@/codec/entropy/nested_tables.ts";
import { FREQUENCY_SUM } from "@/codec/entropy/frequency_tables.ts";
import { GAUSSIAN_SCALES } from "@/codec/entropy/gaussian_tables.ts";
import {
  multipleOf,
  nextState,
  STATES,
  TRELLIS_SCALE,
  trellisTable,
  valueOf,
} from "@/codec/entropy/trellis.ts";
import { valueCosts } from "@/codec/entropy/value_costs.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { tinyModel } from "../_tiny_model.ts";

const states = Array.from({ length: STATES }, (_, state) => state);

Deno.test("two values lead from each state, and two to it", () => {
  const reached = states.flatMap((state) => {
    const found = [0, 1].map((value) => nextState(state, value));
    for (const value of [-3, -2, 2, 3]) {
      assertEquals(nextState(state, value), found[Math.abs(value) % 2]);
    }
    return found;
  });
  for (const state of states) {
    assertEquals(reached.filter((one) => one === state).length, 2);
  }
});

Deno.test("the quantisers share the multiples", () => {
  const values = [-3, -2, -1, 0, 1, 2, 3];
  const of = (state: number) =>
    values.map((value) => multipleOf(value, state) + 0);
  assertEquals(of(6), [-6, -4, -2, 0, 2, 4, 6]);
  assertEquals(of(7), [-5, -3, -1, 0, 1, 3, 5]);
  for (const state of [6, 7]) {
    assertEquals(of(state).map(valueOf), values);
  }
});

for (const cells of [2, 4]) {
  Deno.test(`both layers give every multiple back, with ${cells}`, () => {
    for (const state of [0, 1]) {
      for (let value = -300; value <= 300; value++) {
        const multiple = multipleOf(value, state);
        const coarse = coarsen(multiple, cells);
        const found = refineMultiple(
          coarse,
          pathRefinementOf(multiple, cells),
          ...[cells, state] as const,
        );
        assertEquals(found, multiple);
      }
    }
  });

  Deno.test(`any refinement stays in its coarse cell, with ${cells}`, () => {
    for (const state of [0, 1]) {
      for (let coarse = -12; coarse <= 12; coarse++) {
        for (const refinement of [-(2 ** 31), -9, -1, 0, 1, 9, 2 ** 31 - 1]) {
          const found = refineMultiple(coarse, refinement, cells, state);
          assertEquals(coarsen(found, cells), coarse);
          assertEquals(multipleOf(valueOf(found), state), found);
        }
      }
    }
  });

  Deno.test(`both layers take about the bits of one, with ${cells}`, () => {
    const { tables } = tinyModel();
    assertEquals(tables.count, 3 * GAUSSIAN_SCALES - 2 * TRELLIS_SCALE);
    const nested = nestedTables(tables, cells);
    const [fine, coarse, refinement] = [
      tables,
      nested.coarse,
      nested.refinement,
    ].map(valueCosts);
    for (const scale of [TRELLIS_SCALE, 20, 30, 45]) {
      let one = 0, both = 0, share = 0;
      for (const state of [0, 1]) {
        const table = trellisTable(scale, state);
        const last = (tables.sizes[table]! - 1) / 2;
        for (let value = -last; value <= last; value++) {
          const multiple = multipleOf(value, state);
          const cell = coarsen(multiple, cells);
          const bits = fine!(table, value), chance = 2 ** -bits / 2;
          const parts = coarse!(trellisTable(scale, 0), cell) + refinement!(
            refinementTable(table, cell),
            pathRefinementOf(multiple, cells),
          );
          one += chance * bits;
          both += chance * parts;
          share += chance;
        }
      }
      assert(share > 1 - 100 / FREQUENCY_SUM);
      // What the first layer does not know is the quantiser.
      assertLess(both - one, 0.12);
    }
  });
}

/** The path through the trellis, against all others. */
import { cheapestPath } from "@/codec/encode/choose_path.ts";
import {
  coarsen,
  nestedTables,
  pathRefinementOf,
  refinementTable,
} from "@/codec/entropy/nested_tables.ts";
import {
  FINE_STEP,
  multipleOf,
  nextState,
  TRELLIS_SCALE,
  trellisTable,
  valueOf,
} from "@/codec/entropy/trellis.ts";
import { valueCosts } from "@/codec/entropy/value_costs.ts";
import { STEP_PARTS } from "@/codec/model/latent_units.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { tinyModel } from "../_tiny_model.ts";

const STEP = FINE_STEP / STEP_PARTS;
const { tables } = tinyModel();

/** Numbers with a normal distribution. */
function draw(count: number, deviation: number, key: string): number[] {
  const random = seededRandom("path", key);
  return Array.from({ length: count }, () => {
    const size = Math.sqrt(-2 * Math.log(1 - random()));
    return deviation * size * Math.cos(2 * Math.PI * random());
  });
}

/** The states before each value, and after the last. */
function statesOf(multiples: ArrayLike<number>, first: number): number[] {
  const states = [first];
  for (const multiple of Array.from(multiples)) {
    states.push(nextState(states.at(-1)!, valueOf(multiple)));
  }
  return states;
}

for (const cells of [1, 2, 4]) {
  Deno.test(`no path costs less, with ${cells} fine cells in a coarse one`, () => {
    const [errorCost, rateWeight, scale] = [6, 0.9, TRELLIS_SCALE + 14];
    const nested = cells === 1 ? undefined : nestedTables(tables, cells);
    const fine = valueCosts(tables);
    const [coarse, refinement] = nested
      ? [valueCosts(nested.coarse), valueCosts(nested.refinement)]
      : [];
    const bits = (multiple: number, state: number) => {
      const table = trellisTable(scale, state);
      if (nested === undefined) return fine(table, valueOf(multiple));
      const value = coarsen(multiple, cells);
      return coarse!(trellisTable(scale, 0), value) + refinement!(
        refinementTable(table, value),
        pathRefinementOf(multiple, cells),
      );
    };
    const path = cheapestPath(tables, errorCost, rateWeight);
    for (const state of [0, 5, 90]) {
      const differences = draw(5, 1.5, `${cells} ${state}`);
      const costOf = (multiple: number, i: number, state: number) =>
        errorCost * (differences[i]! - multiple * STEP) ** 2 +
        rateWeight * bits(multiple, state);
      const least = (i: number, state: number): number => {
        if (i === differences.length) return 0;
        return Math.min(
          ...Array.from({ length: 9 }, (_, at) => at - 4).map((value) =>
            costOf(multipleOf(value, state), i, state) +
            least(i + 1, nextState(state, value))
          ),
        );
      };
      const found = path({
        ...{ differences, cells, nested, state },
        scales: differences.map(() => scale),
      });
      const multiples = Array.from(found.multiples);
      const states = statesOf(multiples, state);
      multiples.forEach((multiple, i) =>
        assertEquals(multipleOf(valueOf(multiple), states[i]!), multiple)
      );
      assertEquals(found.state, states.at(-1));
      const cost = multiples.reduce(
        (sum, multiple, i) => sum + costOf(multiple, i, states[i]!),
        0,
      );
      assertAlmostEquals(cost, least(0, state), 0.02);
    }
  });
}

Deno.test("errors are those of a finer quantiser", () => {
  const differences = draw(4000, 20, "errors");
  const { multiples } = cheapestPath(tables, 1, 0)({
    ...{ differences, cells: 1, nested: undefined, state: 0 },
    scales: differences.map(() => TRELLIS_SCALE + 40),
  });
  const error = differences.reduce(
    (sum, difference, i) => sum + (difference - multiples[i]! * STEP) ** 2,
    0,
  ) / differences.length;
  // Those of values alone are (2 STEP)² / 12. 1.53 dB less is the limit; the code
  // of 128 states is 0.22 dB from it (M. Marcellin and T. Fischer, 1990).
  const decibels = 10 * Math.log10((2 * STEP) ** 2 / 12 / error);
  assertAlmostEquals(decibels, 1.31, 0.12);
});

Deno.test("a path of no values ends where it begins", () => {
  const { multiples, state } = cheapestPath(tables, 1, 1)({
    ...{ differences: [], scales: [], cells: 1, nested: undefined },
    state: 77,
  });
  assertEquals([multiples.length, state], [0, 77]);
  assertLess(state, 128);
});

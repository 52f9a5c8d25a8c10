/** What the encoder rounds to, against costs by hand. */
import { cheapestValues } from "@/codec/encode/choose_value.ts";
import { valueCosts } from "@/codec/entropy/value_costs.ts";
import {
  coarsen,
  nestedTables,
  refinementOf,
  saidTable,
} from "@/codec/entropy/nested_tables.ts";
import { UNIT_SCALE } from "@/codec/entropy/gaussian_tables.ts";
import { kindUnits } from "@/codec/model/codec_model.ts";
import { nearestValue } from "@/codec/model/latent_units.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { tinyModel } from "../_tiny_model.ts";

const differences = [-2.6, -1.55, -0.6, -0.4, 0, 0.4, 0.6, 1.55, 2.6];

Deno.test("the nearest value is as far from 0 on both sides", () => {
  assertEquals(
    differences.map((difference) => nearestValue(difference) + 0),
    [-3, -2, -1, 0, 0, 0, 1, 2, 3],
  );
});

Deno.test("the cheapest value has the least bits and errors", () => {
  const model = tinyModel();
  const { starts, cumulative, centres } = model.tables;
  const [quality, weight] = [60, 0.7];
  const { choose } = cheapestValues(model, quality, weight);
  const { greyLevels } = kindUnits(model, quality);
  const errorBits = lambdaAt(levelOf(quality)) * greyLevels ** 2 / 3;
  let lowered = 0;
  for (const table of [UNIT_SCALE - 6, UNIT_SCALE, UNIT_SCALE + 12]) {
    assertEquals(centres[table], 0);
    const bits = (value: number) => {
      const place = starts[table]! + (value < 0 ? -2 * value - 1 : 2 * value);
      return 16 - Math.log2(cumulative[place + 1]! - cumulative[place]!);
    };
    // Small tables list few values.
    for (const difference of differences.slice(1, -1)) {
      const chosen = choose(difference, table);
      const cost = (value: number) =>
        weight * bits(value) + errorBits * (difference - value) ** 2;
      const nearest = nearestValue(difference);
      const lower = nearest - Math.sign(nearest);
      const least = Math.min(...[nearest, lower, 0].map(cost));
      assert(cost(chosen) <= least + 1e-6, `${difference}`);
      assert([nearest, lower, 0].includes(chosen), `${chosen}`);
      if (chosen !== nearest) lowered++;
    }
  }
  assert(lowered > 0);
});

Deno.test("a value that is told is chosen by the costs of both of its parts", () => {
  const model = tinyModel();
  const [quality, weight, table, cells] = [60, 0.7, UNIT_SCALE - 3, 2];
  const nested = nestedTables(model.tables, cells);
  const { choose } = cheapestValues(model, quality, weight);
  const { greyLevels } = kindUnits(model, quality);
  const errorBits = lambdaAt(levelOf(quality)) * greyLevels ** 2 / 3;
  const [coarseBits, saidBits] = [nested.coarse, nested.said].map(valueCosts);
  const found = new Set<number>();
  for (const offset of [-20, 0, 20]) {
    const cost = (difference: number, value: number) => {
      const coarse = coarsen(value, cells);
      const bits = coarseBits!(table, coarse) + saidBits!(
        saidTable(table, coarse, offset),
        refinementOf(value, cells),
      );
      return weight * bits + errorBits * (difference - value) ** 2;
    };
    for (const difference of [-1.4, -0.45, 0.2, 0.45, 1.4]) {
      const chosen = choose(difference, table, { nested, cells, offset });
      const least = Math.min(
        ...[-3, -2, -1, 0, 1, 2, 3].map((value) => cost(difference, value)),
      );
      assertAlmostEquals(cost(difference, chosen), least, 1e-4);
      if (difference === 0.45) found.add(chosen);
    }
  }
  // Others are told, others are chosen.
  assert(found.size > 1);
});

Deno.test("without a weight of bits the nearest value is taken", () => {
  assertEquals(cheapestValues(tinyModel(), 50, 0).choose, nearestValue);
});

Deno.test("weights below 0 are refused", () => {
  for (const weight of [-0.1, NaN, Infinity]) {
    assertThrows(
      () => cheapestValues(tinyModel(), 50, weight),
      RangeError,
      `rateWeight must be a number from 0, got ${weight}.`,
    );
  }
});

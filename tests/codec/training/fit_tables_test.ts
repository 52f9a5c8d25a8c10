import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { fitTable, ValueCounter } from "@/codec/training/fit_tables.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";

Deno.test("tables that fit the values cost less than normal distributions", () => {
  // Two-sided geometric, of about the scale 1: sharper, with longer tails.
  const random = seededRandom("values");
  const draw = () => {
    const size = Math.floor(-Math.log(1 - random()) / 1.3);
    return random() < 0.5 ? size : -size;
  };
  const values = Int32Array.from({ length: 40000 }, draw);
  values[7] = 5000; // far beyond what is counted
  const indices = new Uint16Array(values.length).fill(21);
  const counter = new ValueCounter();
  counter.code(gaussianTables(), indices, values);
  const fitted = counter.tables();
  const size = (tables: typeof fitted) => {
    const encoder = new RansEncoder();
    encoder.push(tables, indices, values);
    const bytes = encoder.finish();
    const again = new Int32Array(values.length);
    const decoder = new RansDecoder(bytes);
    decoder.decode(tables, indices, again);
    assertEquals(again, values);
    assertEquals(decoder.atEnd, true);
    return bytes.length;
  };
  assertLess(size(fitted), 0.97 * size(gaussianTables()));
});

Deno.test("fitTable() centres on the commonest value", () => {
  // 5 to 9; 8 is the commonest, and one place above it is needed.
  const { centre, frequencies } = fitTable(5, [1, 0, 2, 10, 3]);
  assertEquals(centre, 8);
  assertEquals(frequencies.length, 8); // 8, 7, 9, 6, 10, 5, 11, escape
  const spread = 65528;
  assertEquals(frequencies[0], 1 + Math.round(10 / 16 * spread));
  assertEquals(frequencies[3], 1);
});

Deno.test("fitTable() makes tables that the coder takes", () => {
  const random = seededRandom("fit");
  for (let i = 0; i < 200; i++) {
    const length = 1 + Math.floor(random() * 300);
    const weights = Array.from({ length }, () => random() ** 20);
    const escape = i % 2 === 0 ? 0 : random();
    const table = fitTable(-20, weights, escape);
    assertEquals(new FrequencyTables([table]).count, 1);
  }
});

Deno.test("fitTable() costs next to nothing over the distribution", () => {
  const random = seededRandom("cost");
  for (let i = 0; i < 50; i++) {
    const length = 2 + Math.floor(random() * 60);
    const weights = Array.from({ length }, () => random() ** 3);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const { centre, frequencies } = fitTable(0, weights);
    let entropy = 0, cost = 0;
    weights.forEach((weight, value) => {
      const share = weight / total;
      const offset = value - centre;
      const place = (offset << 1) ^ (offset >> 31);
      entropy -= share * Math.log2(share);
      cost += share * (16 - Math.log2(frequencies[place]!));
    });
    assert(cost >= entropy - 1e-9);
    assertLess(cost - entropy, 0.004);
  }
});

Deno.test("fitTable() refuses invalid weights", () => {
  assertThrows(() => fitTable(0, [1, -1]), RangeError, "-1");
  assertThrows(() => fitTable(0, [1, NaN]), RangeError, "NaN");
  assertThrows(() => fitTable(0, [Infinity]), RangeError, "Infinity");
  assertThrows(
    () => fitTable(0, [0, 0]),
    RangeError,
    "The sum of weights must be positive, got 0.",
  );
  assertThrows(
    () => fitTable(0, new Uint8Array(3000).fill(1)),
    RangeError,
    "5999",
  );
});

import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomTable } from "../_streams.ts";

function assertRefused(table: FrequencyTable, part: string): void {
  const error = assertThrows(() => new FrequencyTables([table]), RangeError);
  assert(error.message.includes(part), error.message);
}

Deno.test("FrequencyTables lays tables out one after the other", () => {
  const tables = new FrequencyTables([
    { centre: -4, frequencies: [65536] },
    { centre: 9, frequencies: [40000, 20000, 5536] },
  ]);
  assertEquals(tables.count, 2);
  assertEquals(tables.centres, Int32Array.of(-4, 9));
  assertEquals(tables.sizes, Int32Array.of(0, 2));
  assertEquals(tables.starts, Int32Array.of(0, 2));
  assertEquals(
    tables.cumulative,
    Uint32Array.of(0, 65536, 0, 40000, 60000, 65536),
  );
});

Deno.test("each hint is the place of its sum", () => {
  const random = seededRandom("hints");
  const tables = [1, 2, 40, 1000, 4096].map((n) => randomTable(random, n));
  const { hints, starts, cumulative } = new FrequencyTables(tables);
  tables.forEach((_, table) => {
    for (let hint = 0; hint < 256; hint++) {
      const entry = starts[table]! + hints[256 * table + hint]!;
      assert(cumulative[entry]! <= 256 * hint);
      assert(cumulative[entry + 1]! > 256 * hint);
    }
  });
});

Deno.test("FrequencyTables refuses what the coder could not use", () => {
  assertRefused(
    { centre: 0.5, frequencies: [65536] },
    "tables[0].centre must be a whole number of 32 bits, got 0.5.",
  );
  assertRefused({ centre: 2 ** 31, frequencies: [65536] }, "2147483648");
  assertRefused(
    { centre: 0, frequencies: [] },
    "length must be in 1..4097, got 0.",
  );
  assertRefused(
    { centre: 0, frequencies: new Uint16Array(4098).fill(1) },
    "got 4098.",
  );
  assertRefused({ centre: 0, frequencies: [65536, 0] }, "frequencies[1]");
  assertRefused({ centre: 0, frequencies: [65536.5, -0.5] }, "65536.5");
  assertRefused({ centre: 0, frequencies: [65535, 2] }, "65537");
  assertRefused({ centre: 0, frequencies: [NaN] }, "NaN");
});

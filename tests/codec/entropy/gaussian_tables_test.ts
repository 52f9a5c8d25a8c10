import {
  gaussianScale,
  gaussianTable,
  gaussianTables,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { crc32 } from "@/codec/format/crc32.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";

/** The share of a standard normal distribution within ±x, by its series. */
function shareWithin(x: number): number {
  if (x > 9) return 1;
  let term = x, sum = x;
  for (let n = 1; n < 300; n++) {
    term *= x * x / (2 * n + 1);
    sum += term;
  }
  return 2 * sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** Bits of an escape: a unary length, then what is below the highest bit. */
function escapeBits(excess: number): number {
  const length = 32 - Math.clz32(excess);
  return length + 1 + Math.max(0, length - 1);
}

/** Mean bits of a rounded normal value: at best, and with the table. */
function meanBits(index: number): { entropy: number; cost: number } {
  const deviation = gaussianScale(index);
  const { frequencies } = gaussianTable(index);
  const size = frequencies.length - 1;
  let entropy = 0, cost = 0;
  for (let value = 0; value < 12 * deviation + 2; value++) {
    const outer = shareWithin((value + 0.5) / deviation);
    const share = value === 0
      ? outer
      : (outer - shareWithin((value - 0.5) / deviation)) / 2;
    if (share < 1e-14) continue;
    for (const signed of value === 0 ? [0] : [-value, value]) {
      const place = (signed << 1) ^ (signed >> 31);
      entropy -= share * Math.log2(share);
      cost += share * (16 - Math.log2(frequencies[Math.min(place, size)]!));
      if (place >= size) cost += share * escapeBits(place - size);
    }
  }
  return { entropy, cost };
}

Deno.test("scales are six to the octave, from 0.088 to 128", () => {
  assertEquals(gaussianScale(UNIT_SCALE), 1);
  assertEquals(gaussianScale(63), 128);
  for (let index = 0; index < 64; index++) {
    const exact = 2 ** ((index - UNIT_SCALE) / 6);
    assertAlmostEquals(gaussianScale(index) / exact, 1, 1e-15);
  }
  for (const index of [-1, 64, 0.5, NaN]) {
    assertThrows(() => gaussianScale(index), RangeError, String(index));
  }
});

Deno.test("tables are symmetric and fall from the centre", () => {
  for (let index = 0; index < 64; index++) {
    const { centre, frequencies } = gaussianTable(index);
    const size = frequencies.length - 1;
    assertEquals(centre, 0);
    assertEquals(size % 2, 1);
    for (let place = 1; place < size; place += 2) {
      const [below, above] = [frequencies[place]!, frequencies[place + 1]!];
      assert(Math.abs(below - above) <= 1);
      if (place > 2) assert(below <= frequencies[place - 2]! + 1);
    }
  }
});

Deno.test("tables cost at most 0.1 % or 1/5000 bit over the entropy", () => {
  for (let index = 0; index < 64; index++) {
    const { entropy, cost } = meanBits(index);
    assert(cost > entropy - 1e-9, `scale ${index}`);
    assertLess(cost, Math.max(1.001 * entropy, entropy + 2e-4), `${index}`);
  }
});

Deno.test("tables are the same to the bit on every machine", () => {
  const { cumulative } = gaussianTables();
  const view = new DataView(new ArrayBuffer(4 * cumulative.length));
  cumulative.forEach((sum, i) => view.setUint32(4 * i, sum, true));
  assertEquals(cumulative.length, 8796);
  assertEquals(crc32(new Uint8Array(view.buffer)).toString(16), "969cca1b");
});

import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertLess,
  assertThrows,
} from "@std/assert";
import {
  assertRoundTrip,
  decode,
  drawValue,
  encode,
  gaussianStream,
  idealBits,
  randomInt32,
  randomTable,
  type Stream,
} from "../_streams.ts";

const gaussian = gaussianTables();
const EXTREMES = [
  ...[0, 1, -1, 2, -2, 32767, -32768, 65535, 65536, -65536],
  ...[2 ** 30, -(2 ** 30), 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1],
];

Deno.test("random values of random tables come back", () => {
  const random = seededRandom("round trip");
  for (let i = 0; i < 300; i++) {
    const tables = Array.from(
      { length: randomInteger(random, 1, 5) },
      () => randomTable(random, randomInteger(random, 0, 80)),
    );
    const count = randomInteger(random, 0, 200);
    const indices = Uint16Array.from(
      { length: count },
      () => randomInteger(random, 0, tables.length - 1),
    );
    // Some as their tables have them, some of any size.
    const values = Int32Array.from(indices, (index) => {
      const table = tables[index]!;
      return random() < 0.8 && table.frequencies.length > 1
        ? drawValue(random, table)
        : randomInt32(random);
    });
    assertRoundTrip({ tables: new FrequencyTables(tables), indices, values });
  }
});

Deno.test("whole numbers of 32 bits come back from every table", () => {
  const values = Int32Array.from(EXTREMES);
  for (let table = 0; table < gaussian.count; table++) {
    const indices = new Uint16Array(values.length).fill(table);
    assertRoundTrip({ tables: gaussian, indices, values });
  }
  for (const centre of [2 ** 31 - 1, -(2 ** 31), 12345]) {
    const tables = new FrequencyTables([
      { centre, frequencies: [65000, 300, 200, 36] },
    ]);
    const indices = new Uint16Array(values.length);
    assertRoundTrip({ tables, indices, values });
  }
});

Deno.test("escapes of every length come back, and alone", () => {
  const tables = new FrequencyTables([{ centre: 0, frequencies: [65536] }]);
  for (let bits = 0; bits < 32; bits++) {
    for (const value of [2 ** bits - 1, 2 ** bits, -(2 ** bits)]) {
      assertRoundTrip({
        tables,
        indices: new Uint16Array(1),
        values: Int32Array.of(value),
      });
    }
  }
  const random = seededRandom("escapes");
  const indices = new Uint16Array(5000);
  const values = Int32Array.from(indices, () => randomInt32(random));
  const bytes = assertRoundTrip({ tables, indices, values });
  // 63 bits are the most that one takes.
  assertLess(bytes.length, 5000 * 8);
});

Deno.test("the rarest and the surest value come back", () => {
  const tables = new FrequencyTables([
    { centre: 0, frequencies: [65534, 1, 1] },
    { centre: 0, frequencies: [1, 65534, 1] },
    { centre: 0, frequencies: [1, 1, 65534] },
  ]);
  const random = seededRandom("rare");
  for (const [first, second] of [[0, 0], [-1, -1], [0, -1]] as const) {
    for (let i = 0; i < 30; i++) {
      const indices = Uint16Array.from({ length: 300 }, () => random() * 3);
      const values = Int32Array.from(
        indices,
        () => random() < 0.5 ? first : second,
      );
      assertRoundTrip({ tables, indices, values });
    }
  }
});

Deno.test("no values make no bytes, and sure ones hardly any", () => {
  const tables = new FrequencyTables([{ centre: 7, frequencies: [65535, 1] }]);
  for (const [count, bytes] of [[0, 0], [1, 1], [200, 1], [60_000, 2]]) {
    const indices = new Uint16Array(count!);
    const values = new Int32Array(count!).fill(7);
    assertEquals(assertRoundTrip({ tables, indices, values }).length, bytes);
  }
});

/** Values that need an escape made 0, whose cost is that of the table. */
function withoutEscapes(stream: Stream): Stream {
  const { tables, indices } = stream;
  const values = stream.values.map((value, i) =>
    2 * Math.abs(value) < tables.sizes[indices[i]!]! ? value : 0
  );
  return { ...stream, values };
}

Deno.test("10,000 values take at most 0.5 % over the entropy", () => {
  const random = seededRandom("entropy");
  for (const [from, to] of [[10, 16], [0, 63], [12, 30], [30, 50]] as const) {
    const stream = withoutEscapes(
      gaussianStream(random, gaussian, 10_000, from, to),
    );
    const bits = 8 * assertRoundTrip(stream).length;
    assertLess(bits, 1.005 * idealBits(stream), `scales ${from} to ${to}`);
  }
  for (const size of [10, 100, 1000]) {
    const table = randomTable(random, size);
    const indices = new Uint16Array(10_000);
    const values = Int32Array.from(indices, () => drawValue(random, table));
    const stream = { tables: new FrequencyTables([table]), indices, values };
    const bits = 8 * assertRoundTrip(stream).length;
    assertLess(bits, 1.005 * idealBits(stream), `${size} values`);
  }
});

Deno.test("a stream takes at most 4 bytes over the entropy", () => {
  const random = seededRandom("short streams");
  for (let count = 0; count < 300; count++) {
    const stream = withoutEscapes(
      gaussianStream(random, gaussian, count, 0, 63),
    );
    const bits = 8 * assertRoundTrip(stream).length;
    assertLess(bits, idealBits(stream) + 33, `${count} values`);
  }
});

Deno.test("one stream holds several sets of tables, read in any pieces", () => {
  const random = seededRandom("pieces");
  const other = new FrequencyTables([randomTable(random, 30)]);
  const first = {
    tables: other,
    indices: new Uint16Array(50),
    values: Int32Array.from({ length: 50 }, () => randomInt32(random)),
  };
  const second = gaussianStream(random, gaussian, 777, 0, 63);
  const encoder = new RansEncoder();
  for (const { tables, indices, values } of [first, second]) {
    encoder.push(tables, indices, values);
  }
  const bytes = encoder.finish();
  assertEquals(encoder.finish().length, 0); // as new

  const decoder = new RansDecoder(bytes);
  for (const { tables, indices, values } of [first, second]) {
    for (let at = 0; at < indices.length;) {
      const end = Math.min(indices.length, at + randomInteger(random, 0, 90));
      const piece = new Int32Array(end - at);
      assertFalse(decoder.atEnd);
      decoder.decode(tables, indices.subarray(at, end), piece);
      assertEquals(piece, values.slice(at, end));
      at = end;
    }
  }
  assert(decoder.atEnd);
});

Deno.test("the decoder gives values for any bytes, always the same", () => {
  const random = seededRandom("hostile");
  const tables = new FrequencyTables([
    ...[0, 1, 5, 300].map((size) => randomTable(random, size)),
    { centre: 2 ** 31 - 1, frequencies: [1, 1, 65534] },
  ]);
  const fills = [() => 0, () => 255, () => 256 * random(), () => 128];
  for (let length = 0; length < 60; length++) {
    for (const fill of fills) {
      const bytes = Uint8Array.from({ length }, fill);
      // Far more values than there are bytes.
      const indices = Uint16Array.from(
        { length: 400 },
        () => randomInteger(random, 0, tables.count - 1),
      );
      const { values } = decode(bytes, { tables, indices });
      assertEquals(decode(bytes, { tables, indices }).values, values);
      // Nothing beyond the stream's end is read.
      const within = new Uint8Array(length + 40).fill(99);
      within.set(bytes, 20);
      const view = within.subarray(20, 20 + length);
      assertEquals(decode(view, { tables, indices }).values, values);
    }
  }
});

Deno.test("a million values of random bytes take seconds at most", () => {
  const random = seededRandom("time");
  const tables = new FrequencyTables([{ centre: 0, frequencies: [65536] }]);
  const bytes = Uint8Array.from({ length: 100_000 }, () => 256 * random());
  const started = performance.now();
  decode(bytes, { tables, indices: new Uint16Array(1_000_000) });
  assertLess(performance.now() - started, 10_000);
});

Deno.test("a stream that is changed, cut or too long shows at its end", () => {
  const random = seededRandom("changed");
  const stream = gaussianStream(random, gaussian, 400, 5, 40);
  const bytes = encode(stream);
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.slice();
    changed[i]! ^= 1 + Math.floor(255 * random());
    assertFalse(decode(changed, stream).atEnd, `byte ${i} changed`);
    assertFalse(decode(bytes.subarray(0, i), stream).atEnd, `cut to ${i}`);
  }
  assertFalse(decode(Uint8Array.of(...bytes, 0), stream).atEnd);
  const fewer = { ...stream, indices: stream.indices.subarray(1) };
  assertFalse(decode(bytes, fewer).atEnd);
});

Deno.test("tables that are not there and lengths that differ are refused", () => {
  const encoder = new RansEncoder();
  const decoder = new RansDecoder(new Uint8Array(0));
  const values = new Int32Array(2);
  for (
    const coder of [encoder.push.bind(encoder), decoder.decode.bind(decoder)]
  ) {
    assertThrows(
      () => coder(gaussian, Uint16Array.of(0, 64), values),
      RangeError,
      "indices[1] must be in 0..63, got 64.",
    );
    assertThrows(
      () => coder(gaussian, new Uint16Array(3), values),
      RangeError,
      "3 tables for 2 values",
    );
  }
});

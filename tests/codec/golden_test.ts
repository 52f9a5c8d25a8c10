/**
 * Pinned bytes: what is written now must be read for ever. None of the numbers
 * here depends on functions that differ between engines.
 */
import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import {
  gaussianScale,
  gaussianTable,
  gaussianTables,
} from "@/codec/entropy/gaussian_tables.ts";
import { nestedTables } from "@/codec/entropy/nested_tables.ts";
import { RansEncoder } from "@/codec/entropy/rans.ts";
import { crc32 } from "@/codec/format/crc32.ts";
import { readContainer, writeContainer } from "@/codec/mod.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertExpected } from "../expected.ts";
import { decode, drawValue, encode, type Stream } from "./_streams.ts";

const GOLDEN = new URL(
  "../expected/codec/three_layers.onecode",
  import.meta.url,
);
const FORMAT = new URL("../../lib/codec/FORMAT.md", import.meta.url);

/** 3 channels, as a model's weights would hold them. */
const CHANNELS: FrequencyTable[] = [
  { centre: -3, frequencies: [30000, 20000, 10000, 5000, 500, 36] },
  { centre: 700, frequencies: [65535, 1] },
  { centre: 0, frequencies: [65536] },
];

/** Values of given tables, every 50th of them any number of 32 bits. */
function stream(
  key: string,
  list: readonly FrequencyTable[],
  count: number,
): Stream {
  const random = seededRandom(key);
  const indices = Uint16Array.from(
    { length: count },
    () => randomInteger(random, 0, list.length - 1),
  );
  const values = Int32Array.from(indices, (index, i) => {
    const table = list[index]!;
    const escapes = i % 50 === 0 || table.frequencies.length === 1;
    return escapes
      ? Math.floor((random() - 0.5) * 2 ** randomInteger(random, 1, 32))
      : drawValue(random, table);
  });
  return { tables: new FrequencyTables(list), indices, values };
}

const scales = Array.from({ length: 64 }, (_, index) => gaussianTable(index));
const start = stream("start", CHANNELS, 20);
const first = [stream("hyper", CHANNELS, 99), stream("first", scales, 1000)];
const second = stream("second", scales, 2000);

function goldenFile(): Uint8Array {
  const encoder = new RansEncoder();
  for (const { tables, indices, values } of first) {
    encoder.push(tables, indices, values);
  }
  return writeContainer({
    model: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    ...{ width: 172, height: 344, quality: 75, coarseness: 2, effort: 3 },
    layers: [encode(start), encoder.finish(), encode(second)],
  });
}

/** The bytes of numbers of 32 bits, lowest first, whatever the machine. */
function littleEndian(numbers: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  Array.from(numbers).forEach((n, i) => view.setUint32(4 * i, n, true));
  return new Uint8Array(view.buffer);
}

const hex = (crc: number) => crc.toString(16).padStart(8, "0");

Deno.test("a file with all layers is written as it always was", async () => {
  await assertExpected("codec/three_layers.onecode", goldenFile());
});

Deno.test("the golden file is read as it was written", async () => {
  const { layers, restIs } = readContainer(await Deno.readFile(GOLDEN));
  assertEquals(restIs, "complete");
  for (const [i, stream] of [[0, start], [2, second]] as const) {
    const { values, atEnd } = decode(layers[i]!, stream);
    assertEquals(values, stream.values);
    assert(atEnd);
  }
  // One stream, of two sets of tables: those of the first come first.
  const hyper = decode(layers[1]!, first[0]!);
  assertEquals(hyper.values, first[0]!.values);
});

Deno.test("the tables of all scales are what they always were", async () => {
  const lines = scales.map(({ frequencies }, index) =>
    [
      String(index).padStart(2),
      String(gaussianScale(index)).padEnd(19),
      String(frequencies.length - 1).padStart(3),
      hex(crc32(littleEndian(frequencies))),
      Array.from(frequencies).slice(0, 6).join(" "),
    ].join("  ")
  );
  const title = "scale, deviation, values, CRC-32, first frequencies\n";
  await assertExpected("codec/tables.txt", `${title}${lines.join("\n")}\n`);
});

const dump = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

Deno.test("the tables that FORMAT.md describes have its checksums", async () => {
  const text = await Deno.readTextFile(FORMAT);
  assertStringIncludes(
    text,
    hex(crc32(littleEndian(gaussianTables().cumulative))),
  );
  const squeezed = text.replaceAll(/ +/g, " ");
  for (const index of [0, 12, 21, 33, 63]) {
    const { frequencies } = scales[index]!;
    const row = [
      index,
      frequencies.length - 1,
      Array.from(frequencies).slice(0, 4).join(" "),
      frequencies[frequencies.length - 1],
      hex(crc32(littleEndian(frequencies))),
    ];
    assertStringIncludes(squeezed, `| ${row.join(" | ")} |`);
  }
  for (const cells of [2, 4]) {
    const { coarse, refinement } = nestedTables(gaussianTables(), cells);
    const row = [coarse, refinement].map(({ cumulative }) =>
      `${cumulative.length} | ${hex(crc32(littleEndian(cumulative)))}`
    );
    assertStringIncludes(squeezed, `| ${cells} | ${row.join(" | ")} |`);
  }
});

Deno.test("the examples of FORMAT.md are right", async () => {
  const text = await Deno.readTextFile(FORMAT);
  const stream = encode({
    tables: gaussianTables(),
    indices: Uint16Array.of(21, 21, 40, 0),
    values: Int32Array.of(1, -2, 100, 0),
  });
  assertStringIncludes(text, `\n    ${dump(stream)}\n`);
  const file = writeContainer({
    model: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    ...{ width: 640, height: 427, quality: 75, coarseness: 1, effort: 2 },
    layers: [Uint8Array.of(0xaa), Uint8Array.of(0xbb), new Uint8Array(0)],
  });
  const example = /^ {4}f1 6f .*(\n {4}\S.*)*/m.exec(text)![0];
  const bytes = example.split("\n")
    .map((line) => line.trim().replace(/ {2,}.*/, "")).join(" ");
  assertEquals(bytes, dump(file));
});

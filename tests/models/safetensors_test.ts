import {
  readSafetensors,
  type Safetensors,
  SafetensorsError,
  type StoredNumbers,
  writeSafetensors,
} from "@/models/safetensors.ts";
import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";

const sample: Safetensors = {
  tensors: new Map([
    ["b/kernel", {
      shape: [2, 3],
      data: new Float32Array([1, -2, 3.5, 0, -0, 6]),
    }],
    ["scalar", { shape: [], data: new Float32Array([NaN]) }],
    ["empty", { shape: [0, 4], data: new Float32Array(0) }],
    ['ä "quoted"', { shape: [1], data: new Float32Array([1e-40]) }],
  ]),
  metadata: { step: "12", "run name": "é\n" },
};

/** A file from the text of its header and its data. */
function file(header: string, data: number[] = []): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

Deno.test("safetensors come back as they were written, bit for bit", () => {
  const { tensors, metadata } = readSafetensors(writeSafetensors(sample));
  assertEquals(metadata, sample.metadata);
  assertEquals([...tensors.keys()], [...sample.tensors.keys()]);
  for (const [name, { shape, data }] of sample.tensors) {
    assertEquals(tensors.get(name)?.shape, shape);
    const bits = ({ buffer, byteOffset, byteLength }: StoredNumbers) =>
      new Uint8Array(buffer, byteOffset, byteLength);
    assertEquals(bits(tensors.get(name)!.data), bits(data));
  }
});

Deno.test("whole numbers keep their type, and 16-bit floats become 32-bit ones", () => {
  // All that there are.
  const halves = new Float16Array(
    Uint16Array.from({ length: 2 ** 16 }, (_, i) => i).buffer,
  );
  const all: [string, StoredNumbers][] = [
    ["halves", halves],
    ["ints", Int32Array.of(-7, 2 ** 30)],
    ["shorts", Int16Array.of(-32768, 32767, 5)],
    ["bytes", Uint8Array.of(255)],
  ];
  const bytes = writeSafetensors({
    tensors: new Map(
      all.map(([name, data]) => [name, { shape: [data.length], data }]),
    ),
    metadata: {},
  });
  const { tensors } = readSafetensors(bytes);
  for (const [name, data] of all.slice(1)) {
    assertEquals(tensors.get(name)?.data, data);
  }
  const numbers = tensors.get("halves")!.data;
  assert(numbers instanceof Float32Array);
  assertEquals(Array.from(numbers), Array.from(halves)); // there are many NaN
});

Deno.test("safetensors of parts of larger buffers come back", () => {
  const whole = new Float32Array([0, 1, 2, 3]);
  const part = { shape: [2], data: whole.subarray(1, 3) };
  const bytes = writeSafetensors({
    tensors: new Map([["part", part]]),
    metadata: {},
  });
  const padded = new Uint8Array(bytes.length + 3);
  padded.set(bytes, 3);
  const { tensors } = readSafetensors(padded.subarray(3));
  assertEquals(tensors.get("part")?.data, new Float32Array([1, 2]));
});

Deno.test("a file is laid out as the format asks", () => {
  const bytes = writeSafetensors({
    tensors: new Map([["w", { shape: [2], data: new Float32Array([1, 2]) }]]),
    metadata: { a: "b" },
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assertEquals((8 + length) % 8, 0);
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  assertEquals(JSON.parse(header), {
    __metadata__: { a: "b" },
    w: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  });
  assertStrictEquals(bytes.length, 8 + length + 8);
  const one = bytes.subarray(8 + length, 8 + length + 4);
  assertEquals([...one], [0, 0, 0x80, 0x3f]);
});

Deno.test("a file that is cut short anywhere is refused", () => {
  const bytes = writeSafetensors(sample);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(
      () => readSafetensors(bytes.subarray(0, length)),
      SafetensorsError,
    );
  }
});

Deno.test("a broken header is refused with a reason", () => {
  const entry = (rest: string) => file(`{"w": {"dtype": "F32", ${rest}}}`);
  const cases = [
    [file("{nonsense"), "The file's header is not JSON."],
    [file("null"), "The file's header is not JSON."],
    [file("7"), "The file's header is not JSON."],
    [file('{"w": null}'), 'Tensor "w" has no shape or place.'],
    [entry('"shape": [1]'), 'Tensor "w" has no shape or place.'],
    [
      entry('"shape": [-1], "data_offsets": [4, 0]'),
      'Tensor "w" has no shape or place.',
    ],
    [
      entry('"shape": [2], "data_offsets": [0, 4]'),
      'Tensor "w" is not 2 numbers of type "F32".',
    ],
    [
      entry('"shape": [1], "data_offsets": [0, 4]'),
      'The file ends before tensor "w" does.',
    ],
    [
      file('{"w": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}'),
      'Tensor "w" is not 1 numbers of type "F64".',
    ],
    [
      file('{"w": {"dtype": "toString", "shape": [], "data_offsets": [0, 4]}}'),
      'Tensor "w" is not 1 numbers of type "toString".',
    ],
    [new Uint8Array(8).fill(255), "The file ends inside its header."],
  ] as const;
  for (const [bytes, message] of cases) {
    assertThrows(() => readSafetensors(bytes), SafetensorsError, message);
  }
});

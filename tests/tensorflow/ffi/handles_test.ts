import { assertEquals, assertThrows } from "@std/assert";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { handleCount, tf } from "@/tensorflow/mod.ts";
import { getHandle, newHandle, readHandle } from "@/tensorflow/ffi/handles.ts";
import type { TensorValues } from "@/tensorflow/ffi/host_tensor.ts";

/** What comes back of values that go in. */
function roundTrip(shape: number[], dtype: number, values: TensorValues) {
  const id = newHandle(shape, dtype, values);
  try {
    return readHandle(getHandle(id));
  } finally {
    binding.deleteTensor(id);
  }
}

Deno.test("numbers come back as they went in", () => {
  const floats = new Float32Array([1.5, -0, NaN, Infinity, 3e-45, 1e38]);
  assertEquals(roundTrip([2, 3], DataType.FLOAT, floats), floats);
  const integers = new Int32Array([-(2 ** 31), 2 ** 31 - 1]);
  assertEquals(roundTrip([2], DataType.INT32, integers), integers);
  const bytes = new Uint8Array([0, 255]);
  assertEquals(roundTrip([2, 1], DataType.UINT8, bytes), bytes);
  const booleans = new Uint8Array([1, 0, 1]);
  assertEquals(roundTrip([3], DataType.BOOL, booleans), booleans);
});

Deno.test("a view of a longer array gives its own part only", () => {
  const view = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(roundTrip([2], DataType.FLOAT, view), new Float32Array([2, 3]));
});

Deno.test("tensors without elements and scalars work", () => {
  assertEquals(
    roundTrip([2, 0], DataType.FLOAT, new Float32Array(0)),
    new Float32Array(0),
  );
  assertEquals(
    roundTrip([], DataType.INT32, new Int32Array([7])),
    new Int32Array([7]),
  );
  assertEquals(roundTrip([0], DataType.STRING, []), []);
});

Deno.test("arrays of another type are converted, not reinterpreted", () => {
  assertEquals(
    roundTrip([2], DataType.FLOAT, new Int32Array([1, 2])),
    new Float32Array([1, 2]),
  );
  assertEquals(
    roundTrip([2], DataType.INT32, [3, true] as unknown as string[]),
    new Int32Array([3, 1]),
  );
});

Deno.test("int64 takes pairs of int32, and comes back as int32 where it fits", () => {
  const { INT64 } = DataType;
  assertEquals(
    roundTrip([2], INT64, new Int32Array([5, 0, -2, -1])),
    new Int32Array([5, -2]),
  );
  const large = new BigInt64Array([2n ** 40n, -1n]);
  assertEquals(roundTrip([2], INT64, large), large);
});

Deno.test("complex numbers go in and out in pairs", () => {
  const pairs = new Float32Array([1, 2, 3, -4]);
  assertEquals(roundTrip([2], DataType.COMPLEX64, pairs), pairs);
  const product = tf.tidy(() => {
    const i = tf.complex([0], [1]);
    return tf.real(tf.mul(i, i)).dataSync();
  });
  assertEquals(product, new Float32Array([-1]));
});

Deno.test("strings come back byte for byte: short, long, empty, binary", () => {
  const texts = [
    "",
    "a",
    "x".repeat(22),
    "y".repeat(23),
    "é∑𝄞".repeat(100),
    new Uint8Array([0, 255, 0, 128]),
    new Uint8Array(100_000).fill(0),
  ];
  const bytes = texts.map((text) =>
    typeof text === "string" ? new TextEncoder().encode(text) : text
  );
  assertEquals(roundTrip([7], DataType.STRING, texts), bytes);
});

Deno.test("strings outlive the arrays that they came from", () => {
  const source = new Uint8Array(new TextEncoder().encode("z".repeat(40)));
  const id = newHandle([1], DataType.STRING, [source]);
  source.fill(0);
  const [bytes] = readHandle(getHandle(id)) as Uint8Array[];
  assertEquals(new TextDecoder().decode(bytes), "z".repeat(40));
  binding.deleteTensor(id);
});

Deno.test("values and shape must agree", () => {
  const handles = handleCount();
  assertThrows(
    () => newHandle([2, 2], DataType.FLOAT, new Float32Array(3)),
    RangeError,
    "Shape [2, 2] of float takes 16 bytes, but the values have 12.",
  );
  assertThrows(
    () => newHandle([2], DataType.STRING, ["a"]),
    RangeError,
    "Shape [2] takes 2 strings, not 1.",
  );
  assertThrows(
    () => newHandle([1], 99, new Uint8Array(1)),
    RangeError,
    "Cannot make a tensor of data type 99.",
  );
  assertEquals(handleCount(), handles);
});

Deno.test("a tensor is deleted once", () => {
  const handles = handleCount();
  const id = newHandle([1], DataType.FLOAT, new Float32Array(1));
  assertEquals(handleCount(), handles + 1);
  binding.deleteTensor(id);
  assertEquals(handleCount(), handles);
  assertThrows(
    () => binding.deleteTensor(id),
    RangeError,
    `No tensor has number ${id}.`,
  );
});

Deno.test("a resource has no values to read", () => {
  const [writer] = binding.executeOp("SummaryWriter", [], [], 1);
  assertEquals(writer!.dtype, DataType.RESOURCE);
  assertEquals(binding.tensorDataSync(writer!.id), new Uint8Array(0));
  binding.deleteTensor(writer!.id);
});

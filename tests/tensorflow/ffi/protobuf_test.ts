import { assertEquals, assertThrows } from "@std/assert";
import { ProtobufWriter, readFields } from "@/tensorflow/ffi/protobuf.ts";

Deno.test("ProtobufWriter writes the example of the encoding's documentation", () => {
  assertEquals(
    new ProtobufWriter().varint(1, 150).finish(),
    new Uint8Array([0x08, 0x96, 0x01]),
  );
  assertEquals(
    new ProtobufWriter().bytes(2, "testing").finish(),
    new Uint8Array([0x12, 0x07, ...new TextEncoder().encode("testing")]),
  );
});

Deno.test("readFields() reads what ProtobufWriter writes", () => {
  const inner = new ProtobufWriter().varint(1, 150);
  const message = new ProtobufWriter()
    .varint(1, 0)
    .varint(16, 2 ** 40 + 1)
    .bytes(3, inner)
    .bytes(4, new Uint8Array(300))
    .finish();
  assertEquals(Array.from(readFields(message)), [
    { number: 1, value: 0 },
    { number: 16, value: 2 ** 40 + 1 },
    { number: 3, value: inner.finish() },
    { number: 4, value: new Uint8Array(300) },
  ]);
});

Deno.test("readFields() gives fixed fields as bytes", () => {
  const message = new Uint8Array([0x0d, 1, 2, 3, 4, 0x11, ...Array(8).fill(7)]);
  assertEquals(Array.from(readFields(message)), [
    { number: 1, value: new Uint8Array([1, 2, 3, 4]) },
    { number: 2, value: new Uint8Array(8).fill(7) },
  ]);
});

Deno.test("ProtobufWriter writes floating-point numbers in little-endian order", () => {
  assertEquals(
    new ProtobufWriter().float(1, 1).double(2, -2).finish(),
    new Uint8Array([0x0d, 0, 0, 0x80, 0x3f, 0x11, ...Array(7).fill(0), 0xc0]),
  );
});

Deno.test("readFields() refuses messages that are cut short", () => {
  for (const bytes of [[0x08], [0x08, 0x80], [0x12, 5, 1], [0x0d, 1]]) {
    assertThrows(
      () => Array.from(readFields(new Uint8Array(bytes))),
      RangeError,
      "cut short",
    );
  }
});

Deno.test("readFields() refuses groups", () => {
  assertThrows(
    () => Array.from(readFields(new Uint8Array([0x0b]))),
    RangeError,
    "Protocol buffer wire type 3 is not read.",
  );
});

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { tensorFlowVersion } from "@/tensorflow/mod.ts";
import {
  cString,
  readCString,
  TensorFlowError,
} from "@/tensorflow/ffi/status.ts";

Deno.test("TensorFlowError names op, message and code", () => {
  const error = new TensorFlowError("MatMul", "no", "ABORTED");
  assertEquals(error.message, "MatMul: no (ABORTED)");
  assertEquals([error.name, error.op, error.code], [
    "TensorFlowError",
    "MatMul",
    "ABORTED",
  ]);
});

Deno.test("cString() ends with a zero byte and is made once", () => {
  assertEquals(cString("é"), new Uint8Array([0xc3, 0xa9, 0]));
  assertStrictEquals(cString("MatMul"), cString("MatMul"));
});

Deno.test("readCString() reads text, and nothing at all of a null pointer", () => {
  const bytes = cString("Größe");
  assertEquals(readCString(Deno.UnsafePointer.of(bytes)), "Größe");
  assertEquals(readCString(null), "");
});

Deno.test("tensorFlowVersion is a version", () => {
  assertMatch(tensorFlowVersion, /^2\.\d+\.\d+/);
});

import { assertEquals, assertThrows } from "@std/assert";
import {
  bytesPerElement,
  DataType,
  dtypeName,
  dtypeOfTfjs,
  elementCount,
} from "@/tensorflow/ffi/dtypes.ts";

Deno.test("bytesPerElement() knows the width of each numeric type", () => {
  const { FLOAT, DOUBLE, INT32, UINT8, INT64, COMPLEX64, BOOL, HALF } =
    DataType;
  const types = [FLOAT, DOUBLE, INT32, UINT8, INT64, COMPLEX64, BOOL, HALF];
  assertEquals(types.map(bytesPerElement), [4, 8, 4, 1, 8, 8, 1, 2]);
});

Deno.test("bytesPerElement() refuses types without a width", () => {
  assertThrows(
    () => bytesPerElement(DataType.STRING),
    RangeError,
    "Cannot make a tensor of data type 7.",
  );
  assertThrows(() => bytesPerElement(99), RangeError, "99");
});

Deno.test("dtypeName() names types, also unknown ones", () => {
  assertEquals(dtypeName(DataType.COMPLEX64), "complex64");
  assertEquals(dtypeName(99), "data type 99");
});

Deno.test("dtypeOfTfjs() translates tfjs's names", () => {
  assertEquals(dtypeOfTfjs("float32"), DataType.FLOAT);
  assertEquals(dtypeOfTfjs("string"), DataType.STRING);
  assertThrows(
    () => dtypeOfTfjs("float16"),
    RangeError,
    'dtype must be one of float32, int32, int64, bool, complex64, string, got "float16".',
  );
});

Deno.test("elementCount() multiplies the axes", () => {
  assertEquals(elementCount([]), 1);
  assertEquals(elementCount([2, 3, 4]), 24);
  assertEquals(elementCount([5, 0]), 0);
});

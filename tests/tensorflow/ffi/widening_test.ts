import { assertEquals } from "@std/assert";
import { AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { inputsToWiden, withSourceType } from "@/tensorflow/ffi/widening.ts";

const { FLOAT, INT32, INT64, UINT8 } = DataType;

function type(name: string, value: number) {
  return { name, type: AttributeType.TYPE, value };
}

Deno.test("inputsToWiden() picks inputs that the op takes as int32", () => {
  const T = [type("T", INT32)];
  assertEquals(inputsToWiden("AddV2", T, [UINT8, INT32]), [true, false]);
  assertEquals(inputsToWiden("AddV2", T, [INT64, UINT8]), [true, true]);
  assertEquals(inputsToWiden("AddV2", T, [INT32, INT32]), [false, false]);
});

Deno.test("inputsToWiden() leaves inputs whose type nobody states", () => {
  assertEquals(inputsToWiden("AddV2", [], [INT64, INT64]), [false, false]);
  const T = [type("T", FLOAT)];
  assertEquals(inputsToWiden("AddV2", T, [INT64, FLOAT]), [false, false]);
  assertEquals(inputsToWiden("Cast", [type("SrcT", INT32)], [INT64]), [false]);
});

Deno.test("inputsToWiden() looks at each input of a list", () => {
  const attributes = [type("T", INT32), type("Tidx", INT32)];
  assertEquals(
    inputsToWiden("ConcatV2", attributes, [UINT8, INT32, UINT8, INT32]),
    [true, false, true, false],
  );
});

Deno.test("inputsToWiden() knows inputs of a fixed type", () => {
  assertEquals(
    inputsToWiden("ResizeBilinear", [type("T", FLOAT)], [FLOAT, INT64]),
    [false, true],
  );
});

Deno.test("withSourceType() corrects a cast only", () => {
  const source = type("SrcT", INT32);
  assertEquals(withSourceType("Cast", source, UINT8), type("SrcT", UINT8));
  assertEquals(withSourceType("Sum", source, UINT8), source);
  const target = type("DstT", INT32);
  assertEquals(withSourceType("Cast", target, UINT8), target);
});

import { assertEquals, assertThrows } from "@std/assert";
import { opDefinition, splitInputs } from "@/tensorflow/ffi/op_definitions.ts";
import { TensorFlowError } from "@/tensorflow/ffi/status.ts";

/** Lengths of the declared inputs; lists in brackets. */
function split(name: string, count: number, lengths = {}): string {
  return splitInputs(name, count, new Map(Object.entries(lengths)))
    .map(({ length, list }) => list ? `[${length}]` : `${length}`).join(" ");
}

Deno.test("opDefinition() names the attribute that holds an input's type", () => {
  const { inputs, stateful } = opDefinition("MatMul");
  assertEquals(inputs.map(({ typeAttr }) => typeAttr), ["T", "T"]);
  assertEquals(stateful, false);
});

Deno.test("opDefinition() knows fixed types and side effects", () => {
  const definition = opDefinition("WriteScalarSummary");
  assertEquals(definition.inputs.map(({ type }) => type), [20, 9, 7, 0]);
  assertEquals(definition.stateful, true);
});

Deno.test("opDefinition() refuses an op that there is not", () => {
  const error = assertThrows(() => opDefinition("NoSuchOp"), TensorFlowError);
  assertEquals(error.op, "NoSuchOp");
  assertEquals(error.code, "NOT_FOUND");
});

Deno.test("splitInputs() leaves plain inputs single", () => {
  assertEquals(split("MatMul", 2), "1 1");
  assertEquals(split("Split", 2, { num_split: 3 }), "1 1");
  assertEquals(split("ReadVariableOp", 1), "1");
});

Deno.test("splitInputs() gives a list what the plain inputs leave", () => {
  assertEquals(split("ConcatV2", 4, { N: 3 }), "[3] 1");
  assertEquals(split("ConcatV2", 4), "[3] 1");
  assertEquals(split("AddN", 5), "[5]");
  assertEquals(split("Pack", 1), "[1]");
  assertEquals(split("Einsum", 2), "[2]");
  assertEquals(split("IdentityN", 3), "[3]");
  assertEquals(split("RaggedGather", 4, { PARAMS_RAGGED_RANK: 2 }), "[2] 1 1");
});

Deno.test("splitInputs() splits several lists by their attributes", () => {
  assertEquals(
    split("DynamicStitch", 6, { N: 3 }),
    "[3] [3]",
  );
  assertEquals(split("DynamicStitch", 6), "[3] [3]");
});

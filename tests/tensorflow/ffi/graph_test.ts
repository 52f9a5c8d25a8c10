import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { callFunction } from "@/tensorflow/ffi/eager.ts";
import { Graph, removeFunction } from "@/tensorflow/ffi/graph.ts";
import { TensorFlowError } from "@/tensorflow/mod.ts";
import {
  deleteHandle,
  getHandle,
  newHandle,
  readHandle,
} from "@/tensorflow/ffi/handles.ts";

const float = { name: "T", type: AttributeType.TYPE, value: DataType.FLOAT };

/** Runs a function on vectors and gives back its results' values. */
function call(
  made: { name: string; outputs: number },
  ...vectors: number[][]
): number[][] {
  const ids = vectors.map((vector) =>
    newHandle([vector.length], DataType.FLOAT, Float32Array.from(vector))
  );
  const results = callFunction(made.name, ids, made.outputs);
  const values = results.map(({ id }) =>
    Array.from(readHandle(getHandle(id)) as Float32Array)
  );
  [...ids, ...results.map(({ id }) => id)].forEach(deleteHandle);
  return values;
}

Deno.test("a graph becomes a function that can be called", () => {
  const graph = new Graph();
  const x = graph.placeholder([3], DataType.FLOAT);
  const two = graph.constant([], DataType.FLOAT, Float32Array.of(2));
  const [double] = graph.add("Mul", [float], [x, two], 1);
  assertEquals([double!.shape, double!.dtype], [[3], DataType.FLOAT]);
  assertEquals(graph.find(double!.id), double);
  assertEquals(graph.size, 3);
  const made = graph.toFunction("double it", [x], [double!]);
  graph[Symbol.dispose]();
  assertEquals(made.name.startsWith("double_it_"), true);
  assertEquals(call(made, [1, 2, 3]), [[2, 4, 6]]);
  removeFunction(made);
});

Deno.test("ops that take lists get them", () => {
  const graph = new Graph();
  const [a, b] = [2, 1].map((n) => graph.placeholder([n], DataType.FLOAT));
  const axis = graph.constant([], DataType.INT32, Int32Array.of(0));
  const [joined] = graph.add(
    "ConcatV2",
    [
      { name: "N", type: AttributeType.INT, value: 2 },
      { name: "Tidx", type: AttributeType.TYPE, value: DataType.INT32 },
      float,
    ],
    [a!, b!, axis],
    1,
  );
  assertEquals(joined!.shape, [3]);
  const made = graph.toFunction("join", [a!, b!], [joined!]);
  graph[Symbol.dispose]();
  assertEquals(call(made, [1, 2], [3]), [[1, 2, 3]]);
  removeFunction(made);
});

Deno.test("an op with several outputs gives each its shape", () => {
  const graph = new Graph();
  const x = graph.placeholder([4], DataType.FLOAT);
  const axis = graph.constant([], DataType.INT32, Int32Array.of(0));
  const count = { name: "num_split", type: AttributeType.INT, value: 2 };
  const parts = graph.add("Split", [count, float], [axis, x], 2);
  assertEquals(parts.map(({ shape }) => shape), [[2], [2]]);
  const made = graph.toFunction("split", [x], parts);
  graph[Symbol.dispose]();
  assertEquals(call(made, [1, 2, 3, 4]), [[1, 2], [3, 4]]);
  removeFunction(made);
});

Deno.test("only what a symbol needs is needed", () => {
  const graph = new Graph();
  const x = graph.placeholder([1], DataType.FLOAT);
  const [square] = graph.add("Square", [float], [x], 1);
  const [root] = graph.add("Sqrt", [float], [square!], 1);
  const [other] = graph.add("Exp", [float], [square!], 1);
  assertEquals(graph.needed(root!).length, 2);
  assertEquals(graph.needed(other!).length, 2);
  assertEquals(graph.needed(square!).length, 1);
  const made = graph.toFunction("part", [x], [root!], graph.needed(root!));
  graph[Symbol.dispose]();
  assertEquals(call(made, [3]), [[3]]);
  removeFunction(made);
});

Deno.test("errors name the op", () => {
  const graph = new Graph();
  const a = graph.placeholder([2, 3], DataType.FLOAT);
  const b = graph.placeholder([2, 3], DataType.FLOAT);
  assertThrows(
    () => graph.add("MatMul", [float], [a, b], 1),
    TensorFlowError,
    "MatMul: Dimensions must be equal, but are 3 and 2",
  );
  assertThrows(
    () => graph.add("NoSuchOp", [], [a], 1),
    TensorFlowError,
    "NoSuchOp",
  );
  assertThrows(
    () => graph.add("Where", [float], [a], 1),
    RangeError,
    "Where: the shape of its output depends on values",
  );
  graph[Symbol.dispose]();
});

Deno.test("an op with hidden state continues from call to call", () => {
  const graph = new Graph();
  const shape = graph.constant([1], DataType.INT32, Int32Array.of(2));
  const attributes = [
    { name: "dtype", type: AttributeType.TYPE, value: DataType.FLOAT },
    { name: "T", type: AttributeType.TYPE, value: DataType.INT32 },
    { name: "seed", type: AttributeType.INT, value: 7 },
    { name: "seed2", type: AttributeType.INT, value: 7 },
  ];
  const draw = () => graph.add("RandomUniform", attributes, [shape], 1)[0]!;
  const made = graph.toFunction("draw", [], [draw(), draw()]);
  graph[Symbol.dispose]();
  const first = call(made), second = call(made);
  assertEquals(first[0], first[1]); // Two generators of one seed.
  assertNotEquals(first, second);
  removeFunction(made);
});

import { assertEquals, assertThrows } from "@std/assert";
import {
  AttributeType,
  integerAttributes,
} from "@/tensorflow/ffi/attributes.ts";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";

const { STRING, INT, FLOAT, BOOL, TYPE, SHAPE } = AttributeType;

type Given = [name: string, type: number, value: unknown];

/** Runs an op with one input, or none, and reads its one output. */
function run(op: string, given: Given[], input?: number): unknown {
  const attributes = given.map(([name, type, value]) => ({
    name,
    type,
    value,
  }));
  const inputs = input === undefined ? [] : [input];
  const [output] = binding.executeOp(op, attributes, inputs, 1);
  try {
    return { shape: output!.shape, values: binding.tensorDataSync(output!.id) };
  } finally {
    binding.deleteTensor(output!.id);
  }
}

function withFloats(
  shape: number[],
  values: number[],
  fn: (id: number) => void,
): void {
  const id = binding.createTensor(
    shape,
    DataType.FLOAT,
    Float32Array.from(values),
  );
  try {
    fn(id);
  } finally {
    binding.deleteTensor(id);
  }
}

Deno.test("a list of types is no type", () => {
  withFloats([1], [1.5], (id) => {
    assertThrows(
      () => run("Cast", [["SrcT", TYPE, 1], ["DstT", TYPE, [3]]], id),
      TypeError,
      'Cast: attribute "DstT" cannot be [3].',
    );
  });
});

Deno.test("types, booleans and integers reach the op", () => {
  withFloats([1, 2], [1.5, -2.5], (id) => {
    assertEquals(
      run("Cast", [["SrcT", TYPE, 1], ["DstT", TYPE, 3]], id),
      { shape: [1, 2], values: new Int32Array([1, -2]) },
    );
  });
  withFloats([2, 1], [1, 2], (id) => {
    const given: Given[] = [["T", TYPE, 1], ["out_type", TYPE, 3]];
    assertEquals(run("Shape", given, id), {
      shape: [2],
      values: new Int32Array([2, 1]),
    });
    assertEquals(run("Squeeze", [["T", TYPE, 1]], id), {
      shape: [2],
      values: new Float32Array([1, 2]),
    });
  });
});

Deno.test("lists of integers, also empty ones, reach the op", () => {
  withFloats([1, 2, 1], [1, 2], (id) => {
    const squeeze = (axes: number[]) =>
      run("Squeeze", [["T", TYPE, 1], ["squeeze_dims", INT, axes]], id);
    assertEquals(squeeze([0]), {
      shape: [2, 1],
      values: new Float32Array([1, 2]),
    });
    assertEquals(squeeze([]), { shape: [2], values: new Float32Array([1, 2]) });
  });
});

Deno.test("floats reach the op", () => {
  withFloats([2], [-1, 1], (id) => {
    assertEquals(
      run("LeakyRelu", [["T", TYPE, 1], ["alpha", FLOAT, 0.25]], id),
      { shape: [2], values: new Float32Array([-0.25, 1]) },
    );
  });
});

Deno.test("strings reach the op, also those beyond ASCII", () => {
  const id = binding.createTensor([2], DataType.STRING, ["a", "b"]);
  const join = (separator: string) =>
    binding.executeOp(
      "ReduceJoin",
      [
        { name: "separator", type: STRING, value: separator },
        { name: "keep_dims", type: BOOL, value: true },
      ],
      [id, axis],
      1,
    )[0]!;
  const axis = binding.createTensor([1], DataType.INT32, new Int32Array([0]));
  const output = join("é∑");
  const [bytes] = binding.tensorDataSync(output.id) as Uint8Array[];
  assertEquals(new TextDecoder().decode(bytes), "aé∑b");
  assertEquals(output.shape, [1]);
  [id, axis, output.id].forEach(binding.deleteTensor);
});

Deno.test("shapes reach the op", () => {
  const [output] = binding.executeOp(
    "VarHandleOp",
    [
      { name: "dtype", type: TYPE, value: DataType.FLOAT },
      { name: "shape", type: SHAPE, value: [2, 3] },
      { name: "shared_name", type: STRING, value: "attributes_test" },
    ],
    [],
    1,
  );
  assertEquals(output!.dtype, DataType.RESOURCE);
  const wrong = binding.createTensor([1], DataType.FLOAT, new Float32Array(1));
  const assign = (id: number) =>
    binding.executeOp(
      "AssignVariableOp",
      [{ name: "dtype", type: TYPE, value: DataType.FLOAT }, {
        name: "validate_shape",
        type: BOOL,
        value: true,
      }],
      [output!.id, id],
      0,
    );
  const right = binding.createTensor(
    [2, 3],
    DataType.FLOAT,
    new Float32Array(6),
  );
  assertEquals(assign(right), []);
  assertThrows(() => assign(wrong), Error, "shape");
  [output!.id, wrong, right].forEach(binding.deleteTensor);
});

Deno.test("a fractional integer is truncated, as tfjs-node does", () => {
  withFloats([1, 2], [1, 2], (id) => {
    const given: Given[] = [["T", TYPE, 1], ["squeeze_dims", INT, [0.9]]];
    assertEquals(run("Squeeze", given, id), {
      shape: [2],
      values: new Float32Array([1, 2]),
    });
  });
});

Deno.test("values that do not fit their type are refused by name", () => {
  const cases: [number, unknown, string][] = [
    [STRING, 1, '"1"'],
    [STRING, [1], "[1]"],
    [INT, "1", '"1"'],
    [INT, NaN, '"NaN"'],
    [INT, [1, "2"], '[1,"2"]'],
    [FLOAT, null, '"null"'],
    [BOOL, 1, '"1"'],
    [TYPE, "float", '"float"'],
    [SHAPE, 3, '"3"'],
    [SHAPE, [0.5], "[0.5]"],
    [AttributeType.FUNC, "f", '"f"'],
  ];
  for (const [type, value, shown] of cases) {
    assertThrows(
      () => run("NoOp", [["x", type, value]]),
      TypeError,
      `NoOp: attribute "x" cannot be ${shown}.`,
    );
  }
});

Deno.test("integerAttributes() picks the single integers", () => {
  assertEquals(
    integerAttributes([
      { name: "N", type: INT, value: 3 },
      { name: "axes", type: INT, value: [1] },
      { name: "alpha", type: FLOAT, value: 2 },
    ]),
    new Map([["N", 3]]),
  );
});

/**
 * Runs a TensorFlow op for a kernel, bridging the types that tfjs lacks.
 *
 * @module
 */

import type { TensorInfo } from "@tensorflow/tfjs";
import { type Attribute, AttributeType } from "@/tensorflow/ffi/attributes.ts";
import type { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType, dtypeOfTfjs } from "@/tensorflow/ffi/dtypes.ts";
import type { TensorMetadata } from "@/tensorflow/ffi/tensors.ts";

/** Attributes by name, with what tells their type. */
export interface OpAttributes {
  /** Whole numbers and lists of them. */
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
  /** Numbers. */
  readonly floats?: Readonly<Record<string, number>>;
  /** Booleans. */
  readonly bools?: Readonly<Record<string, boolean>>;
  /** Strings and lists of them. */
  readonly strings?: Readonly<Record<string, string | readonly string[]>>;
  /** Data types as tfjs calls them and lists of them; `int64` besides. */
  readonly types?: Readonly<Record<string, string | readonly string[]>>;
}

/** What an op is run with. */
export interface OpCall extends OpAttributes {
  /** Its inputs, lists laid flat. */
  readonly inputs: readonly TensorInfo[];
  /** Which inputs it takes as int64 while tfjs has them as int32. */
  readonly int64?: readonly number[];
  /** How many outputs it has; 1 by default. */
  readonly outputs?: number;
}

/**
 * Runs an op.
 *
 * @returns Its outputs; int64 ones are cast to int32, as tfjs has no int64.
 * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
 */
export function runOp(
  backend: TensorFlowBackend,
  name: string,
  call: OpCall,
): TensorInfo[] {
  const ids = backend.getInputTensorIds(call.inputs);
  const casts: number[] = [];
  for (const at of call.int64 ?? []) {
    ids[at] = cast(ids[at]!, DataType.INT32, DataType.INT64).id;
    casts.push(ids[at]);
  }
  let outputs: TensorMetadata[];
  try {
    outputs = binding.executeOp(name, toList(call), ids, call.outputs ?? 1);
  } finally {
    casts.forEach(binding.deleteTensor);
  }
  return outputs.map((output) => backend.wrap(toInt32(output)));
}

function toInt32(output: TensorMetadata): TensorMetadata {
  if (output.dtype !== DataType.INT64) return output;
  const narrow = cast(output.id, DataType.INT64, DataType.INT32);
  binding.deleteTensor(output.id);
  return narrow;
}

function cast(id: number, from: number, to: number): TensorMetadata {
  const type = AttributeType.TYPE;
  return binding.executeOp(
    "Cast",
    [{ name: "SrcT", type, value: from }, { name: "DstT", type, value: to }],
    [id],
    1,
  )[0]!;
}

function toList(attributes: OpAttributes): Attribute[] {
  const { ints, floats, bools, strings, types } = attributes;
  const list = (values: Readonly<Record<string, unknown>>, type: number) =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  const typed = Object.entries(types ?? {}).map(([name, type]) =>
    typeof type === "string"
      ? { name, type: AttributeType.TYPE, value: dtypeOfTfjs(type) }
      : { name, type: AttributeType.TYPE_LIST, value: type.map(dtypeOfTfjs) }
  );
  return [
    ...list(ints ?? {}, AttributeType.INT),
    ...list(floats ?? {}, AttributeType.FLOAT),
    ...list(bools ?? {}, AttributeType.BOOL),
    ...list(strings ?? {}, AttributeType.STRING),
    ...typed,
  ];
}

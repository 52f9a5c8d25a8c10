/**
 * Runs TensorFlow's ops for kernels, bridging the types that tfjs lacks.
 *
 * @module
 */

import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import { type Attribute, AttributeType } from "@/tensorflow/ffi/attributes.ts";
import type { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType, dtypeOfTfjs } from "@/tensorflow/ffi/dtypes.ts";
import type { TensorMetadata } from "@/tensorflow/ffi/handles.ts";
import { addKernel, type KernelCall } from "./register.ts";

/** Attributes by name, grouped by type. */
interface OpAttributes {
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

/** How an op is run. */
interface OpSettings extends OpAttributes {
  /** Which inputs it takes as int64 while tfjs has them as int32. */
  readonly int64?: readonly number[];
  /** How many outputs it has; 1 by default. */
  readonly outputs?: number;
}

/** What an op is run with. */
export interface OpCall extends OpSettings {
  /** Its inputs, with lists laid flat. */
  readonly inputs: readonly TensorInfo[];
}

/**
 * Runs an op.
 *
 * @param backend Where it runs.
 * @param name The op.
 * @param call Its inputs and attributes.
 * @returns Its outputs; int64 is cast to int32, as tfjs has no int64.
 * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
 */
export function runOp(
  backend: TensorFlowBackend,
  name: string,
  call: OpCall,
): Tensor[] {
  const ids = backend.getInputTensorIds(call.inputs);
  using casts = new DisposableStack();
  for (const at of call.int64 ?? []) {
    ids[at] = cast(ids[at]!, DataType.INT32, DataType.INT64).id;
    casts.adopt(ids[at], binding.deleteTensor);
  }
  return binding.executeOp(name, toList(call), ids, call.outputs ?? 1)
    .map((output) => backend.createOutputTensor(toInt32(output)));
}

/** A kernel call, and a look at the types of its inputs. */
interface OpContext extends KernelCall {
  /** tfjs's name of the type of an input, given by the input's name. */
  readonly dtypeOf: (input: string) => string;
}

/**
 * Registers a kernel that is one op of TensorFlow.
 *
 * @param kernelName Its name in tfjs, and the op's name unless that is given.
 * @param inputs Names of its inputs, in the op's order; lists are laid flat.
 * @param settings The op's attributes for a call. With `outputs` the kernel
 * returns a list, otherwise one tensor.
 */
export function addOp(
  kernelName: string,
  inputs: readonly string[],
  settings: (context: OpContext) => OpSettings & { readonly op?: string },
): void {
  addKernel(kernelName, (call) => {
    const dtypeOf = (input: string) => call.inputs[input]!.dtype;
    const { op = kernelName, ...rest } = settings({ ...call, dtypeOf });
    const tensors = inputs.flatMap((input) => call.inputs[input]!);
    const results = runOp(call.backend, op, { ...rest, inputs: tensors });
    return rest.outputs === undefined ? results[0]! : results;
  });
}

/** A small tensor that a kernel makes for an op, freed when it is disposed. */
export type Scratch = TensorInfo & Disposable;

/**
 * Makes a small tensor for an op.
 *
 * @param backend Where it is made.
 * @param values Its values; int32 or float32 by their type.
 * @param shape Its shape; `[values.length]` by default.
 * @returns The tensor.
 */
export function scratch(
  backend: TensorFlowBackend,
  values: Int32Array | Float32Array,
  shape: number[] = [values.length],
): Scratch {
  const dtype = values instanceof Int32Array ? "int32" : "float32";
  const dataId = backend.write(values, shape, dtype);
  return {
    dataId,
    shape,
    dtype,
    [Symbol.dispose]: () => {
      backend.disposeData(dataId);
    },
  };
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

/**
 * Tensors on TensorFlow's side, which the binding knows by number.
 *
 * @module
 */

import { AttributeType } from "./attributes.ts";
import { DataType } from "./dtypes.ts";
import { EagerOp } from "./eager_op.ts";
import {
  HostTensor,
  type ReadValues,
  type TensorValues,
} from "./host_tensor.ts";
import { library } from "./library.ts";
import { runtime, type TensorHandle } from "./runtime.ts";
import { check, status } from "./status.ts";

/** What `TFJSBinding` says about an op's output. */
export interface TensorMetadata {
  /** The tensor's number in the binding. */
  id: number;
  /** Its shape. */
  shape: number[];
  /** Its `TF_DataType`. */
  dtype: number;
}

/**
 * Looks up a tensor.
 *
 * @param id Its number.
 * @returns The tensor.
 * @throws {RangeError} If it was deleted or never was.
 */
export function getHandle(id: number): TensorHandle {
  return runtime.tensors.get(id);
}

/**
 * Adds a tensor that TensorFlow made.
 *
 * @param pointer `TFE_TensorHandle*`.
 * @returns Its number, shape and type.
 */
export function addHandle(pointer: Deno.PointerValue): TensorMetadata {
  const rank = library.TFE_TensorHandleNumDims(pointer, status);
  check("TensorHandleNumDims");
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    shape.push(Number(library.TFE_TensorHandleDim(pointer, axis, status)));
  }
  const dtype = library.TFE_TensorHandleDataType(pointer);
  return { id: runtime.tensors.add({ pointer, dtype }), shape, dtype };
}

/**
 * Frees a tensor.
 *
 * @param id Its number.
 * @throws {RangeError} If no tensor has this number.
 */
export function deleteHandle(id: number): void {
  library.TFE_DeleteTensorHandle(runtime.tensors.take(id).pointer);
}

/**
 * Makes a tensor.
 *
 * @param shape Its shape.
 * @param dtype Its `TF_DataType`.
 * @param values Its values; see {@linkcode HostTensor.of}.
 * @returns Its number.
 * @throws {RangeError} If values and shape do not agree.
 */
export function newHandle(
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): number {
  using tensor = HostTensor.of(shape, dtype, values);
  const pointer = tensor.toHandle();
  return runtime.tensors.add({
    pointer: dtype === DataType.STRING ? copyStrings(pointer) : pointer,
    dtype,
  });
}

/**
 * Replaces strings that are views of JavaScript's memory: an op that copies
 * them gives a tensor that TensorFlow owns and frees.
 */
function copyStrings(views: Deno.PointerValue): Deno.PointerValue {
  try {
    using op = new EagerOp("StringJoin");
    const [copy] = op.input(views)
      .set({ name: "N", type: AttributeType.INT, value: 1 }).run(1);
    return copy!;
  } finally {
    library.TFE_DeleteTensorHandle(views);
  }
}

/**
 * Reads a tensor's values.
 *
 * @param handle The tensor.
 * @returns A typed array, or byte strings; int64 comes as int32 if all
 * numbers fit. A resource has no values.
 * @throws {TensorFlowError} If the tensor cannot be brought to the host.
 */
export function readHandle({ pointer, dtype }: TensorHandle): ReadValues {
  if (dtype === DataType.RESOURCE) return new Uint8Array(0);
  const resolved = library.TFE_TensorHandleResolve(pointer, status);
  check("tensorDataSync");
  using tensor = new HostTensor(resolved);
  return tensor.read(dtype);
}

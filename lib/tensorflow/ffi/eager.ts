/**
 * Runs one op at a time, as tfjs does outside of `compile`.
 *
 * @module
 */

import {
  type Attribute,
  AttributeType,
  setEagerAttribute,
} from "./attributes.ts";
import { context, gpuDevice } from "./runtime.ts";
import { DataType } from "./dtypes.ts";
import { library } from "./library.ts";
import { check, cString, status } from "./status.ts";
import {
  addHandle,
  getHandle,
  type TensorHandle,
  type TensorMetadata,
} from "./tensors.ts";
import { inputsToWiden, withSourceType } from "./widening.ts";

/** Room for the outputs of nearly all ops, so that it is made only once. */
const outputs = new BigUint64Array(256);
const outputCount = new Int32Array(1);

/**
 * Runs an op.
 *
 * @param name The op.
 * @param attributes Its attributes.
 * @param inputIds Numbers of its inputs, lists laid flat.
 * @param numOutputs How many outputs it has.
 * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
 */
export function executeEager(
  name: string,
  attributes: readonly Attribute[],
  inputIds: readonly number[],
  numOutputs: number,
): TensorMetadata[] {
  if (typeof name !== "string") throw new TypeError(`"${name}" is no op.`);
  if (!Number.isInteger(numOutputs) || numOutputs < 0) {
    throw new TypeError(`${name}: cannot have "${numOutputs}" outputs.`);
  }
  const inputs = inputIds.map(getHandle);
  const casts: Deno.PointerValue[] = [];
  const op = library.TFE_NewOp(context, cString(name), status);
  check(name);
  try {
    widen(name, attributes, inputs, casts);
    if (gpuDevice !== undefined) {
      library.TFE_OpSetDevice(op, cString(gpuDevice.name), status);
      check(name);
    }
    for (const { pointer } of inputs) {
      library.TFE_OpAddInput(op, pointer, status);
      check(name);
    }
    for (const attribute of attributes) {
      setEagerAttribute(
        op,
        name,
        withSourceType(name, attribute, inputs[0]?.dtype),
      );
    }
    return run(op, name, numOutputs);
  } finally {
    library.TFE_DeleteOp(op);
    for (const pointer of casts) library.TFE_DeleteTensorHandle(pointer);
  }
}

/**
 * Runs a function of the context; see {@linkcode executeEager}.
 *
 * @param name The function's name.
 * @param inputIds Numbers of its arguments.
 * @param numOutputs How many results it has.
 * @param config How it is optimised: a `ConfigProto`.
 */
export function callFunction(
  name: string,
  inputIds: readonly number[],
  numOutputs: number,
  config: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): TensorMetadata[] {
  return executeEager(
    name,
    // TensorFlow optimises a function only where this attribute is set.
    [{ name: "config_proto", type: AttributeType.STRING, value: config }],
    inputIds,
    numOutputs,
  );
}

/** Runs a ready `TFE_Op*` and takes its outputs into the table. */
function run(
  op: Deno.PointerValue,
  name: string,
  numOutputs: number,
): TensorMetadata[] {
  const room = numOutputs > outputs.length
    ? new BigUint64Array(numOutputs)
    : outputs;
  outputCount[0] = numOutputs;
  library.TFE_Execute(op, room, outputCount, status);
  check(name);
  const results: TensorMetadata[] = [];
  for (let i = 0; i < outputCount[0]!; i++) {
    results.push(addHandle(Deno.UnsafePointer.create(room[i]!)));
  }
  return results;
}

/** Replaces inputs by casts of them where need be, and adds those to `casts`. */
function widen(
  name: string,
  attributes: readonly Attribute[],
  inputs: TensorHandle[],
  casts: Deno.PointerValue[],
): void {
  const dtypes = inputs.map((input) => input.dtype);
  inputsToWiden(name, attributes, dtypes).forEach((wanted, i) => {
    if (!wanted) return;
    const pointer = castToInt32(inputs[i]!);
    casts.push(pointer);
    inputs[i] = { pointer, dtype: DataType.INT32 };
  });
}

function castToInt32(input: TensorHandle): Deno.PointerValue {
  const op = library.TFE_NewOp(context, cString("Cast"), status);
  check("Cast");
  try {
    library.TFE_OpAddInput(op, input.pointer, status);
    library.TFE_OpSetAttrType(op, cString("SrcT"), input.dtype);
    library.TFE_OpSetAttrType(op, cString("DstT"), DataType.INT32);
    outputCount[0] = 1;
    library.TFE_Execute(op, outputs, outputCount, status);
    check("Cast");
    return Deno.UnsafePointer.create(outputs[0]!);
  } finally {
    library.TFE_DeleteOp(op);
  }
}

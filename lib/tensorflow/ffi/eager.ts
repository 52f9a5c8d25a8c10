/**
 * Runs one op at a time, as tfjs does outside of `compile`.
 *
 * @module
 */

import { type Attribute, AttributeType } from "./attributes.ts";
import { DataType } from "./dtypes.ts";
import { EagerOp } from "./eager_op.ts";
import { addHandle, getHandle, type TensorMetadata } from "./handles.ts";
import { library } from "./library.ts";
import { runtime, type TensorHandle } from "./runtime.ts";
import { inputsToWiden, withSourceType } from "./widening.ts";

/**
 * Runs an op.
 *
 * @param name The op.
 * @param attributes Its attributes.
 * @param inputIds Numbers of its inputs, with lists laid flat.
 * @param numOutputs How many outputs it has.
 * @returns Number, shape and type of each output.
 * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
 * @throws {TypeError} If the name or the number of outputs is invalid.
 */
export function executeEager(
  name: string,
  attributes: readonly Attribute[],
  inputIds: readonly number[],
  numOutputs: number,
): TensorMetadata[] {
  if (typeof name !== "string") {
    throw new TypeError(`"${name}" is not the name of an op.`);
  }
  if (!Number.isInteger(numOutputs) || numOutputs < 0) {
    throw new TypeError(`${name}: cannot have "${numOutputs}" outputs.`);
  }
  const inputs = inputIds.map(getHandle);
  const sourceType = inputs[0]?.dtype;
  using casts = new DisposableStack();
  using op = new EagerOp(name);
  widen(name, attributes, inputs, casts);
  if (runtime.gpu !== undefined) op.on(runtime.gpu.name);
  for (const { pointer } of inputs) op.input(pointer);
  for (const attribute of attributes) {
    op.set(withSourceType(name, attribute, sourceType));
  }
  return op.run(numOutputs).map(addHandle);
}

/**
 * Runs a function of the context.
 *
 * @param name The function's name.
 * @param inputIds Numbers of its arguments.
 * @param numOutputs How many results it has.
 * @param config How it is optimised: a `ConfigProto`.
 * @returns Number, shape and type of each result.
 * @throws {TensorFlowError} With TensorFlow's own message.
 */
export function callFunction(
  name: string,
  inputIds: readonly number[],
  numOutputs: number,
  config: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): TensorMetadata[] {
  return executeEager(
    name,
    // TensorFlow optimises a function only if this attribute is set.
    [{ name: "config_proto", type: AttributeType.STRING, value: config }],
    inputIds,
    numOutputs,
  );
}

/** Replaces inputs by casts of them where needed, which the stack frees. */
function widen(
  name: string,
  attributes: readonly Attribute[],
  inputs: TensorHandle[],
  casts: DisposableStack,
): void {
  const dtypes = inputs.map((input) => input.dtype);
  inputsToWiden(name, attributes, dtypes).forEach((wanted, i) => {
    if (!wanted) return;
    const { pointer, dtype } = inputs[i]!;
    const { TYPE } = AttributeType;
    using op = new EagerOp("Cast");
    const [cast] = op.input(pointer)
      .set({ name: "SrcT", type: TYPE, value: dtype })
      .set({ name: "DstT", type: TYPE, value: DataType.INT32 })
      .run(1);
    casts.defer(() => library.TFE_DeleteTensorHandle(cast!));
    inputs[i] = { pointer: cast!, dtype: DataType.INT32 };
  });
}

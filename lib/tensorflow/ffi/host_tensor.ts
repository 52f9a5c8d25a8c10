/**
 * Tensors in this machine's memory: made of JavaScript values, and read back.
 *
 * Source: `tensorflow/c/tf_tensor.h`, `tensorflow/c/tf_tstring.h`.
 *
 * @module
 */

import {
  bytesPerElement,
  DataType,
  dtypeName,
  elementCount,
} from "./dtypes.ts";
import { library } from "./library.ts";
import { PinnedBytes } from "./pinned_bytes.ts";
import { check, status } from "./status.ts";

/** Values of a tensor as JavaScript gives them. */
export type TensorValues = ArrayBufferView | readonly (Uint8Array | string)[];

/** Values of a tensor as TensorFlow gives them back. */
export type ReadValues =
  | Float32Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | Uint8Array[];

const TSTRING_BYTES = 24;

/** A `TF_Tensor`, freed when it is disposed. */
export class HostTensor implements Disposable {
  /** `TF_Tensor*`. */
  readonly pointer: Deno.PointerValue;
  readonly #strings: PinnedBytes | undefined;

  /**
   * Takes over a `TF_Tensor`.
   *
   * @param pointer `TF_Tensor*`.
   * @param strings What its elements are views of, kept as long as it lives.
   */
  constructor(pointer: Deno.PointerValue, strings?: PinnedBytes) {
    this.pointer = pointer;
    this.#strings = strings;
  }

  /**
   * Makes a tensor. The elements of a string tensor are views of JavaScript's
   * memory, which only lasts until it is disposed.
   *
   * @param shape Its shape.
   * @param dtype Its `TF_DataType`.
   * @param values Its values: a typed array, with two `Int32` per number for
   * int64, or strings and byte strings.
   * @returns The tensor.
   * @throws {RangeError} If values and shape do not agree.
   */
  static of(
    shape: readonly number[],
    dtype: number,
    values: TensorValues,
  ): HostTensor {
    return dtype === DataType.STRING
      ? stringTensor(shape, values)
      : numberTensor(shape, dtype, values);
  }

  /**
   * Makes an eager tensor that shares the memory.
   *
   * @returns `TFE_TensorHandle*`.
   */
  toHandle(): Deno.PointerValue {
    const handle = library.TFE_NewTensorHandle(this.pointer, status);
    check("createTensor");
    return handle;
  }

  /**
   * Reads the values.
   *
   * @param dtype The tensor's `TF_DataType`.
   * @returns A typed array or byte strings; int64 comes as int32 if all
   * numbers fit.
   * @throws {RangeError} If JavaScript has no such type.
   */
  read(dtype: number): ReadValues {
    if (dtype === DataType.STRING) return readStrings(this.pointer);
    const length = Number(library.TF_TensorByteSize(this.pointer));
    const bytes = new ArrayBuffer(length);
    if (length > 0) {
      const data = library.TF_TensorData(this.pointer)!;
      Deno.UnsafePointerView.copyInto(data, bytes);
    }
    return typed(bytes, dtype);
  }

  /** Frees the tensor. */
  [Symbol.dispose](): void {
    library.TF_DeleteTensor(this.pointer);
    this.#strings?.[Symbol.dispose]();
  }
}

function numberTensor(
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): HostTensor {
  const bytes = toBytes(values, dtype);
  const length = elementCount(shape) * bytesPerElement(dtype);
  if (bytes.length !== length) {
    throw new RangeError(
      `Shape [${shape.join(", ")}] of ${dtypeName(dtype)} takes ${length} ` +
        `bytes, but the values have ${bytes.length}.`,
    );
  }
  const pointer = allocate(shape, dtype, length);
  if (length > 0) {
    const data = library.TF_TensorData(pointer)!;
    new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, length))
      .set(bytes);
  }
  return new HostTensor(pointer);
}

type ArrayKind =
  | typeof Float32Array
  | typeof Int32Array
  | typeof Uint8Array
  | typeof Uint8ClampedArray
  | typeof BigInt64Array;

/** The typed arrays that have a data type's own elements. */
const ARRAYS: Readonly<Record<number, readonly ArrayKind[]>> = {
  [DataType.FLOAT]: [Float32Array],
  [DataType.INT32]: [Int32Array],
  [DataType.BOOL]: [Uint8Array],
  [DataType.UINT8]: [Uint8Array, Uint8ClampedArray],
  [DataType.INT64]: [BigInt64Array, Int32Array],
  [DataType.COMPLEX64]: [Float32Array],
};

function toBytes(values: TensorValues, dtype: number): Uint8Array {
  const kinds = ARRAYS[dtype];
  if (ArrayBuffer.isView(values)) {
    if (kinds?.some((kind) => values instanceof kind) ?? true) {
      const { buffer, byteOffset, byteLength } = values;
      return new Uint8Array(buffer, byteOffset, byteLength);
    }
  } else if (!Array.isArray(values)) {
    throw new RangeError(`Cannot make a tensor of "${String(values)}".`);
  }
  // tfjs sometimes gives plain arrays of numbers or booleans.
  const kind = kinds?.[0];
  if (kind === undefined || kind === BigInt64Array) {
    throw new RangeError(
      `Cannot make a tensor of ${dtypeName(dtype)} from other numbers.`,
    );
  }
  const numbers = values as unknown as ArrayLike<number>;
  const converted = (kind as typeof Float32Array).from(numbers, Number);
  return new Uint8Array(converted.buffer);
}

function stringTensor(
  shape: readonly number[],
  values: TensorValues,
): HostTensor {
  const texts = Array.isArray(values)
    ? values as readonly (Uint8Array | string)[]
    : [values as Uint8Array];
  const count = elementCount(shape);
  if (texts.length !== count) {
    const dims = shape.join(", ");
    throw new RangeError(
      `Shape [${dims}] takes ${count} strings, not ${texts.length}.`,
    );
  }
  const strings = new PinnedBytes(texts);
  const pointer = allocate(shape, DataType.STRING, count * TSTRING_BYTES);
  const data = library.TF_TensorData(pointer);
  strings.addresses.forEach((address, i) => {
    const element = Deno.UnsafePointer.offset(data!, i * TSTRING_BYTES);
    library.TF_StringInit(element);
    library.TF_StringAssignView(
      element,
      Deno.UnsafePointer.create(address),
      strings.lengths[i]!,
    );
  });
  return new HostTensor(pointer, strings);
}

function allocate(
  shape: readonly number[],
  dtype: number,
  length: number,
): Deno.PointerValue {
  const dims = BigInt64Array.from(shape, BigInt);
  const bytes = BigInt(length);
  const pointer = library.TF_AllocateTensor(dtype, dims, dims.length, bytes);
  if (pointer !== null) return pointer;
  throw new RangeError(
    `Out of memory for a tensor of shape [${shape.join(", ")}].`,
  );
}

function typed(bytes: ArrayBuffer, dtype: number): ReadValues {
  switch (dtype) {
    case DataType.FLOAT:
    case DataType.COMPLEX64:
      return new Float32Array(bytes);
    case DataType.INT32:
      return new Int32Array(bytes);
    case DataType.INT64:
      return asInt32(new BigInt64Array(bytes));
    case DataType.BOOL:
    case DataType.UINT8:
      return new Uint8Array(bytes);
    default:
      throw new RangeError(`Cannot read a tensor of ${dtypeName(dtype)}.`);
  }
}

/** tfjs takes int64 for int32, and so are its values if all of them fit. */
function asInt32(values: BigInt64Array): BigInt64Array | Int32Array {
  return values.every((value) => BigInt.asIntN(32, value) === value)
    ? Int32Array.from(values, Number)
    : values;
}

function readStrings(tensor: Deno.PointerValue): Uint8Array[] {
  const count = Number(library.TF_TensorElementCount(tensor));
  const data = library.TF_TensorData(tensor);
  return Array.from({ length: count }, (_, i) => {
    const element = Deno.UnsafePointer.offset(data!, i * TSTRING_BYTES);
    const bytes = new Uint8Array(Number(library.TF_StringGetSize(element)));
    const from = library.TF_StringGetDataPointer(element);
    if (bytes.length > 0) Deno.UnsafePointerView.copyInto(from!, bytes);
    return bytes;
  });
}

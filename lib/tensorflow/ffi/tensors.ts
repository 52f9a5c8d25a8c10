/**
 * Tensors on TensorFlow's side: making them from JavaScript values, reading
 * them back, and the table of handles that the numbers in `TFJSBinding` name.
 *
 * Source: `tensorflow/c/eager/c_api.h`, `tensorflow/c/tf_tstring.h`.
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
import { check, cString, status } from "./status.ts";

/** A tensor that TensorFlow holds. */
export interface TensorHandle {
  /** `TFE_TensorHandle*`. */
  readonly pointer: Deno.PointerValue;
  /** `TF_DataType`. */
  readonly dtype: number;
}

/** What `TFJSBinding` tells of an op's output. */
export interface TensorMetadata {
  /** The tensor's number in the binding. */
  id: number;
  /** Its shape. */
  shape: number[];
  /** Its `TF_DataType`. */
  dtype: number;
}

/** Values of a tensor as JavaScript gives them. */
export type TensorValues = ArrayBufferView | readonly (Uint8Array | string)[];

const handles = new Map<number, TensorHandle>();
let nextId = 1;

/** A number that no tensor has had yet. */
export function newId(): number {
  return nextId++;
}

/** How many tensors TensorFlow holds for us. */
export function handleCount(): number {
  return handles.size;
}

/** The handle of a number, or `undefined`. */
export function findHandle(id: number): TensorHandle | undefined {
  return handles.get(id);
}

/**
 * The handle of a number.
 *
 * @throws {RangeError} When it was deleted or never was.
 */
export function getHandle(id: number): TensorHandle {
  const handle = handles.get(id);
  if (handle === undefined) throw new RangeError(`No tensor has number ${id}.`);
  return handle;
}

/** Takes a `TFE_TensorHandle*` into the table. */
export function addHandle(pointer: Deno.PointerValue): TensorMetadata {
  const rank = library.TFE_TensorHandleNumDims(pointer, status);
  check("TensorHandleNumDims");
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    shape.push(Number(library.TFE_TensorHandleDim(pointer, axis, status)));
  }
  const id = newId();
  const dtype = library.TFE_TensorHandleDataType(pointer);
  handles.set(id, { pointer, dtype });
  return { id, shape, dtype };
}

/**
 * Frees a tensor.
 *
 * @throws {RangeError} When no tensor has this number.
 */
export function deleteHandle(id: number): void {
  library.TFE_DeleteTensorHandle(getHandle(id).pointer);
  handles.delete(id);
}

/**
 * Makes a tensor and returns its number.
 *
 * @param shape Its shape.
 * @param dtype Its `TF_DataType`.
 * @param values Its values: a typed array, two `Int32` a number for int64, or
 * strings and byte strings.
 * @throws {RangeError} When values and shape do not agree.
 */
export function newHandle(
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): number {
  const tensor = newTensor(shape, dtype, values);
  const pointer = library.TFE_NewTensorHandle(tensor.pointer, status);
  library.TF_DeleteTensor(tensor.pointer);
  check("createTensor");
  if (dtype !== DataType.STRING) {
    const id = newId();
    handles.set(id, { pointer, dtype });
    return id;
  }
  // The strings are still views of JavaScript's memory. An op that copies
  // them gives a tensor that TensorFlow owns and frees.
  let owned: Deno.PointerValue;
  try {
    owned = copyStrings(pointer);
  } finally {
    library.TFE_DeleteTensorHandle(pointer);
    held = undefined;
  }
  const id = newId();
  handles.set(id, { pointer: owned, dtype });
  return id;
}

/** A `TF_Tensor*`. */
export interface NewTensor {
  /** `TF_Tensor*`, to be freed with `TF_DeleteTensor`. */
  readonly pointer: Deno.PointerValue;
}

/**
 * Makes a `TF_Tensor*`; see {@linkcode newHandle}.
 *
 * @throws {RangeError} When values and shape do not agree.
 */
export function newTensor(
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): NewTensor {
  const count = elementCount(shape);
  return dtype === DataType.STRING
    ? newStringTensor(shape, count, values)
    : newNumberTensor(shape, count, dtype, values);
}

function newNumberTensor(
  shape: readonly number[],
  count: number,
  dtype: number,
  values: TensorValues,
): NewTensor {
  const bytes = toBytes(values, dtype);
  const length = count * bytesPerElement(dtype);
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
  return { pointer };
}

/** The typed arrays that hold a data type's elements as they are. */
const ARRAYS: Readonly<Record<number, readonly ArrayKind[]>> = {
  [DataType.FLOAT]: [Float32Array],
  [DataType.INT32]: [Int32Array],
  [DataType.BOOL]: [Uint8Array],
  [DataType.UINT8]: [Uint8Array, Uint8ClampedArray],
  [DataType.INT64]: [BigInt64Array, Int32Array],
  [DataType.COMPLEX64]: [Float32Array],
};

type ArrayKind =
  | typeof Float32Array
  | typeof Int32Array
  | typeof Uint8Array
  | typeof Uint8ClampedArray
  | typeof BigInt64Array;

function toBytes(values: TensorValues, dtype: number): Uint8Array {
  const kinds = ARRAYS[dtype];
  if (ArrayBuffer.isView(values)) {
    if (kinds?.some((kind) => values instanceof kind) ?? true) {
      return new Uint8Array(
        values.buffer,
        values.byteOffset,
        values.byteLength,
      );
    }
  } else if (!Array.isArray(values)) {
    throw new RangeError(`Cannot make a tensor of "${String(values)}".`);
  }
  // tfjs gives plain arrays of numbers or booleans now and then.
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

const TSTRING_BYTES = 24;
const encoder = new TextEncoder();

function newStringTensor(
  shape: readonly number[],
  count: number,
  values: TensorValues,
): NewTensor {
  const strings = Array.isArray(values)
    ? values as readonly (Uint8Array | string)[]
    : [values as Uint8Array];
  if (strings.length !== count) {
    throw new RangeError(
      `Shape [${
        shape.join(", ")
      }] takes ${count} strings, not ${strings.length}.`,
    );
  }
  const all = joinBytes(
    strings.map((text) =>
      typeof text === "string" ? encoder.encode(text) : text
    ),
  );
  const pointer = allocate(shape, DataType.STRING, count * TSTRING_BYTES);
  if (count === 0) return { pointer };
  held = all.bytes;
  const from = Deno.UnsafePointer.of(held)!;
  const data = library.TF_TensorData(pointer)!;
  all.ends.forEach((end, i) => {
    const element = Deno.UnsafePointer.offset(data, i * TSTRING_BYTES);
    const start = i === 0 ? 0 : all.ends[i - 1]!;
    library.TF_StringInit(element);
    library.TF_StringAssignView(
      element,
      Deno.UnsafePointer.offset(from, start),
      BigInt(end - start),
    );
  });
  return { pointer };
}

/**
 * The bytes of the string tensor made last: its elements are views of them
 * until TensorFlow has copied it.
 */
let held: Uint8Array<ArrayBuffer> | undefined;

/** All strings in one piece of memory that the garbage collector leaves. */
function joinBytes(
  strings: readonly Uint8Array[],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: number[] } {
  let length = 0;
  const ends = strings.map((text) => length += text.length);
  // Of an ArrayBuffer: small arrays of their own may move. Never empty, as an
  // empty one has no address.
  const bytes = new Uint8Array(new ArrayBuffer(length + 1));
  strings.forEach((text, i) => bytes.set(text, i === 0 ? 0 : ends[i - 1]!));
  return { bytes, ends };
}

function allocate(
  shape: readonly number[],
  dtype: number,
  length: number,
): Deno.PointerValue {
  const dims = BigInt64Array.from(shape, BigInt);
  const pointer = library.TF_AllocateTensor(
    dtype,
    dims,
    shape.length,
    BigInt(length),
  );
  if (pointer === null) {
    throw new RangeError(
      `Out of memory for a tensor of shape [${shape.join(", ")}].`,
    );
  }
  return pointer;
}

function copyStrings(pointer: Deno.PointerValue): Deno.PointerValue {
  const op = library.TFE_NewOp(context(), cString("StringJoin"), status);
  check("StringJoin");
  try {
    library.TFE_OpAddInput(op, pointer, status);
    check("StringJoin");
    library.TFE_OpSetAttrInt(op, cString("N"), 1n);
    const outputs = new BigUint64Array(1), count = new Int32Array([1]);
    library.TFE_Execute(op, outputs, count, status);
    check("StringJoin");
    return Deno.UnsafePointer.create(outputs[0]!);
  } finally {
    library.TFE_DeleteOp(op);
  }
}

let context: () => Deno.PointerValue = () => null;

/** Tells where ops run; the context's own module sets it. */
export function setContext(get: () => Deno.PointerValue): void {
  context = get;
}

/**
 * A tensor's values: a typed array, or an array of byte strings. Those of an
 * int64 tensor come as int32 where all of them fit.
 *
 * @throws {TensorFlowError} When the tensor cannot be brought to the host.
 */
export function readHandle(
  handle: TensorHandle,
): Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[] {
  const { dtype } = handle;
  if (dtype === DataType.RESOURCE) return new Uint8Array(0);
  const tensor = library.TFE_TensorHandleResolve(handle.pointer, status);
  check("tensorDataSync");
  try {
    if (dtype === DataType.STRING) return readStrings(tensor);
    const length = Number(library.TF_TensorByteSize(tensor));
    const bytes = new ArrayBuffer(length);
    if (length > 0) {
      Deno.UnsafePointerView.copyInto(library.TF_TensorData(tensor)!, bytes);
    }
    return typed(bytes, dtype);
  } finally {
    library.TF_DeleteTensor(tensor);
  }
}

function typed(
  bytes: ArrayBuffer,
  dtype: number,
): Float32Array | Int32Array | Uint8Array | BigInt64Array {
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

/** tfjs takes int64 for int32: so are its values, where all of them fit. */
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

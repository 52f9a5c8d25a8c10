/**
 * TensorFlow's data types by number.
 *
 * Source: `tensorflow/c/tf_datatype.h`.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";

/** TF_DataType, the members that TensorFlow.js and this project use. */
export const DataType = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  INT8: 6,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  BFLOAT16: 14,
  HALF: 19,
  RESOURCE: 20,
} as const;

/** Bytes per element; strings and resources have no width of their own. */
const BYTES: Readonly<Record<number, number>> = {
  [DataType.FLOAT]: 4,
  [DataType.DOUBLE]: 8,
  [DataType.INT32]: 4,
  [DataType.UINT8]: 1,
  [DataType.INT8]: 1,
  [DataType.COMPLEX64]: 8,
  [DataType.INT64]: 8,
  [DataType.BOOL]: 1,
  [DataType.BFLOAT16]: 2,
  [DataType.HALF]: 2,
};

/**
 * Looks up the bytes per element of a data type.
 *
 * @param dtype `TF_DataType`.
 * @returns 1 to 8.
 * @throws {RangeError} If the type has no fixed width or is unknown.
 */
export function bytesPerElement(dtype: number): number {
  const bytes = BYTES[dtype];
  if (bytes === undefined) {
    throw new RangeError(`Cannot make a tensor of data type ${dtype}.`);
  }
  return bytes;
}

const NAMES = new Map<number, string>(
  Object.entries(DataType).map(([name, value]) => [value, name.toLowerCase()]),
);

/**
 * Names a data type.
 *
 * @param dtype `TF_DataType`.
 * @returns Such as `float`.
 */
export function dtypeName(dtype: number): string {
  return NAMES.get(dtype) ?? `data type ${dtype}`;
}

const TFJS: Readonly<Record<string, number>> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  complex64: DataType.COMPLEX64,
  string: DataType.STRING,
};

/**
 * Looks up a data type by tfjs's name.
 *
 * @param name Such as `float32`.
 * @returns `TF_DataType`.
 * @throws {RangeError} If there is no type of that name.
 */
export function dtypeOfTfjs(name: string): number {
  const dtype = TFJS[name];
  if (dtype !== undefined) return dtype;
  throw invalid("dtype", `one of ${Object.keys(TFJS).join(", ")}`, name);
}

/**
 * Counts the elements of a shape.
 *
 * @param shape Sizes of the axes.
 * @returns Their product; 1 for a scalar.
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

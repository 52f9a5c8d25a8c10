/**
 * TensorFlow's data types by number.
 *
 * Source: `tensorflow/c/tf_datatype.h`.
 *
 * @module
 */

/** TF_DataType, the members that TensorFlow.js and this project meet. */
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

/** Bytes an element; strings and resources have none of their own. */
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
 * Bytes an element of a data type.
 *
 * @throws {RangeError} When the type has no fixed width or is unknown.
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

/** A data type's name, such as `float`. */
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
 * The data type of a name that tfjs uses, such as `float32`.
 *
 * @throws {RangeError} When there is none of that name.
 */
export function dtypeOfTfjs(name: string): number {
  const dtype = TFJS[name];
  if (dtype === undefined) throw new RangeError(`"${name}" is no data type.`);
  return dtype;
}

/** Elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

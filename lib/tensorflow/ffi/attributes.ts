/**
 * Attributes of ops: from `TFEOpAttr`, as tfjs-node's kernels give them, to
 * the C API's setters, for eager ops and for operations of a graph.
 *
 * @module
 */

import { library } from "./library.ts";
import { check, cString, status } from "./status.ts";

/** TF_AttrType, the members that tfjs-node uses, and lists of types. */
export const AttributeType = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
  FUNC: 8,
  RESOURCE: 9,
  /** Not one of TensorFlow's: tfjs-node knows no lists of types. */
  TYPE_LIST: 100,
} as const;

/** An attribute as tfjs-node's kernels give it. */
export interface Attribute {
  /** Its name in the op's definition. */
  readonly name: string;
  /** Its {@linkcode AttributeType}. */
  readonly type: number;
  /** Its value. */
  readonly value: unknown;
}

type Pointer = Deno.PointerValue;
type Buffer = Uint8Array<ArrayBuffer>;

/** The setters of an eager op or of a graph's operation, by one shape. */
interface Setters {
  string(op: Pointer, name: Buffer, value: Buffer, length: bigint): void;
  stringList(op: Pointer, name: Buffer, value: readonly Buffer[]): void;
  int(op: Pointer, name: Buffer, value: bigint): void;
  intList(op: Pointer, name: Buffer, value: BigInt64Array<ArrayBuffer>): void;
  float(op: Pointer, name: Buffer, value: number): void;
  floatList(op: Pointer, name: Buffer, value: Float32Array<ArrayBuffer>): void;
  bool(op: Pointer, name: Buffer, value: number): void;
  type(op: Pointer, name: Buffer, value: number): void;
  typeList(op: Pointer, name: Buffer, value: Int32Array<ArrayBuffer>): void;
  shape(op: Pointer, name: Buffer, value: BigInt64Array<ArrayBuffer>): void;
}

const EAGER: Setters = {
  string: (op, name, value, length) =>
    library.TFE_OpSetAttrString(op, name, value, length),
  stringList: (op, name, value) =>
    library.TFE_OpSetAttrStringList(
      op,
      name,
      addresses(value),
      lengths(value),
      value.length,
    ),
  int: (op, name, value) => library.TFE_OpSetAttrInt(op, name, value),
  intList: (op, name, value) =>
    library.TFE_OpSetAttrIntList(op, name, value, value.length),
  float: (op, name, value) => library.TFE_OpSetAttrFloat(op, name, value),
  floatList: (op, name, value) =>
    library.TFE_OpSetAttrFloatList(op, name, value, value.length),
  bool: (op, name, value) => library.TFE_OpSetAttrBool(op, name, value),
  type: (op, name, value) => library.TFE_OpSetAttrType(op, name, value),
  typeList: (op, name, value) =>
    library.TFE_OpSetAttrTypeList(op, name, value, value.length),
  shape: (op, name, value) => {
    library.TFE_OpSetAttrShape(op, name, value, value.length, status);
    check("OpSetAttrShape");
  },
};

const GRAPH: Setters = {
  string: (op, name, value, length) =>
    library.TF_SetAttrString(op, name, value, length),
  stringList: (op, name, value) =>
    library.TF_SetAttrStringList(
      op,
      name,
      addresses(value),
      lengths(value),
      value.length,
    ),
  int: (op, name, value) => library.TF_SetAttrInt(op, name, value),
  intList: (op, name, value) =>
    library.TF_SetAttrIntList(op, name, value, value.length),
  float: (op, name, value) => library.TF_SetAttrFloat(op, name, value),
  floatList: (op, name, value) =>
    library.TF_SetAttrFloatList(op, name, value, value.length),
  bool: (op, name, value) => library.TF_SetAttrBool(op, name, value),
  type: (op, name, value) => library.TF_SetAttrType(op, name, value),
  typeList: (op, name, value) =>
    library.TF_SetAttrTypeList(op, name, value, value.length),
  shape: (op, name, value) =>
    library.TF_SetAttrShape(op, name, value, value.length),
};

function addresses(buffers: readonly Buffer[]): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(
    buffers,
    (buffer) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer)),
  );
}

function lengths(buffers: readonly Buffer[]): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(buffers, (buffer) => BigInt(buffer.length));
}

/** Sets an attribute of a `TFE_Op*`; see {@linkcode setAttribute}. */
export function setEagerAttribute(
  op: Pointer,
  opName: string,
  attribute: Attribute,
): void {
  setAttribute(EAGER, op, opName, attribute);
}

/** Sets an attribute of a `TF_OperationDescription*`. */
export function setGraphAttribute(
  op: Pointer,
  opName: string,
  attribute: Attribute,
): void {
  setAttribute(GRAPH, op, opName, attribute);
}

const encoder = new TextEncoder();

/** What TensorFlow reads through addresses, alive until it has copied it. */
let held: readonly Buffer[] = [];

/**
 * Checks an attribute's value and sets it.
 *
 * @throws {TypeError} When the value does not fit the attribute's type.
 */
function setAttribute(
  set: Setters,
  op: Pointer,
  opName: string,
  { name, type, value }: Attribute,
): void {
  const key = cString(name);
  switch (type) {
    case AttributeType.STRING: {
      if (isStrings(value)) {
        held = value.map((text) => encoder.encode(text));
        return set.stringList(op, key, held);
      }
      if (typeof value !== "string" && !(value instanceof Uint8Array)) break;
      const bytes = typeof value === "string"
        ? encoder.encode(value)
        : new Uint8Array(value);
      return set.string(op, key, bytes, BigInt(bytes.length));
    }
    case AttributeType.INT:
      if (isNumbers(value) && value.every(Number.isFinite)) {
        return set.intList(op, key, BigInt64Array.from(value, toInteger));
      }
      if (typeof value === "bigint") return set.int(op, key, value);
      if (typeof value !== "number" || !Number.isFinite(value)) break;
      return set.int(op, key, toInteger(value));
    case AttributeType.FLOAT:
      if (isNumbers(value)) {
        return set.floatList(op, key, Float32Array.from(value));
      }
      if (typeof value !== "number") break;
      return set.float(op, key, value);
    case AttributeType.BOOL:
      if (typeof value !== "boolean") break;
      return set.bool(op, key, value ? 1 : 0);
    case AttributeType.TYPE:
      if (typeof value !== "number") break;
      return set.type(op, key, value);
    case AttributeType.TYPE_LIST:
      if (!isNumbers(value)) break;
      return set.typeList(op, key, Int32Array.from(value));
    case AttributeType.SHAPE:
      if (!isNumbers(value) || !value.every(Number.isInteger)) break;
      return set.shape(op, key, BigInt64Array.from(value, BigInt));
  }
  throw new TypeError(
    `${opName}: attribute "${name}" cannot be ${describe(value)}.`,
  );
}

/** tfjs gives a fractional seed now and then, which the add-on truncates. */
function toInteger(value: number): bigint {
  return BigInt(Math.trunc(value));
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((element) => typeof element === "string");
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((element) => typeof element === "number");
}

function describe(value: unknown): string {
  return value === null || typeof value !== "object"
    ? `"${String(value)}"`
    : JSON.stringify(value);
}

/** The numbers among an op's attributes, by name. */
export function integerAttributes(
  attributes: readonly Attribute[],
): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { name, type, value } of attributes) {
    if (type === AttributeType.INT && typeof value === "number") {
      numbers.set(name, value);
    }
  }
  return numbers;
}

/**
 * Attributes of ops: from `TFEOpAttr`, as tfjs-node's kernels give them, to
 * the C API's setters, which are named alike for eager ops and for operations
 * of a graph.
 *
 * @module
 */

import { library } from "./library.ts";
import { PinnedBytes } from "./pinned_bytes.ts";
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
  /** Not one of TensorFlow's: tfjs-node has no lists of types. */
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

/** What the setters' names start with: those of eager ops, or of a graph's. */
export type SetterPrefix = "TFE_OpSetAttr" | "TF_SetAttr";

const encoder = new TextEncoder();

/**
 * Checks an attribute's value and sets it.
 *
 * @param prefix Which setters to use.
 * @param op `TFE_Op*` or `TF_OperationDescription*`, as the setters take it.
 * @param opName The op's name, for messages.
 * @param attribute Name, type and value.
 * @throws {TypeError} If the value does not fit the attribute's type.
 */
export function setAttribute(
  prefix: SetterPrefix,
  op: Deno.PointerValue,
  opName: string,
  { name, type, value }: Attribute,
): void {
  const key = cString(name);
  switch (type) {
    case AttributeType.STRING: {
      if (isStrings(value)) {
        using texts = new PinnedBytes(value);
        const { addresses, lengths } = texts;
        const set = library[`${prefix}StringList` as const];
        return set(op, key, addresses, lengths, value.length);
      }
      if (typeof value !== "string" && !(value instanceof Uint8Array)) break;
      const bytes = typeof value === "string"
        ? encoder.encode(value)
        : new Uint8Array(value);
      const set = library[`${prefix}String` as const];
      return set(op, key, bytes, BigInt(bytes.length));
    }
    case AttributeType.INT: {
      if (isNumbers(value) && value.every(Number.isFinite)) {
        const integers = BigInt64Array.from(value, toInteger);
        const set = library[`${prefix}IntList` as const];
        return set(op, key, integers, integers.length);
      }
      const set = library[`${prefix}Int` as const];
      if (typeof value === "bigint") return set(op, key, value);
      if (typeof value !== "number" || !Number.isFinite(value)) break;
      return set(op, key, toInteger(value));
    }
    case AttributeType.FLOAT:
      if (isNumbers(value)) {
        const set = library[`${prefix}FloatList` as const];
        return set(op, key, Float32Array.from(value), value.length);
      }
      if (typeof value !== "number") break;
      return library[`${prefix}Float` as const](op, key, value);
    case AttributeType.BOOL:
      if (typeof value !== "boolean") break;
      return library[`${prefix}Bool` as const](op, key, value ? 1 : 0);
    case AttributeType.TYPE:
      if (typeof value !== "number") break;
      return library[`${prefix}Type` as const](op, key, value);
    case AttributeType.TYPE_LIST: {
      if (!isNumbers(value)) break;
      const set = library[`${prefix}TypeList` as const];
      return set(op, key, Int32Array.from(value), value.length);
    }
    case AttributeType.SHAPE: {
      if (!isNumbers(value) || !value.every(Number.isInteger)) break;
      const dims = BigInt64Array.from(value, BigInt);
      if (prefix === "TF_SetAttr") {
        return library.TF_SetAttrShape(op, key, dims, dims.length);
      }
      library.TFE_OpSetAttrShape(op, key, dims, dims.length, status);
      return check("OpSetAttrShape");
    }
  }
  const given = value === null || typeof value !== "object"
    ? `"${String(value)}"`
    : JSON.stringify(value);
  throw new TypeError(`${opName}: attribute "${name}" cannot be ${given}.`);
}

/** tfjs sometimes gives a fractional seed, which the add-on truncates. */
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

/**
 * Picks the single whole numbers among an op's attributes.
 *
 * @param attributes The op's attributes.
 * @returns Numbers by name.
 */
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

/**
 * Arguments and results of compiled functions: structures with tensors in
 * them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { Tensor, TensorBuffer, Variable } from "@tensorflow/tfjs";
import { backend } from "@/tensorflow/api/tf.ts";

/** A structure in words, and its tensors. */
export interface Structure {
  /** A text that is equal for structures that are compiled alike. */
  readonly key: string;
  /** The same without the values of numbers. */
  readonly kind: string;
  /** Its tensors, in order. */
  readonly tensors: Tensor[];
}

/**
 * Describes a structure.
 *
 * @param value Any value.
 * @returns Its key and its tensors.
 * @throws {RangeError} If the value contains itself.
 */
export function describeStructure(value: unknown): Structure {
  const found = { numbers: [], tensors: [], depth: 0 };
  const kind = describe(value, found);
  return { key: `${kind} ${found.numbers}`, kind, tensors: found.tensors };
}

interface Found {
  readonly numbers: string[];
  readonly tensors: Tensor[];
  depth: number;
}

const MAX_DEPTH = 100;

function describe(value: unknown, found: Found): string {
  if (typeof value === "number" || typeof value === "bigint") {
    found.numbers.push(Object.is(value, -0) ? "-0" : String(value));
    return typeof value;
  }
  if (typeof value === "symbol" && Symbol.keyFor(value) !== undefined) {
    return `symbol for ${JSON.stringify(Symbol.keyFor(value))}`;
  }
  if (typeof value === "function" || typeof value === "symbol") {
    return `${typeof value} ${identity(value)}`;
  }
  if (typeof value !== "object" || value === null) {
    return `${typeof value} ${JSON.stringify(value) ?? ""}`;
  }
  // A variable is identified by its id, not by its current value.
  if (value instanceof Variable) return `variable ${value.id}`;
  if (value instanceof Tensor) {
    value.throwIfDisposed();
    found.tensors.push(value);
    // TensorFlow's own type: tfjs calls uint8 and int64 int32.
    const { dtype } = backend.dataOf(value.dataId);
    return `${value.dtype} ${dtype} [${value.shape.join(",")}]`;
  }
  const bytes = bytesOf(value);
  if (bytes !== undefined) {
    const hash = createHash("sha256").update(bytes).digest("hex");
    return `${value.constructor.name} ${bytes.length} ${hash}`;
  }
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof RegExp) return `RegExp ${value} ${value.lastIndex}`;
  const items = itemsOf(value);
  if (items === undefined) return `object ${identity(value)}`;
  if (found.depth === MAX_DEPTH) {
    throw new RangeError(
      `An argument or a result of a compiled function is nested over ` +
        `${MAX_DEPTH} deep or contains itself.`,
    );
  }
  found.depth++;
  const name = Array.isArray(value) ? "" : value.constructor?.name ?? "Object";
  const texts = items.map((item) => describe(item, found));
  found.depth--;
  return `${name}[${texts.join(";")}]`;
}

/** The memory of a buffer or a view. */
function bytesOf(value: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  const isBuffer = value instanceof ArrayBuffer ||
    value instanceof SharedArrayBuffer;
  return isBuffer ? new Uint8Array(value) : undefined;
}

/** What a container holds, with the names or keys of it. */
function itemsOf(value: object): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (isPlain(value)) return Object.entries(value).flat();
  if (value instanceof Map) return Array.from(value).flat();
  if (value instanceof Set) return Array.from(value);
  if (value instanceof TensorBuffer) {
    return [value.dtype, value.shape, value.values];
  }
  return undefined;
}

const identities = new WeakMap<WeakKey, number>();
let nextIdentity = 0;

function identity(value: WeakKey): number {
  const number = identities.get(value) ?? nextIdentity++;
  identities.set(value, number);
  return number;
}

/**
 * Copies a structure with other tensors.
 *
 * @param value Any value.
 * @param tensors What takes the place of its tensors, in order.
 * @returns The same structure; variables stay.
 */
export function replaceTensors(
  value: unknown,
  tensors: readonly Tensor[],
): unknown {
  const rest = tensors.slice();
  const copy = (value: unknown): unknown => {
    if (value instanceof Variable) return value;
    if (value instanceof Tensor) return rest.shift();
    if (Array.isArray(value)) return value.map(copy);
    if (value instanceof Set) return new Set(Array.from(value, copy));
    const copyEntry = ([name, item]: [unknown, unknown]) =>
      [copy(name), copy(item)] as const;
    if (value instanceof Map) return new Map(Array.from(value, copyEntry));
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, copy(item)]),
    );
  };
  return copy(value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

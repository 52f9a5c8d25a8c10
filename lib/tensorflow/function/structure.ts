/**
 * Arguments and results of compiled functions: structures with tensors in
 * them.
 *
 * @module
 */

import { Tensor, Variable } from "@tensorflow/tfjs";
import { backend } from "@/tensorflow/api/tf.ts";

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identity(value: object): number {
  const number = identities.get(value) ?? nextIdentity++;
  identities.set(value, number);
  return number;
}

/**
 * Describes a structure and collects its tensors.
 *
 * @param value Any value.
 * @param tensors Where the tensors go, in order.
 * @returns A text that is equal for structures that are compiled alike.
 */
export function describeStructure(value: unknown, tensors: Tensor[]): string {
  // A variable is known by itself, not by the value it has now.
  if (value instanceof Variable) return `variable ${value.id}`;
  if (value instanceof Tensor) {
    tensors.push(value);
    // TensorFlow's own type: tfjs calls uint8 and int64 int32.
    const { dtype } = backend.dataOf(value.dataId);
    return `${value.dtype} ${dtype} [${value.shape.join(",")}]`;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => describeStructure(item, tensors));
    return `[${items.join(";")}]`;
  }
  if (isPlain(value)) {
    const fields = Object.entries(value).map(([name, item]) =>
      `${JSON.stringify(name)}:${describeStructure(item, tensors)}`
    );
    return `{${fields.join(";")}}`;
  }
  if (typeof value === "object" && value !== null) {
    return `object ${identity(value)}`;
  }
  if (typeof value === "function") return `function ${identity(value)}`;
  return `${typeof value} ${JSON.stringify(value) ?? String(value)}`;
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

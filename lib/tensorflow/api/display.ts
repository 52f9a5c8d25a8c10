/**
 * How notebooks and the console show a tensor: its type, its shape and its
 * values, of which there are only the first and last if there are many.
 *
 *     Tensor float32 [2, 3]
 *     [[1, 2, 3],
 *      [4, 5, 6]]
 *
 * @module
 */

import { Tensor, Variable } from "@tensorflow/tfjs";

/** Tensors of more values are shortened. */
const MAX_VALUES = 1000;
/** What is left of each end of an axis. */
const EDGE = 3;
const MAX_LINES = 50;

/** Makes notebooks and the console show values of tensors. */
export function showTensors(): void {
  const display = function (this: Tensor) {
    return { "text/plain": describeTensor(this) };
  };
  const inspect = function (this: Tensor) {
    return describeTensor(this);
  };
  Object.defineProperties(Tensor.prototype, {
    [Symbol.for("Jupyter.display")]: { value: display },
    [Symbol.for("Deno.customInspect")]: { value: inspect },
  });
}

/**
 * Describes a tensor or a variable.
 *
 * @param tensor Any tensor.
 * @returns Its type, shape and values, or why it has none.
 */
function describeTensor(tensor: Tensor): string {
  const name = tensor instanceof Variable
    ? `Variable "${tensor.name}"`
    : "Tensor";
  const head = `${name} ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return `${head}, disposed`;
  if (tensor.dtype === "complex64") return `${head}\n${tensor.toString()}`;
  let texts: (at: number) => string;
  try {
    texts = formatter(tensor);
  } catch {
    return `${head}, which has values only when the compiled function runs`;
  }
  const lines = format(texts, tensor.shape, tensor.size > MAX_VALUES)
    .split("\n");
  const shown = lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `… (${lines.length} lines)`];
  return `${head}\n${shown.join("\n")}`;
}

/** Writes the value at a place. */
function formatter(tensor: Tensor): (at: number) => string {
  const values = tensor.dataSync() as ArrayLike<unknown>;
  return (at) => {
    const value = values[at];
    if (tensor.dtype === "bool") return String(Boolean(value));
    if (typeof value === "string") return JSON.stringify(value);
    // Seven digits are what a float32 holds.
    return tensor.dtype === "float32"
      ? String(Number((value as number).toPrecision(7)))
      : String(value);
  };
}

/** Lays values out in brackets. */
function format(
  text: (at: number) => string,
  shape: readonly number[],
  shorten: boolean,
  start = 0,
  indent = " ",
): string {
  const [size, ...rest] = shape;
  if (size === undefined) return text(start);
  const step = rest.reduce((product, length) => product * length, 1);
  const items = Array.from({ length: size }, (_, i) => i)
    .filter((i) => !shorten || i < EDGE || i >= size - EDGE)
    .map((i) => format(text, rest, shorten, start + i * step, `${indent} `));
  if (items.length < size) items.splice(EDGE, 0, "…");
  const separator = rest.length === 0
    ? ", "
    : `,${"\n".repeat(rest.length)}${indent}`;
  return `[${items.join(separator)}]`;
}

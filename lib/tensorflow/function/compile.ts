/**
 * `compile`, the counterpart of Python's `tf.function`: a function of tensors
 * becomes one TensorFlow op that runs all of it, forward pass, gradients and
 * optimiser included.
 *
 * @module
 */

import { Tensor, Variable } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { backend } from "@/tensorflow/api/tf.ts";
import { functionConfig, type Precision } from "./function_config.ts";
import { trace, type Traced } from "./trace.ts";

/** A function that runs as one TensorFlow op. */
export interface Compiled<Args extends unknown[], Result> extends Disposable {
  /** Runs it; the first call for new shapes traces it. */
  (...args: Args): Result;
  /** How many times it was traced: once a combination of shapes and types. */
  readonly traces: number;
  /** Operations in the graph that was traced last. */
  readonly operations: number;
  /** Frees what was traced; the next call traces again. */
  dispose(): void;
}

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** A name for errors; the function's own by default. */
  readonly name?: string;
  /** What it computes in; `float32` by default. */
  readonly precision?: Precision;
}

interface Entry<Result> {
  readonly traced: Traced;
  readonly rebuild: (tensors: Tensor[]) => Result;
}

/**
 * Compiles a function of tensors.
 *
 * The function is called once for each new combination of argument shapes,
 * types and non-tensor values, and its ops are traced into one TensorFlow
 * function; from then on that runs instead. Variables that it reads are read
 * anew at each call, and variables that it assigns (an optimiser's step, say)
 * get their new values. Other JavaScript side effects happen only when it is
 * traced. Inside another compiled function it becomes part of that one.
 *
 * @example
 * ```ts
 * import { compile, tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const square = compile((x: tf.Tensor) => x.mul(x));
 * assertEquals(Array.from(square(tf.tensor([1, 2, 3])).dataSync()), [1, 4, 9]);
 * ```
 *
 * @param fn Takes and returns tensors, or arrays and plain objects of them.
 * Other values in its arguments are part of what it is compiled for.
 * @throws {RangeError} When there is no such precision.
 * @throws {TraceError} At the call that traces, when the function reads a
 * value, draws random numbers in JavaScript or disposes a tensor from outside.
 * @throws {TensorFlowError} When an op fails, with the op's name.
 */
export function compile<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const label = options.name ?? (fn.name || "compiled");
  const config = functionConfig(options.precision ?? "float32");
  const entries = new Map<string, Entry<Result>>();
  let traces = 0, operations = 0;
  const compiled = (...args: Args): Result => {
    if (currentGraph() !== undefined) return fn(...args);
    const tensors: Tensor[] = [];
    const key = describe(args, tensors);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = traceEntry(label, fn, args, tensors, config);
      entries.set(key, entry);
      traces++;
      operations = entry.traced.operations;
    }
    return entry.rebuild(entry.traced.call(tensors) as Tensor[]);
  };
  const dispose = () => {
    for (const { traced } of entries.values()) traced.dispose();
    entries.clear();
  };
  return Object.defineProperties(compiled, {
    traces: { get: () => traces },
    operations: { get: () => operations },
    dispose: { value: dispose },
    [Symbol.dispose]: { value: dispose },
  }) as Compiled<Args, Result>;
}

function traceEntry<Args extends unknown[], Result>(
  label: string,
  fn: (...args: Args) => Result,
  args: Args,
  tensors: Tensor[],
  config: Uint8Array<ArrayBuffer>,
): Entry<Result> {
  let rebuild: ((tensors: Tensor[]) => Result) | undefined;
  const traced = trace(label, tensors, (symbols) => {
    const result = fn(...replace(args, symbols) as Args);
    if (result instanceof Promise) {
      result.catch(() => {}); // What it met is not what was wrong.
      throw new TypeError(
        `${label} is asynchronous, and only a synchronous function can be compiled.`,
      );
    }
    const outputs: Tensor[] = [];
    describe(result, outputs);
    rebuild = (tensors) => replace(result, tensors) as Result;
    return outputs;
  }, config);
  return { traced, rebuild: rebuild! };
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identity(value: object): number {
  let number = identities.get(value);
  if (number === undefined) {
    number = nextIdentity++;
    identities.set(value, number);
  }
  return number;
}

/** A text that is equal for values to compile alike; collects the tensors. */
function describe(value: unknown, tensors: Tensor[]): string {
  // A variable is known by itself, not by the value it has now.
  if (value instanceof Variable) return `variable ${value.id}`;
  if (value instanceof Tensor) {
    tensors.push(value);
    // TensorFlow's own type: tfjs calls uint8 and int64 int32.
    const { dtype } = backend.dataOf(value.dataId);
    return `${value.dtype} ${dtype} [${value.shape.join(",")}]`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => describe(item, tensors)).join(";")}]`;
  }
  if (isPlain(value)) {
    const fields = Object.entries(value).map(([name, item]) =>
      `${JSON.stringify(name)}:${describe(item, tensors)}`
    );
    return `{${fields.join(";")}}`;
  }
  if (typeof value === "object" && value !== null) {
    return `object ${identity(value)}`;
  }
  if (typeof value === "function") return `function ${identity(value)}`;
  return `${typeof value} ${JSON.stringify(value) ?? String(value)}`;
}

/** The same structure with its tensors replaced, in the order of `describe`. */
function replace(value: unknown, tensors: Tensor[]): unknown {
  const rest = tensors.slice();
  const visit = (value: unknown): unknown => {
    if (value instanceof Variable) return value;
    if (value instanceof Tensor) return rest.shift();
    if (Array.isArray(value)) return value.map(visit);
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, visit(item)]),
    );
  };
  return visit(value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

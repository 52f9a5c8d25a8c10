/**
 * `compile`, the counterpart of Python's `tf.function`: a function of tensors
 * becomes one TensorFlow op that runs all of it, forward pass, gradients and
 * optimiser included.
 *
 * @module
 */

import type { Tensor } from "@tensorflow/tfjs";
import { invalid } from "@/errors/invalid.ts";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";
import { describeStructure, replaceTensors } from "./structure.ts";
import { trace } from "./trace.ts";
import type { TracedFunction } from "./traced_function.ts";

/** A function that runs as one TensorFlow op. */
export interface Compiled<Args extends unknown[], Result> extends Disposable {
  /**
   * Runs it; the first call for new shapes traces it.
   *
   * @param args What the function takes.
   * @returns What the function returns.
   */
  (...args: Args): Result;
  /** How many times it was traced: once per combination of shapes and types. */
  readonly traces: number;
  /** Operations in the graph that was traced last. */
  readonly operations: number;
  /** Frees what was traced; the next call traces again. */
  dispose(): void;
}

/**
 * What a compiled function computes in: `bfloat16` has the range of `float32`
 * and 8 bits of precision, in convolutions and matrix products only; results
 * and variables stay float32. It is faster on processors that support it, and
 * changes nothing on others.
 */
export type Precision = "float32" | "bfloat16";

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** A name for errors; the function's own by default. */
  readonly name?: string;
  /** What it computes in; `float32` by default. */
  readonly precision?: Precision;
}

/** What a function was compiled to for arguments of one kind. */
interface Entry<Result> {
  readonly traced: TracedFunction;
  /** What the function returned when it was traced. */
  readonly result: Result;
}

/**
 * Compiles a function of tensors.
 *
 * The function is called once for each new combination of argument shapes,
 * types and non-tensor values, and its ops are traced into one TensorFlow
 * function; from then on that runs instead. Variables that it reads are read
 * anew at each call, and variables that it assigns (in an optimiser's step,
 * for example) get their new values. Other JavaScript side effects happen only
 * when it is traced. Inside another compiled function it becomes part of that
 * one.
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
 * @param options Name and precision.
 * @returns A function that takes and returns the same.
 * @throws {RangeError} If there is no such precision.
 * @throws {TraceError} At the call that traces, if the function reads a value,
 * draws random numbers in JavaScript or disposes a tensor from outside.
 * @throws {TensorFlowError} If an op fails, with the op's name.
 */
export function compile<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const label = options.name ?? (fn.name || "compiled");
  const config = functionConfig(options.precision ?? "float32");
  const entries = new Map<string, Entry<Result>>();
  let traces = 0, operations = 0;

  function traceFor(args: Args, tensors: Tensor[]): Entry<Result> {
    let result: Result;
    const traced = trace({
      label,
      args: tensors,
      config,
      body: (symbols) => {
        result = fn(...replaceTensors(args, symbols) as Args);
        if (result instanceof Promise) {
          result.catch(() => {}); // Its error is not the cause.
          throw new TypeError(
            `${label} is asynchronous, and only a synchronous function can be compiled.`,
          );
        }
        const outputs: Tensor[] = [];
        describeStructure(result, outputs);
        return outputs;
      },
    });
    traces++;
    operations = traced.operations;
    return { traced, result: result! };
  }

  const compiled = (...args: Args): Result => {
    if (currentGraph() !== undefined) return fn(...args);
    const tensors: Tensor[] = [];
    const key = describeStructure(args, tensors);
    const entry = entries.get(key) ?? traceFor(args, tensors);
    entries.set(key, entry);
    const outputs = entry.traced.call(tensors) as Tensor[];
    return replaceTensors(entry.result, outputs) as Result;
  };
  const dispose = () => {
    for (const { traced } of entries.values()) traced[Symbol.dispose]();
    entries.clear();
  };
  return Object.defineProperties(compiled, {
    traces: { get: () => traces },
    operations: { get: () => operations },
    dispose: { value: dispose },
    [Symbol.dispose]: { value: dispose },
  }) as Compiled<Args, Result>;
}

/**
 * The `ConfigProto` of a function: `graph_options` is field 10, in it
 * `rewrite_options` field 10, and in that one
 * `auto_mixed_precision_onednn_bfloat16` field 31, which is 1 when on.
 */
function functionConfig(precision: Precision): Uint8Array<ArrayBuffer> {
  if (precision === "float32") return new Uint8Array(0);
  if (precision !== "bfloat16") {
    throw invalid("precision", '"float32" or "bfloat16"', precision);
  }
  const rewriter = new ProtobufWriter().varint(31, 1);
  const graph = new ProtobufWriter().bytes(10, rewriter);
  return new ProtobufWriter().bytes(10, graph).finish();
}

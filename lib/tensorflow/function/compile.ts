/**
 * `compile`, the counterpart of Python's `tf.function`: a function of tensors
 * becomes one TensorFlow op that runs all of it, forward pass, gradients and
 * optimiser included.
 *
 * @module
 */

import { backend_util } from "@tensorflow/tfjs";
import { invalid } from "@/errors/invalid.ts";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { multipliesBfloat16 } from "@/tensorflow/ffi/processor.ts";
import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import {
  type FunctionProfile,
  profileFunction,
} from "@/tensorflow/profile/profile.ts";
import { describeStructure, replaceTensors } from "./structure.ts";
import { type Body, Differentiable } from "./differentiable.ts";
import { traceArgument } from "./trace.ts";

/** A function that runs as one TensorFlow op. */
export interface Compiled<Args extends unknown[], Result> extends Disposable {
  /**
   * Runs it; the first call for new shapes traces it.
   *
   * @param args What the function takes.
   * @returns What the function returns.
   */
  (...args: Args): Result;
  /**
   * Measures where the time of a call goes, op by op. Variables keep their
   * values.
   *
   * @param args What the function takes.
   * @param runs How many runs to measure, of which the fastest one counts; 5
   * by default.
   * @returns The ops and their times.
   * @throws {RangeError} If there is to be no run.
   * @throws {TensorFlowError} If an op fails.
   *
   * @example
   * ```ts
   * import { compile, profileTable, tf } from "@/tensorflow/mod.ts";
   * import { assert } from "@std/assert";
   *
   * const product = compile((a: tf.Tensor2D, b: tf.Tensor2D) => a.matMul(b));
   * const profile = product.profile([tf.ones([64, 64]), tf.ones([64, 64])]);
   * assert(profileTable(profile).includes("MatMul"));
   * ```
   */
  profile(args: Args, runs?: number): FunctionProfile;
  /**
   * How many times it was traced: once per combination of shapes, types and
   * other values. Traces of its gradient are not counted.
   */
  readonly traces: number;
  /** Operations in the graph that was traced last. */
  readonly operations: number;
  /** Frees what was traced; the next call traces again. */
  dispose(): void;
}

/**
 * What a compiled function computes in: `bfloat16` has the range of `float32`
 * and 8 bits of precision, in convolutions and matrix products only; results
 * and variables stay float32. It is faster on processors with AVX512-BF16 or AMX;
 * on others it is float32, as they would take many times as long.
 */
export type Precision = "float32" | "bfloat16";

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** A name for errors; the function's own by default. */
  readonly name?: string;
  /** What it computes in; `float32` by default. */
  readonly precision?: Precision;
}

/** Traces for different numbers after which there is a warning. */
const MANY_TRACES = 5;

/** What a function was compiled to for arguments of one kind. */
interface Entry<Result> {
  readonly traced: Differentiable;
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
 * Gradients can be taken of it, of any order: their functions are traced when
 * they are first needed. Its variables are trained, and tensors from outside
 * that it uses have gradients too. It must give the same results when the
 * gradient runs it again: a gradient through an op with hidden state, such as
 * `tf.multinomial`, is an error.
 *
 * Arguments that are not tensors are compared by their contents: numbers
 * (`NaN` equals itself, and 0 differs from -0), strings, dates, arrays, plain
 * objects, maps, sets, buffers and typed arrays, which are read at each call.
 * Functions and objects of other classes are compared by identity, so changes
 * inside them go unnoticed. A number that changes often is better passed as a
 * tensor, `tf.scalar(value)`: each new number takes a trace, and there is
 * a warning after five of them.
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

  /** What was compiled for arguments, or is now. */
  const prepare = (args: Args) => {
    let result: Result;
    const body: Body = (symbols) => {
      result = fn(...replaceTensors(args, symbols) as Args);
      if (result instanceof Promise) {
        result.catch(() => {}); // Its error is not the cause.
        throw new TypeError(
          `${label} is asynchronous, and only a synchronous function can be compiled.`,
        );
      }
      return describeStructure(result).tensors;
    };
    const { key, kind, tensors } = describeStructure(args);
    let entry = entries.get(key);
    if (entry === undefined) {
      const plan = { label, args: tensors.map(traceArgument), body, config };
      const traced = new Differentiable(plan);
      entry = { traced, result: result! };
      entries.set(key, entry);
      traces++;
      operations = traced.operations;
      warnOfNumbers(kind);
    }
    return { ...entry, tensors, body };
  };
  const compiled = (...args: Args): Result => {
    if (currentGraph() !== undefined) return fn(...args);
    const { traced, result, tensors, body } = prepare(args);
    return replaceTensors(result, traced.call(tensors, body)) as Result;
  };
  const profile = (args: Args, runs = 5): FunctionProfile => {
    const { traced, tensors } = prepare(args);
    using opened = traced.open(tensors);
    return profileFunction(label, opened, runs);
  };
  const tracesByKind = new Map<string, number>();
  const warnOfNumbers = (kind: string) => {
    const count = (tracesByKind.get(kind) ?? 0) + 1;
    tracesByKind.set(kind, count);
    if (count !== MANY_TRACES) return;
    backend_util.warn(
      `"${label}" was traced ${count} times for different numbers in its ` +
        `arguments, which takes time and memory at each call: pass a number ` +
        `that changes as a tensor, such as tf.scalar(1).`,
    );
  };
  const dispose = () => {
    for (const { traced } of entries.values()) traced[Symbol.dispose]();
    entries.clear();
    tracesByKind.clear();
  };
  return Object.defineProperties(compiled, {
    profile: { value: profile },
    traces: { get: () => traces },
    operations: { get: () => operations },
    dispose: { value: dispose },
    [Symbol.dispose]: { value: dispose },
  }) as Compiled<Args, Result>;
}

/** `RewriterConfig.OFF`, and `NO_MEM_OPT`. */
const OFF = 2, NO_MEMORY_OPTIMISER = 1;

/**
 * The `ConfigProto` of a function: `graph_options` is field 10 and in it
 * `rewrite_options` field 10.
 *
 * TensorFlow goes over a graph twice by default. The second time finds nothing
 * in training steps. Nor do the optimisers that are off here, which are of use on
 * GPUs. Together they made the first call of a large step take twice as long.
 */
function functionConfig(precision: Precision): Uint8Array<ArrayBuffer> {
  if (precision !== "float32" && precision !== "bfloat16") {
    throw invalid("precision", '"float32" or "bfloat16"', precision);
  }
  const isRough = precision === "bfloat16" && multipliesBfloat16();
  const rewriter = new ProtobufWriter()
    // `auto_mixed_precision_onednn_bfloat16`, `meta_optimizer_iterations`.
    .varint(isRough ? 31 : 12, 1);
  if (runtime.gpu === undefined) {
    // `layout_optimizer`, `memory_optimization`, `disable_tfg_optimizer`.
    rewriter.varint(1, OFF).varint(4, NO_MEMORY_OPTIMISER).varint(32, 1);
  }
  const graph = new ProtobufWriter().bytes(10, rewriter);
  return new ProtobufWriter().bytes(10, graph).finish();
}

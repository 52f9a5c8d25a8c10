/**
 * A traced function: a TensorFlow function, and what it needs besides its
 * arguments.
 *
 * @module
 */

import type { DataId, Tensor, Variable } from "@tensorflow/tfjs";
import { backend } from "@/tensorflow/api/tf.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";
import { callFunction } from "@/tensorflow/ffi/eager.ts";
import { ProfiledFunction } from "@/tensorflow/ffi/profiled_function.ts";
import { type GraphFunction, removeFunction } from "@/tensorflow/ffi/graph.ts";

/** An input of a traced function that is not an argument. */
export interface Captured {
  /** The data of a tensor from outside, which the function holds. */
  readonly dataId: DataId;
  /** The variable, whose value is read anew at each call, if it is one. */
  readonly variable: Variable | undefined;
}

/** The kind of an argument or a result. */
export interface TensorKind {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its `TF_DataType`. */
  readonly dtype: number;
}

/** Tensors that stand for variables. */
export type VariableValues = ReadonlyMap<Variable, Tensor>;

/** What a traced function is made of. */
export interface TracedParts {
  /** TensorFlow's function: arguments and captured tensors to outputs. */
  readonly made: GraphFunction;
  /** Operations in its graph. */
  readonly operations: number;
  /** Equal for graphs that compute the same. */
  readonly fingerprint: string;
  /** Names of the ops in it that have side effects or hidden state. */
  readonly statefulOps: readonly string[];
  /** Its inputs after the arguments. */
  readonly captured: readonly Captured[];
  /** Its results, which are its first outputs. */
  readonly results: readonly TensorKind[];
  /** Variables that are assigned its last outputs. */
  readonly assigned: readonly Variable[];
  /** How TensorFlow optimises it: a `ConfigProto`. */
  readonly config: Uint8Array<ArrayBuffer>;
}

/** A function traced for arguments of certain shapes and types. */
export class TracedFunction implements Disposable {
  readonly #parts: TracedParts;
  #disposed = false;

  /**
   * Takes over the parts.
   *
   * @param parts What it is made of.
   */
  constructor(parts: TracedParts) {
    this.#parts = parts;
  }

  /** Operations in its graph. */
  get operations(): number {
    return this.#parts.operations;
  }

  /** Names of the ops in it that have side effects or hidden state. */
  get statefulOps(): readonly string[] {
    return this.#parts.statefulOps;
  }

  /** The kinds of its results. */
  get results(): readonly TensorKind[] {
    return this.#parts.results;
  }

  /** The variables that it reads. */
  get variables(): Variable[] {
    return this.#parts.captured.flatMap(({ variable }) => variable ?? []);
  }

  /**
   * Compares it with another trace of the same function.
   *
   * @param other The other trace.
   * @returns Whether both compute the same from the same tensors.
   */
  equals(other: TracedFunction): boolean {
    const [own, others] = [this.#parts, other.#parts];
    const isSame = (a: readonly unknown[], b: readonly unknown[]) =>
      a.length === b.length && a.every((item, i) => item === b[i]);
    const sources = ({ captured }: TracedParts) =>
      captured.map(({ variable, dataId }) => variable ?? dataId);
    return own.fingerprint === others.fingerprint &&
      isSame(sources(own), sources(others)) &&
      isSame(own.assigned, others.assigned);
  }

  /**
   * Runs it. Afterwards variables have their new values.
   *
   * @param args Of the shapes and types that it was traced for.
   * @param values What it reads in place of variables' own values.
   * @returns The results.
   * @throws {TraceError} If a variable that it uses was disposed.
   * @throws {TensorFlowError} If an op fails.
   */
  call(args: readonly Tensor[], values: VariableValues = new Map()): Tensor[] {
    const { made, assigned, config } = this.#parts;
    const ids = this.#inputIds(args, values);
    const outputs = callFunction(made.name, ids, made.outputs, config);
    const first = outputs.length - assigned.length;
    assigned.forEach((variable, i) => {
      const value = backend.createOutputTensor(outputs[first + i]!);
      variable.assign(value);
      value.dispose();
    });
    return outputs.slice(0, first)
      .map((metadata) => backend.createOutputTensor(metadata));
  }

  /**
   * Opens it for measurements, which leave variables as they are.
   *
   * @param args Of the shapes and types that it was traced for.
   * @returns The function with its arguments, to be disposed.
   * @throws {TraceError} If a variable that it uses was disposed.
   * @throws {TensorFlowError} If an op fails.
   */
  open(args: readonly Tensor[]): ProfiledFunction {
    const { made, config } = this.#parts;
    return new ProfiledFunction({
      name: made.name,
      inputIds: this.#inputIds(args),
      numOutputs: made.outputs,
      config,
    });
  }

  /** The numbers of its inputs: arguments, then what it captured. */
  #inputIds(
    args: readonly Tensor[],
    values: VariableValues = new Map(),
  ): number[] {
    const { made, captured } = this.#parts;
    if (this.#disposed) throw new TraceError(`${made.name} was disposed.`);
    const own = captured.map(({ variable, dataId }) => {
      if (variable === undefined) return dataId;
      const value = values.get(variable) ?? variable;
      if (!value.isDisposed) return value.dataId;
      throw new TraceError(
        `${made.name} uses variable "${variable.name}", which was disposed.`,
      );
    });
    return [...args.map(({ dataId }) => dataId), ...own]
      .map((dataId) => backend.idOf(dataId));
  }

  /** Frees it. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    release(this.#parts.captured);
    removeFunction(this.#parts.made);
  }
}

/**
 * Lets go of the tensors that a trace holds.
 *
 * @param captured What it captured.
 */
export function release(captured: Iterable<Captured>): void {
  for (const { variable, dataId } of captured) {
    if (variable === undefined) backend.disposeData(dataId);
  }
}

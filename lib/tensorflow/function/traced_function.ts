/**
 * A traced function: a TensorFlow function, and what it needs besides its
 * arguments.
 *
 * @module
 */

import type { DataId, Tensor, TensorInfo, Variable } from "@tensorflow/tfjs";
import { backend } from "@/tensorflow/api/tf.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";
import { callFunction } from "@/tensorflow/ffi/eager.ts";
import { type GraphFunction, removeFunction } from "@/tensorflow/ffi/graph.ts";

/** An input of a traced function that is not an argument. */
export interface Captured {
  /** The data of a tensor from outside, which the function holds. */
  readonly dataId: DataId;
  /** The variable, whose value is read anew at each call, if it is one. */
  readonly variable: Variable | undefined;
}

/** What a traced function is made of. */
export interface TracedParts {
  /** TensorFlow's function: arguments and captured tensors to outputs. */
  readonly made: GraphFunction;
  /** Operations in its graph. */
  readonly operations: number;
  /** Its inputs after the arguments. */
  readonly captured: readonly Captured[];
  /** Variables that get its last outputs. */
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

  /**
   * Runs it. Afterwards variables have their new values.
   *
   * @param args Of the shapes and types that it was traced for.
   * @returns The results.
   * @throws {TraceError} If a variable that it uses was disposed.
   * @throws {TensorFlowError} If an op fails.
   */
  call(args: readonly Tensor[]): TensorInfo[] {
    const { made, captured, assigned, config } = this.#parts;
    const disposed = captured.find(({ variable }) => variable?.isDisposed);
    if (disposed !== undefined) {
      throw new TraceError(
        `${made.name} uses variable "${disposed.variable!.name}", which was ` +
          `disposed.`,
      );
    }
    const ids = [
      ...args.map(({ dataId }) => dataId),
      ...captured.map(({ variable, dataId }) => variable?.dataId ?? dataId),
    ].map((dataId) => backend.idOf(dataId));
    const outputs = callFunction(made.name, ids, made.outputs, config);
    const first = outputs.length - assigned.length;
    assigned.forEach((variable, i) => {
      const value = backend.wrap(outputs[first + i]!) as Tensor;
      variable.assign(value);
      value.dispose();
    });
    return outputs.slice(0, first).map((metadata) => backend.wrap(metadata));
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

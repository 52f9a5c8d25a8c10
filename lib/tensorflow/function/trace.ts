/**
 * Traces a function of tensors into a TensorFlow function: it is called once
 * with symbols in place of tensors, and what it does is written down.
 *
 *     arguments ─┐                      ┌─▶ results
 *     variables ─┼─▶ one TensorFlow op ─┼─▶ variables' new values
 *     constants ─┘                      └─  (assigned after the call)
 *
 * @module
 */

import type { DataId, Tensor, TensorInfo } from "@tensorflow/tfjs";
import type { Capture, TensorData } from "@/tensorflow/backend/backend.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";
import { callFunction } from "@/tensorflow/ffi/eager.ts";
import {
  Graph,
  type GraphFunction,
  type GraphTensor,
  removeFunction,
} from "@/tensorflow/ffi/graph.ts";
import { backend, engine, tidy, Variable } from "@/tensorflow/api/tf.ts";
import { findHandle, type TensorMetadata } from "@/tensorflow/ffi/tensors.ts";

/** An input of a traced function that is not an argument. */
type Captured =
  | { readonly kind: "variable"; readonly variable: Variable }
  | { readonly kind: "constant"; readonly dataId: DataId };

/** A function traced for arguments of certain shapes and types. */
export interface Traced {
  /** Operations in its graph. */
  readonly operations: number;
  /** Runs it: the results, then variables have their new values. */
  call(args: readonly Tensor[]): TensorInfo[];
  /** Frees it. */
  dispose(): void;
}

/**
 * Traces a function.
 *
 * @param label Its name, for errors.
 * @param args The arguments: their shapes and types count, values do not.
 * @param body Called once with symbols; returns the tensors that are results.
 * @param config How TensorFlow optimises it.
 * @throws {TraceError} When the function reads a value, disposes a tensor from
 * outside or draws a random number on the JavaScript side.
 */
export function trace(
  label: string,
  args: readonly Tensor[],
  body: (args: Tensor[]) => Tensor[],
  config?: Uint8Array<ArrayBuffer>,
): Traced {
  const graph = new Graph();
  const session = new TraceSession(label, graph, config);
  try {
    const inputs = args.map((arg) => session.argument(arg));
    const { results, assigned } = session.run(inputs, body);
    return session.finish(inputs, results, assigned);
  } catch (error) {
    session.abandon();
    throw error;
  } finally {
    graph.dispose();
  }
}

interface VariableState {
  readonly variable: Variable;
  readonly dataId: DataId;
}

interface Assigned {
  readonly variable: Variable;
  readonly symbol: GraphTensor;
}

class TraceSession implements Capture {
  readonly #label: string;
  readonly #config: Uint8Array<ArrayBuffer> | undefined;
  readonly #graph: Graph;
  readonly #variables = new Map<DataId, VariableState>();
  readonly #captured = new Map<DataId, Captured & { symbol: GraphTensor }>();
  readonly #arguments = new Map<GraphTensor, DataId>();

  constructor(
    label: string,
    graph: Graph,
    config?: Uint8Array<ArrayBuffer>,
  ) {
    this.#label = label;
    this.#graph = graph;
    this.#config = config;
  }

  argument(arg: Tensor): GraphTensor {
    const data = backend.dataOf(arg.dataId);
    const symbol = this.#graph.placeholder(arg.shape, data.dtype);
    this.#arguments.set(symbol, arg.dataId);
    return symbol;
  }

  capture(dataId: DataId, data: TensorData): number {
    const known = this.#captured.get(dataId);
    if (known !== undefined) return known.symbol.id;
    const variable = this.#variables.get(dataId)?.variable;
    if (findHandle(backend.uploadOutside(dataId)) === undefined) {
      throw new TraceError(
        `${this.#label} uses a tensor of a function that was compiled earlier: ` +
          `return it there instead of keeping it.`,
      );
    }
    const symbol = this.#graph.placeholder(data.shape, data.dtype);
    if (variable === undefined) {
      backend.incRef(dataId); // Held until the traced function is disposed.
      this.#captured.set(dataId, { kind: "constant", dataId, symbol });
    } else {
      this.#captured.set(dataId, { kind: "variable", variable, symbol });
    }
    return symbol.id;
  }

  holds(dataId: DataId): boolean {
    return this.#captured.get(dataId)?.kind === "constant";
  }

  checkRead(dataId: DataId): void {
    const state = this.#variables.get(dataId);
    if (state === undefined) return;
    throw new TraceError(
      `Variable "${state.variable.name}" was read while ${this.#label} was ` +
        `compiled: its value would be frozen, so read it outside.`,
    );
  }

  run(
    inputs: readonly GraphTensor[],
    body: (args: Tensor[]) => Tensor[],
  ): { results: GraphTensor[]; assigned: Assigned[] } {
    for (const variable of allVariables()) {
      unshare(variable);
      this.#hold(variable);
    }
    const restore = this.#patch();
    backend.beginTrace(this.#graph, this);
    let results: Tensor[] = [];
    try {
      results = tidy(() =>
        body(inputs.map((symbol) => backend.wrap(symbol) as Tensor))
      );
      const symbols = results.map((tensor) => this.#resultSymbol(tensor));
      return { results: symbols, assigned: this.#assigned() };
    } finally {
      for (const tensor of results) {
        if (backend.isInside(tensor.dataId)) tensor.dispose();
      }
      for (const state of this.#variables.values()) release(state);
      backend.endTrace();
      restore();
    }
  }

  /** Keeps a variable's value alive while the function assigns symbols to it. */
  #hold(variable: Variable): void {
    backend.incRef(variable.dataId);
    this.#variables.set(variable.dataId, {
      variable,
      dataId: variable.dataId,
    });
  }

  #assigned(): Assigned[] {
    return Array.from(this.#variables.values())
      .filter(({ variable, dataId }) => variable.dataId !== dataId)
      .map(({ variable }) => ({
        variable,
        symbol: this.#outputSymbol(variable.dataId),
      }));
  }

  #resultSymbol(tensor: Tensor): GraphTensor {
    return this.#outputSymbol(tensor.dataId);
  }

  /** The symbol of an output; an input that is returned goes through an op. */
  #outputSymbol(dataId: DataId): GraphTensor {
    const [id] = backend.getInputTensorIds([{ dataId } as TensorInfo]);
    const symbol = this.#graph.find(id!)!;
    return this.#graph.add("Identity", [], [symbol], 1)[0]!;
  }

  /**
   * While a function is traced, variables that it makes start with real
   * values, and random numbers from JavaScript are refused.
   */
  #patch(): () => void {
    const live = engine();
    const { makeVariable } = live;
    const { random } = Math;
    const { assign } = Variable.prototype;
    const label = this.#label;
    live.makeVariable = (initial, ...rest) => {
      const real = this.#evaluate(initial);
      const variable = makeVariable.call(live, real, ...rest);
      if (real !== initial) real.dispose();
      this.#hold(variable);
      return variable;
    };
    Math.random = () => {
      throw new TraceError(
        `${this.#label} draws random numbers in JavaScript, which would be ` +
          `the same at every call: pass them in, or use randomNormal or ` +
          `randomUniform of this module.`,
      );
    };
    Variable.prototype.assign = function (this: Variable, value: Tensor) {
      checkAssignment(label, this, value);
      assign.call(this, value);
    };
    return () => {
      Variable.prototype.assign = assign;
      live.makeVariable = makeVariable;
      Math.random = random;
    };
  }

  /** Runs the part of the graph that a variable's first value needs. */
  #evaluate(tensor: Tensor): Tensor {
    const [id] = backend.getInputTensorIds([tensor]);
    const symbol = this.#graph.find(id!)!;
    const output = this.#graph.add("Identity", [], [symbol], 1)[0]!;
    const captured = Array.from(this.#captured.values());
    const made = this.#graph.toFunction(
      `${this.#label}_initial`,
      [...this.#arguments.keys(), ...captured.map((input) => input.symbol)],
      [output],
      this.#graph.needed(output),
    );
    const ids = [
      ...this.#arguments.values(),
      ...captured.map((input) =>
        input.kind === "variable"
          ? this.#heldDataId(input.variable)
          : input.dataId
      ),
    ].map((dataId) => backend.uploadOutside(dataId));
    const [metadata] = callFunction(made.name, ids, 1);
    removeFunction(made);
    return backend.wrap(metadata!) as Tensor;
  }

  #heldDataId(variable: Variable): DataId {
    for (const state of this.#variables.values()) {
      if (state.variable === variable) return state.dataId;
    }
    return variable.dataId;
  }

  /** Lets go of what a failed trace captured. */
  abandon(): void {
    for (const input of this.#captured.values()) {
      if (input.kind === "constant") backend.disposeData(input.dataId);
    }
    this.#captured.clear();
  }

  finish(
    inputs: readonly GraphTensor[],
    results: readonly GraphTensor[],
    assigned: readonly Assigned[],
  ): Traced {
    const captured = Array.from(this.#captured.values());
    const made = this.#graph.toFunction(
      this.#label,
      [...inputs, ...captured.map(({ symbol }) => symbol)],
      [...results, ...assigned.map(({ symbol }) => symbol)],
    );
    const variables = assigned.map(({ variable }) => variable);
    return new TracedFunction(
      made,
      this.#graph.size,
      captured.map(({ symbol: _, ...input }) => input),
      variables,
      this.#config,
    );
  }
}

function checkAssignment(label: string, variable: Variable, value: Tensor) {
  const kind = ({ dtype, shape }: Tensor) => `${dtype} [${shape.join(", ")}]`;
  if (kind(variable) === kind(value)) return;
  throw new TraceError(
    `${label} assigns ${kind(value)} to variable "${variable.name}", which ` +
      `is ${kind(variable)} and stays so.`,
  );
}

/**
 * Gives a variable data of its own: clones, and variables that were assigned
 * the same tensor, share theirs, and would be taken for one another.
 */
function unshare(variable: Variable): void {
  if (backend.refCount(variable.dataId) <= 1) return;
  const [copy] = backend.executeMultipleOutputs("Identity", [], [variable], 1);
  variable.assign(copy!);
  copy!.dispose();
}

/** Gives a variable its value back and ends the hold on it. */
function release({ variable, dataId }: VariableState): void {
  if (variable.dataId !== dataId) {
    const live = engine();
    live.disposeTensor(variable);
    variable.dataId = dataId;
    live.incRef(variable, null as never);
  }
  backend.disposeData(dataId);
}

function allVariables(): Variable[] {
  return Object.values(engine().registeredVariables);
}

class TracedFunction implements Traced {
  readonly operations: number;
  readonly #function: GraphFunction;
  readonly #config: Uint8Array<ArrayBuffer> | undefined;
  readonly #captured: readonly Captured[];
  readonly #assigned: readonly Variable[];
  #disposed = false;

  constructor(
    made: GraphFunction,
    operations: number,
    captured: readonly Captured[],
    assigned: readonly Variable[],
    config: Uint8Array<ArrayBuffer> | undefined,
  ) {
    this.#config = config;
    this.#function = made;
    this.operations = operations;
    this.#captured = captured;
    this.#assigned = assigned;
  }

  call(args: readonly Tensor[]): TensorInfo[] {
    const ids = args.map((arg) => backend.idOf(arg.dataId));
    for (const input of this.#captured) {
      if (input.kind === "variable" && input.variable.isDisposed) {
        throw new TraceError(
          `${this.#function.name} uses variable "${input.variable.name}", which was disposed.`,
        );
      }
      ids.push(backend.idOf(
        input.kind === "variable" ? input.variable.dataId : input.dataId,
      ));
    }
    const outputs = callFunction(
      this.#function.name,
      ids,
      this.#function.outputs,
      this.#config,
    );
    const first = outputs.length - this.#assigned.length;
    this.#assigned.forEach((variable, i) =>
      assign(variable, outputs[first + i]!)
    );
    return outputs.slice(0, first).map((metadata) => backend.wrap(metadata));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const input of this.#captured) {
      if (input.kind === "constant") backend.disposeData(input.dataId);
    }
    removeFunction(this.#function);
  }
}

function assign(variable: Variable, metadata: TensorMetadata): void {
  const value = backend.wrap(metadata) as Tensor;
  variable.assign(value);
  value.dispose();
}

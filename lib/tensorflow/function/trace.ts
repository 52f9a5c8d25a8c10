/**
 * Traces a function of tensors into a TensorFlow function: it is called once
 * with symbols in place of tensors, and what it does is recorded.
 *
 *     arguments ─┐                      ┌─▶ results
 *     variables ─┼─▶ one TensorFlow op ─┼─▶ variables' new values
 *     constants ─┘                      └─  (assigned after the call)
 *
 * @module
 */

import type { DataId, Tensor, TensorInfo, Variable } from "@tensorflow/tfjs";
import { backend, engine, tidy } from "@/tensorflow/api/tf.ts";
import type { Capture, TensorData } from "@/tensorflow/backend/backend.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";
import { callFunction } from "@/tensorflow/ffi/eager.ts";
import {
  Graph,
  type GraphTensor,
  removeFunction,
} from "@/tensorflow/ffi/graph.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import {
  dropTape,
  suspendTape,
  watchAssignments,
  watchTrace,
} from "./trace_guards.ts";
import {
  type Captured,
  release,
  type TensorKind,
  TracedFunction,
} from "./traced_function.ts";

/** An argument, of which only shape and type count. */
export interface TraceArgument extends TensorKind {
  /** Its data, from which new variables get their first values. */
  readonly dataId?: DataId;
}

/** What to trace. */
export interface TracePlan {
  /** The function's name, for errors. */
  readonly label: string;
  /** The arguments. */
  readonly args: readonly TraceArgument[];
  /**
   * Called once with symbols.
   *
   * @param args A symbol for each argument.
   * @returns The tensors that are results.
   */
  readonly body: (args: Tensor[]) => Tensor[];
  /** How TensorFlow optimises it: a `ConfigProto`; empty by default. */
  readonly config?: Uint8Array<ArrayBuffer>;
  /** Whether assignments to variables are ignored; false by default. */
  readonly ignoreAssignments?: boolean;
}

/**
 * Describes a tensor as an argument.
 *
 * @param tensor The tensor.
 * @returns Its kind and its data.
 */
export function traceArgument({ dataId, shape }: Tensor): TraceArgument {
  return { shape, dtype: backend.dataOf(dataId).dtype, dataId };
}

/**
 * Traces a function.
 *
 * @param plan The function and its arguments.
 * @returns The function as one TensorFlow op.
 * @throws {TraceError} If the function reads a value, disposes a tensor from
 * outside or draws a random number in JavaScript.
 */
export function trace(plan: TracePlan): TracedFunction {
  using graph = new Graph();
  const session = new TraceSession(plan, graph);
  try {
    return session.run();
  } catch (error) {
    session.abandon();
    throw error;
  }
}

/** A variable, and the value that it had before the trace. */
interface HeldVariable {
  readonly variable: Variable;
  readonly dataId: DataId;
  readonly watch: Disposable;
}

class TraceSession implements Capture {
  readonly #plan: TracePlan;
  readonly #graph: Graph;
  readonly #args: readonly GraphTensor[];
  readonly #variables = new Map<DataId, HeldVariable>();
  readonly #captured = new Map<DataId, Captured & { symbol: GraphTensor }>();

  constructor(plan: TracePlan, graph: Graph) {
    this.#plan = plan;
    this.#graph = graph;
    this.#args = plan.args.map(({ shape, dtype }) =>
      graph.placeholder(shape, dtype)
    );
  }

  capture(dataId: DataId, data: TensorData): number {
    const known = this.#captured.get(dataId);
    if (known !== undefined) return known.symbol.id;
    if (!runtime.tensors.has(backend.uploadOutside(dataId))) {
      throw new TraceError(
        `${this.#plan.label} uses a tensor of a function that was compiled ` +
          `earlier: return it there instead of keeping it.`,
      );
    }
    const variable = this.#variables.get(dataId)?.variable;
    // Held until the traced function is disposed.
    if (variable === undefined) backend.incRef(dataId);
    const symbol = this.#graph.placeholder(data.shape, data.dtype);
    this.#captured.set(dataId, { dataId, variable, symbol });
    return symbol.id;
  }

  holds(dataId: DataId): boolean {
    const captured = this.#captured.get(dataId);
    return captured !== undefined && captured.variable === undefined;
  }

  checkRead(dataId: DataId): void {
    const held = this.#variables.get(dataId);
    if (held === undefined) return;
    throw new TraceError(
      `Variable "${held.variable.name}" was read while ${this.#plan.label} ` +
        `was compiled: its value would be frozen, so read it outside.`,
    );
  }

  run(): TracedFunction {
    const { label, body, config = new Uint8Array(0) } = this.#plan;
    using cleanup = new DisposableStack();
    cleanup.use(suspendTape());
    for (const variable of Object.values(engine().registeredVariables)) {
      unshare(variable);
      this.#hold(variable);
    }
    cleanup.use(watchTrace({
      label,
      evaluate: (initial) => this.#evaluate(initial),
      added: (variable) => this.#hold(variable),
    }));
    backend.beginTrace(this.#graph, this);
    cleanup.defer(() => backend.endTrace());
    cleanup.defer(() => this.#variables.forEach(giveBack));
    cleanup.defer(dropTape);
    const results = tidy(() =>
      body(this.#args.map((symbol) => backend.createOutputTensor(symbol)))
    );
    cleanup.defer(() => {
      for (const tensor of results) {
        if (backend.isInside(tensor.dataId)) tensor.dispose();
      }
    });
    const outputs = results.map(({ dataId }) => this.#outputSymbol(dataId));
    const assigned = this.#plan.ignoreAssignments
      ? []
      : Array.from(this.#variables.values())
        .filter(({ variable, dataId }) => variable.dataId !== dataId)
        .map(({ variable }) => variable);
    outputs.push(
      ...assigned.map(({ dataId }) => this.#outputSymbol(dataId)),
    );
    const captured = Array.from(this.#captured.values());
    const inputs = [...this.#args, ...captured.map(({ symbol }) => symbol)];
    return new TracedFunction({
      made: this.#graph.toFunction(label, inputs, outputs),
      operations: this.#graph.size,
      fingerprint: this.#graph.fingerprint(),
      statefulOps: this.#graph.statefulOps,
      results: outputs.slice(0, results.length),
      captured: captured.map(({ symbol: _, ...input }) => input),
      assigned,
      config,
    });
  }

  /** Keeps a variable's value alive while the function assigns symbols to it. */
  #hold(variable: Variable): void {
    const { dataId } = variable;
    backend.incRef(dataId);
    const watch = watchAssignments(this.#plan.label, variable);
    this.#variables.set(dataId, { variable, dataId, watch });
  }

  #symbolOf(dataId: DataId): GraphTensor {
    const [id] = backend.getInputTensorIds([{ dataId } as TensorInfo]);
    return this.#graph.find(id!)!;
  }

  /** The symbol of an output; an input that is returned goes through an op. */
  #outputSymbol(dataId: DataId): GraphTensor {
    return this.#graph.add("Identity", [], [this.#symbolOf(dataId)], 1)[0]!;
  }

  /** Runs the part of the graph that a variable's first value needs. */
  #evaluate(tensor: Tensor): Tensor {
    const args = this.#plan.args.flatMap(({ dataId }) => dataId ?? []);
    if (args.length < this.#plan.args.length) {
      throw new TraceError(
        `${this.#plan.label} makes a variable at each call: make it once, ` +
          `outside, so that gradients can be taken.`,
      );
    }
    const output = this.#outputSymbol(tensor.dataId);
    const captured = Array.from(this.#captured.values());
    const made = this.#graph.toFunction(
      `${this.#plan.label}_initial`,
      [...this.#args, ...captured.map((input) => input.symbol)],
      [output],
      this.#graph.needed(output),
    );
    // A captured variable's own data id is that of its value before the trace.
    const ids = [...args, ...captured.map(({ dataId }) => dataId)]
      .map((dataId) => backend.uploadOutside(dataId));
    const [metadata] = callFunction(made.name, ids, 1);
    removeFunction(made);
    return backend.createOutputTensor(metadata!);
  }

  /** Lets go of what a failed trace captured. */
  abandon(): void {
    release(this.#captured.values());
    this.#captured.clear();
  }
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
function giveBack({ variable, dataId, watch }: HeldVariable): void {
  watch[Symbol.dispose]();
  if (variable.dataId !== dataId) {
    const live = engine();
    live.disposeTensor(variable);
    variable.dataId = dataId;
    live.incRef(variable, null as never);
  }
  backend.disposeData(dataId);
}

/**
 * Traced functions that gradients can be taken of. To a gradient tape of tfjs
 * a call is one op. Its gradient is a traced function too, which computes the
 * results again, and is itself differentiable.
 *
 *     args, variables ─▶ function ─▶ results
 *           │                           ┆
 *           └──▶ function again ──▶ gradients ◀── gradients of the results
 *
 * @module
 */

import { type Tensor, Variable } from "@tensorflow/tfjs";
import { backend, engine, scalar, zeros } from "@/tensorflow/api/tf.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";
import { runOnTape } from "@/tensorflow/backend/tape.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import type { ProfiledFunction } from "@/tensorflow/ffi/profiled_function.ts";
import { trace, traceArgument, type TracePlan } from "./trace.ts";
import type { TracedFunction, VariableValues } from "./traced_function.ts";

/** A function of symbols that returns the tensors that are its results. */
export type Body = TracePlan["body"];

/** What the results depend on, and how. */
interface Gradient {
  /** The arguments that the results depend on, by their places. */
  readonly places: readonly number[];
  /** Variables and tensors from outside that the results depend on. */
  readonly outside: readonly Tensor[];
  /** {@linkcode gradientOf} the function, or the reason why there is none. */
  readonly backward: Differentiable | Error;
}

/** A traced function that gradients can be taken of. */
export class Differentiable implements Disposable {
  readonly #plan: TracePlan;
  #traced: TracedFunction;
  #gradient: Gradient | undefined;

  /**
   * Traces a function.
   *
   * @param plan The function and its arguments.
   * @throws {TraceError} If the function cannot be compiled.
   */
  constructor(plan: TracePlan) {
    this.#plan = plan;
    this.#traced = trace(plan);
  }

  /** Operations in its graph, without those of gradients. */
  get operations(): number {
    return this.#traced.operations;
  }

  /**
   * Runs it. While tfjs records a gradient, the call becomes a part of it.
   *
   * @param args Of the shapes and types that it was traced for.
   * @param body The function again, for the trace of its gradient.
   * @param values What it reads in place of variables' own values.
   * @returns The results.
   * @throws {TensorFlowError} If an op fails.
   */
  call(
    args: readonly Tensor[],
    body: Body,
    values: VariableValues = new Map(),
  ): Tensor[] {
    if (!engine().isTapeOn()) return this.#traced.call(args, values);
    this.#gradient ??= this.#traceGradient(args, body);
    const gradient = this.#gradient;
    const { places, outside } = gradient;
    const { variables } = this.#traced;
    const valueOf = (tensor: Tensor) =>
      tensor instanceof Variable ? values.get(tensor) ?? tensor : tensor;
    const inputs = [...places.map((i) => args[i]!), ...outside.map(valueOf)]
      .entries().filter(([, { isDisposed }]) => !isDisposed);
    return runOnTape({
      inputs: Object.fromEntries(inputs),
      forwardFunc: (_backend, save) => {
        // Before the call, which may assign variables.
        save([...args, ...variables.map(valueOf)]);
        return this.#traced.call(args, values);
      },
      backwardsFunc: (dy, saved) => {
        const { backward } = gradient;
        if (backward instanceof Error) throw backward;
        const gradients = backward.call(
          [...saved.slice(0, args.length), ...this.#floats([dy].flat())],
          gradientOf(body, args.length),
          new Map(variables.map((variable, i) => [
            variable,
            saved[args.length + i]!,
          ])),
        );
        return Object.fromEntries(
          gradients.map((gradient, i) => [i, () => gradient]),
        );
      },
    });
  }

  /**
   * Opens it for measurements; see {@linkcode TracedFunction.open}.
   *
   * @param args Of the shapes and types that it was traced for.
   * @returns The function with its arguments, to be disposed.
   */
  open(args: readonly Tensor[]): ProfiledFunction {
    return this.#traced.open(args);
  }

  /** The gradients of the float32 results. */
  #floats(dys: readonly Tensor[]): Tensor[] {
    return dys.filter(({ dtype }, i) => {
      if (this.#traced.results[i]!.dtype === DataType.FLOAT) return true;
      // tfjs gives zeros of the result's own type if there is no gradient.
      if (dtype !== "float32") return false;
      throw new TraceError(
        `${this.#plan.label} has no gradient for result ${i + 1}, which is ` +
          `not float32.`,
      );
    });
  }

  /**
   * Traces the function again until it does the same twice, as what it reads
   * in JavaScript may have changed since the first trace. A gradient cannot
   * follow such a change: the function that it belongs to has been called.
   */
  #settle(args: readonly Tensor[], body: Body): void {
    const isGradient = this.#plan.ignoreAssignments ?? false;
    const kinds = isGradient ? this.#plan.args : args.map(traceArgument);
    for (let i = 0; i < (isGradient ? 1 : 2); i++) {
      const before = this.#traced;
      this.#traced = trace({ ...this.#plan, args: kinds, body });
      before[Symbol.dispose]();
      if (before.equals(this.#traced)) return;
    }
    throw new TraceError(
      `${this.#plan.label} has no gradient, as it does something else each ` +
        `time it is traced: pass what changes as an argument.`,
    );
  }

  #traceGradient(args: readonly Tensor[], body: Body): Gradient {
    const { label } = this.#plan;
    try {
      this.#settle(args, body);
      const { statefulOps, results } = this.#traced;
      const dys = results.filter(({ dtype }) => dtype === DataType.FLOAT);
      if (dys.length === 0) {
        throw new TraceError(
          `${label} has no gradient, as it returns no float32 tensor.`,
        );
      }
      if (statefulOps.length > 0) {
        throw new TraceError(
          `${label} has no gradient, as its op ${statefulOps[0]} may give ` +
            `other values when the gradient runs it again: take the gradient ` +
            `inside the compiled function.`,
        );
      }
      let found: Connections = { places: [], outside: [] };
      const backward = new Differentiable({
        ...this.#plan,
        label: `${label}_gradient`,
        args: [...this.#plan.args, ...dys]
          .map(({ shape, dtype }) => ({ shape, dtype })),
        body: gradientOf(body, args.length, (connections) => {
          found = connections;
        }),
        ignoreAssignments: true,
      });
      return { ...found, backward };
    } catch (error) {
      // Thrown only if a gradient is asked for, like the errors of tfjs's ops.
      return {
        places: args.flatMap(({ dtype }, i) => dtype === "float32" ? i : []),
        outside: this.#findOutside(body),
        backward: error instanceof Error ? error : new Error(String(error)),
      };
    }
  }

  /** What a function without a gradient uses from outside. */
  #findOutside(body: Body): Tensor[] {
    let outside: Tensor[] = [];
    const look: Body = (inputs) => {
      engine().gradients(
        () => {
          body(inputs);
          outside = usedFromOutside(inputs);
          return scalar(0);
        },
        [scalar(0)],
        undefined,
        true,
      );
      return [];
    };
    const { args, label } = this.#plan;
    using _traced = trace({ label, args, body: look, ignoreAssignments: true });
    return outside;
  }

  /** Frees it and its gradient. */
  [Symbol.dispose](): void {
    this.#traced[Symbol.dispose]();
    const backward = this.#gradient?.backward;
    if (backward instanceof Differentiable) backward[Symbol.dispose]();
    this.#gradient = undefined;
  }
}

/** What the results of a function depend on. */
type Connections = Omit<Gradient, "backward">;

/**
 * The gradient of a function: it takes the arguments and the gradients of the
 * float32 results, and returns the gradients of what the results depend on.
 */
function gradientOf(
  body: Body,
  count: number,
  found: (connections: Connections) => void = () => {},
): Body {
  return (inputs) => {
    const args = inputs.slice(0, count), dys = inputs.slice(count);
    const xs = inputs.slice(); // tfjs refuses an empty list.
    let behindOthers = new Set<number>();
    const { grads } = engine().gradients(
      () => {
        const results = body(args);
        // tfjs fails where an op gives its indices a gradient.
        const used = [...args, ...usedFromOutside(inputs)].filter(isFloat);
        xs.splice(0, xs.length, ...used);
        behindOthers = dependencies(results.filter((y) => !isFloat(y)));
        return results.filter(isFloat)
          .map((result, i) => result.mul(dys[i]!).sum())
          .reduce((sum, result) => sum.add(result));
      },
      xs,
      undefined,
      true,
    );
    // What only results of other types depend on has the gradient 0 for all
    // others, and is connected so that gradients of those can be refused.
    const connected = xs.map((_, i) => i).filter((i) =>
      grads[i] != null || behindOthers.has(xs[i]!.id)
    );
    const tensors = connected.map((i) => xs[i]!);
    found({
      places: args.flatMap((arg, i) => tensors.includes(arg) ? i : []),
      outside: tensors.filter((tensor) => !args.includes(tensor)),
    });
    return connected.map((i) => grads[i] ?? zeros(xs[i]!.shape));
  };
}

/** Whether a tensor can have a gradient. */
function isFloat({ dtype }: Tensor): boolean {
  return dtype === "float32";
}

/** Numbers of all tensors that some tensors were computed from on the tape. */
function dependencies(results: readonly Tensor[]): Set<number> {
  const ids = new Set(results.map(({ id }) => id));
  for (const { inputs, outputs } of engine().state.activeTape.toReversed()) {
    if (!outputs.some(({ id }) => ids.has(id))) continue;
    for (const { id } of Object.values(inputs).flat()) ids.add(id);
  }
  return ids;
}

/** Variables and tensors from outside of a trace on the tape recorded so far. */
function usedFromOutside(inputs: readonly Tensor[]): Tensor[] {
  const { activeTape } = engine().state;
  const inside = new Set(
    [...inputs, ...activeTape.flatMap(({ outputs }) => outputs)]
      .map(({ id }) => id),
  );
  const used = activeTape.flatMap((node) => Object.values(node.inputs).flat())
    .filter((tensor) =>
      tensor instanceof Variable ||
      !(inside.has(tensor.id) || tensor.isDisposed ||
        backend.isInside(tensor.dataId))
    );
  return Array.from(
    new Map(used.map((tensor) => [tensor.id, tensor])).values(),
  );
}

/**
 * What is watched while a function is traced, because JavaScript hides it from
 * the backend: random numbers, new variables and assignments. A gradient that
 * is being recorded meanwhile must not see the trace.
 *
 * @module
 */

import type { Tensor, Variable } from "@tensorflow/tfjs";
import { engine } from "@/tensorflow/api/tf.ts";
import { TraceError } from "@/tensorflow/backend/binding.ts";

/** What to do while a function is traced. */
export interface TraceHooks {
  /** The function's name, for errors. */
  readonly label: string;
  /**
   * Gives a new variable its first value.
   *
   * @param initial What the function starts it with, a symbol.
   * @returns A tensor with values.
   */
  evaluate(initial: Tensor): Tensor;
  /**
   * Called with each new variable.
   *
   * @param variable The variable.
   */
  added(variable: Variable): void;
}

/**
 * Watches until it is disposed, and replaces two functions meanwhile, since
 * neither asks the backend. What `Math.random` draws, for the function itself
 * or for a layer such as dropout, reaches the backend as a constant like any
 * other, and would be the same at each call. And the engine's `makeVariable`
 * takes over the first value as it is: a variable made inside would start as a
 * symbol, so that what reads it would compute its first value again at each
 * call instead of reading the variable.
 *
 * @param hooks What to do.
 * @returns Ends the watch.
 */
export function watchTrace(
  { label, evaluate, added }: TraceHooks,
): Disposable {
  const live = engine();
  const { makeVariable } = live;
  const { random } = Math;
  live.makeVariable = (initial, ...rest) => {
    const real = evaluate(initial);
    const variable = makeVariable.call(live, real, ...rest);
    if (real !== initial) real.dispose();
    added(variable);
    return variable;
  };
  Math.random = () => {
    throw new TraceError(
      `${label} draws random numbers in JavaScript, which would be the same ` +
        `at every call: pass them in, or use randomNormal or randomUniform ` +
        `of this module.`,
    );
  };
  return {
    [Symbol.dispose]: () => {
      live.makeVariable = makeVariable;
      Math.random = random;
    },
  };
}

/**
 * Checks what a variable is assigned until it is disposed, to name the
 * variable in the error.
 *
 * @param label The traced function's name.
 * @param variable The variable.
 * @returns Ends the watch.
 */
export function watchAssignments(
  label: string,
  variable: Variable,
): Disposable {
  const kind = ({ dtype, shape }: Tensor) => `${dtype} [${shape.join(", ")}]`;
  const { assign } = variable;
  variable.assign = (value) => {
    if (kind(variable) !== kind(value)) {
      throw new TraceError(
        `${label} assigns ${kind(value)} to variable "${variable.name}", ` +
          `which is ${kind(variable)} and stays so.`,
      );
    }
    assign.call(variable, value);
  };
  return {
    [Symbol.dispose]: () => {
      delete (variable as Partial<Variable>).assign;
    },
  };
}

/**
 * Pauses the recording of a gradient until it is disposed, so that the trace
 * does not become part of it.
 *
 * @returns Resumes the recording.
 */
export function suspendTape(): Disposable {
  const { state } = engine();
  const { gradientDepth, kernelDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
  return {
    [Symbol.dispose]: () => {
      Object.assign(state, { gradientDepth, kernelDepth, activeTape });
    },
  };
}

/** Frees what the recording of a gradient that failed has left behind. */
export function dropTape(): void {
  const { state } = engine();
  for (const { saved = [] } of state.activeTape ?? []) {
    for (const tensor of saved) tensor.dispose();
  }
  Object.assign(state, { activeTape: null });
}

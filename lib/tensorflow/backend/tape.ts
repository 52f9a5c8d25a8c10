/**
 * Puts what is not a kernel of tfjs on the gradient tape. Otherwise gradients
 * would leave it out silently.
 *
 * @module
 */

import { engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs";

/** Something to record as one op. */
export interface TapeOp {
  /** What the results depend on, by any names. */
  readonly inputs: Record<string, Tensor>;
  /**
   * Computes the results.
   *
   * @param backend The engine's backend.
   * @param save Keeps tensors for the gradient; called at most once.
   */
  forwardFunc(backend: unknown, save: (kept: Tensor[]) => void): Tensor[];
  /**
   * Computes the gradients of the inputs.
   *
   * @param dy The gradient of the result, or a list of them.
   * @param saved What was kept.
   */
  backwardsFunc(
    dy: Tensor | Tensor[],
    saved: Tensor[],
  ): Record<string, () => Tensor>;
}

/**
 * Runs something as one op on the tape.
 *
 * @param op The op.
 * @returns The results.
 */
export function runOnTape(op: TapeOp): Tensor[] {
  // tfjs's declarations mark it as private.
  const { runKernelFunc } = engine() as unknown as {
    runKernelFunc(op: TapeOp): Tensor[];
  };
  return runKernelFunc.call(engine(), op);
}

/**
 * Runs something that has no gradient, so that asking for one is an error.
 *
 * @param name What it is called in the error.
 * @param inputs What the results depend on.
 * @param run Computes the results.
 * @returns The results.
 */
export function withoutGradient(
  name: string,
  inputs: readonly TensorInfo[],
  run: () => TensorInfo[],
): TensorInfo[] {
  if (!engine().isTapeOn()) return run();
  return runOnTape({
    inputs: Object.fromEntries((inputs as readonly Tensor[]).entries()),
    forwardFunc: () => run() as Tensor[],
    backwardsFunc: () => {
      throw new Error(`${name} has no gradient.`);
    },
  });
}

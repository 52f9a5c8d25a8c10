/**
 * How a kernel comes into tfjs's registry for this backend, beside or in place
 * of one of tfjs-node's.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";

/** What a kernel is called with. */
export interface KernelCall {
  /** Its inputs by name; some kernels take lists of tensors. */
  readonly inputs: Record<string, TensorInfo>;
  /** Its attributes, whose types only the kernel itself knows. */
  readonly attrs: NamedAttrMap;
  /** The backend that runs it. */
  readonly backend: TensorFlowBackend;
}

/** A kernel: one tensor or a list of tensors for its inputs. */
export type Kernel = (call: KernelCall) => TensorInfo | TensorInfo[];

const backendName = "tensorflow";

/**
 * Registers a kernel that tfjs-node lacks.
 *
 * @param kernelName Its name in tfjs.
 * @param kernel The kernel.
 */
export function addKernel(kernelName: string, kernel: Kernel): void {
  tfjs.registerKernel({
    kernelName,
    backendName,
    kernelFunc: kernel as unknown as tfjs.KernelFunc,
  });
}

/**
 * Replaces a kernel of tfjs-node.
 *
 * @param kernelName Its name in tfjs.
 * @param kernel The new kernel; its second argument is the old one.
 * @throws {Error} If there is no such kernel.
 */
export function overrideKernel(
  kernelName: string,
  kernel: (call: KernelCall, standard: Kernel) => TensorInfo | TensorInfo[],
): void {
  const config = tfjs.getKernel(kernelName, backendName);
  if (config == null) {
    throw new Error(`There is no kernel "${kernelName}" to override.`);
  }
  const standard = config.kernelFunc as unknown as Kernel;
  tfjs.unregisterKernel(kernelName, backendName);
  addKernel(kernelName, (call) => kernel(call, standard));
}

/**
 * Reads the strides or dilations of a kernel for images.
 *
 * @param steps One number, two of them, or nothing, which is 1.
 * @returns The steps in rows and in columns.
 */
export function stepsOf(steps: unknown): [number, number] {
  const [rows, columns = rows] = [steps ?? 1].flat() as number[];
  return [rows!, columns!];
}

/**
 * TensorFlow for Deno: TensorFlow.js's API and kernels on libtensorflow, and
 * `compile`, which tfjs lacks.
 *
 * @module
 */

export * as tf from "./tf.ts";
export { compile, type Compiled, type CompileOptions } from "./compile.ts";
export { type Precision } from "./function_config.ts";
export { TraceError } from "./binding.ts";
export { TensorFlowError } from "./status.ts";
export { LibraryError } from "./library.ts";
export { type Device, listDevices } from "./context.ts";
export { handleCount } from "./tensors.ts";
export { randomNormal, randomUniform, type Seed } from "./random.ts";
export { eigenvectors, solve } from "./linear_algebra.ts";
export { tensorFlowVersion } from "./status.ts";
export * from "@/tensorflow/cluster/mod.ts";

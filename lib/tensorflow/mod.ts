/**
 * TensorFlow for Deno: TensorFlow.js's API and kernels on libtensorflow, and
 * `compile`, which tfjs lacks.
 *
 * @module
 */

export * as tf from "@/tensorflow/api/tf.ts";
export {
  compile,
  type Compiled,
  type CompileOptions,
  type Precision,
} from "@/tensorflow/function/compile.ts";
export { compileModel } from "@/tensorflow/function/compile_model.ts";
export type { FunctionProfile } from "@/tensorflow/profile/profile.ts";
export type { OpRun } from "@/tensorflow/profile/step_stats.ts";
export {
  chromeTrace,
  profileTable,
} from "@/tensorflow/profile/profile_report.ts";
export { TraceError } from "@/tensorflow/backend/binding.ts";
export { TensorFlowError } from "@/tensorflow/ffi/status.ts";
export { LibraryError } from "@/tensorflow/library/find_library.ts";
export { isLoaded } from "@/tensorflow/library/is_loaded.ts";
export {
  type Device,
  handleCount,
  listDevices,
  threadSetting,
} from "@/tensorflow/ffi/runtime.ts";
export {
  randomNormal,
  randomUniform,
  type Seed,
} from "@/tensorflow/api/random.ts";
export { tidyValues } from "@/tensorflow/api/tidy_values.ts";
export { eigenvectors, solve } from "@/tensorflow/api/linear_algebra.ts";
export { tensorFlowVersion } from "@/tensorflow/ffi/status.ts";
export * from "@/tensorflow/cluster/mod.ts";

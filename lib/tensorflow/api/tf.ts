/**
 * TensorFlow.js on TensorFlow: everything that `@tensorflow/tfjs` exports, and
 * tfjs-node's `node` namespace (image codecs, SavedModel, TensorBoard).
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";
import { showTensors } from "./display.ts";
import { freeOptimizers } from "./optimizers.ts";
import { registerKernels } from "@/tensorflow/kernels/mod.ts";
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js";
import { nodeFileSystemRouter } from "@tensorflow/tfjs-node-gpu/dist/io/file_system.js";

/** The backend that everything runs on. */
export const backend: TensorFlowBackend = new TensorFlowBackend();

registerKernels();
showTensors();
freeOptimizers();
tfjs.registerBackend("tensorflow", () => backend, 3);
if (!await tfjs.setBackend("tensorflow")) {
  throw new Error("Could not start TensorFlow as the backend of tfjs.");
}
tfjs.io.registerLoadRouter(nodeFileSystemRouter);
tfjs.io.registerSaveRouter(nodeFileSystemRouter);

export * from "@tensorflow/tfjs";
export { node } from "@tensorflow/tfjs-node-gpu/dist/node.js";

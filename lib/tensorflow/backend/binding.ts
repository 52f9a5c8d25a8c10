/**
 * tfjs-node's `TFJSBinding`, the interface between its kernels and TensorFlow,
 * on libtensorflow's C API. Ops run at once, or are added to a graph while one
 * is traced.
 *
 * @module
 */

import { type Attribute, AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { gpuDevice } from "@/tensorflow/ffi/runtime.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { executeEager } from "@/tensorflow/ffi/eager.ts";
import type { Graph, GraphTensor } from "@/tensorflow/ffi/graph.ts";
import { library } from "@/tensorflow/ffi/library.ts";
import {
  deleteSavedModel,
  loadSavedModel,
  runSavedModel,
  savedModelCount,
} from "@/tensorflow/ffi/saved_models.ts";
import { readCString } from "@/tensorflow/ffi/status.ts";
import {
  deleteHandle,
  findHandle,
  getHandle,
  handleCount,
  newHandle,
  readHandle,
  type TensorMetadata,
  type TensorValues,
} from "@/tensorflow/ffi/tensors.ts";

let graph: Graph | undefined;

/** Sends ops into a graph from now on, or with `undefined` runs them again. */
export function setGraph(next: Graph | undefined): void {
  graph = next;
}

/** The graph that ops go into, or `undefined` while they run at once. */
export function currentGraph(): Graph | undefined {
  return graph;
}

/** Thrown when a value is asked for that a traced graph does not have yet. */
export class TraceError extends Error {
  /** Its name, for messages. */
  override name = "TraceError";
}

function createTensor(
  shape: number[],
  dtype: number,
  values: TensorValues,
): number {
  return graph === undefined
    ? newHandle(shape, dtype, values)
    : graph.constant(shape, dtype, values).id;
}

function deleteTensor(id: number): void {
  // A symbol ends with its graph.
  if (graph?.find(id) === undefined) deleteHandle(id);
}

function tensorDataSync(id: number): ReturnType<typeof readHandle> {
  const symbol = graph?.find(id);
  if (symbol !== undefined) {
    const what = symbol.op === "Placeholder"
      ? "An argument"
      : `The result of ${symbol.op}`;
    throw new TraceError(
      `${what} was read while a function was compiled: it ` +
        `has a value only when the function runs, so return it and read it after.`,
    );
  }
  return readHandle(getHandle(id));
}

function executeOp(
  name: string,
  attributes: Attribute[],
  inputIds: number[],
  numOutputs: number,
): TensorMetadata[] {
  if (graph === undefined) {
    return executeEager(name, attributes, inputIds, numOutputs);
  }
  const inputs = inputIds.map((id) => symbolOf(graph!, name, id));
  return graph.add(name, attributes, inputs, numOutputs);
}

function symbolOf(graph: Graph, name: string, id: number): GraphTensor {
  const symbol = graph.find(id);
  if (symbol !== undefined) return symbol;
  throw new TraceError(
    findHandle(id) === undefined
      ? `${name}: an input belongs to a function compiled earlier; return it there instead of keeping it.`
      : `${name}: tensor ${id} was not captured by the function being compiled.`,
  );
}

/** The binding, as `NodeJSKernelBackend` takes it. */
export const binding = {
  /** Declared by the interface; metadata are plain objects here. */
  TensorMetadata: class {},
  /** Declared by the interface; attributes are plain objects here. */
  TFEOpAttr: class {},
  createTensor,
  deleteTensor,
  tensorDataSync,
  executeOp,
  loadSavedModel,
  deleteSavedModel,
  runSavedModel,
  getNumOfSavedModels: savedModelCount,
  getNumOfTensors: handleCount,
  isUsingGpuDevice: (): boolean => gpuDevice !== undefined,
  TF_FLOAT: DataType.FLOAT,
  TF_INT32: DataType.INT32,
  TF_INT64: DataType.INT64,
  TF_BOOL: DataType.BOOL,
  TF_COMPLEX64: DataType.COMPLEX64,
  TF_STRING: DataType.STRING,
  TF_RESOURCE: DataType.RESOURCE,
  TF_UINT8: DataType.UINT8,
  TF_ATTR_STRING: AttributeType.STRING,
  TF_ATTR_INT: AttributeType.INT,
  TF_ATTR_FLOAT: AttributeType.FLOAT,
  TF_ATTR_BOOL: AttributeType.BOOL,
  TF_ATTR_TYPE: AttributeType.TYPE,
  TF_ATTR_SHAPE: AttributeType.SHAPE,
  TF_ATTR_RESOURCE: AttributeType.RESOURCE,
  TF_Version: readCString(library.TF_Version()),
};

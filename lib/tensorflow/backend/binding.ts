/**
 * tfjs-node's `TFJSBinding`, the interface between its kernels and TensorFlow,
 * on libtensorflow's C API. Ops run at once, or are added to a graph while one
 * is traced.
 *
 * @module
 */

import { type Attribute, AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { executeEager } from "@/tensorflow/ffi/eager.ts";
import type { Graph, GraphTensor } from "@/tensorflow/ffi/graph.ts";
import {
  deleteHandle,
  getHandle,
  newHandle,
  readHandle,
  type TensorMetadata,
} from "@/tensorflow/ffi/handles.ts";
import type { ReadValues, TensorValues } from "@/tensorflow/ffi/host_tensor.ts";
import { handleCount, runtime } from "@/tensorflow/ffi/runtime.ts";
import {
  deleteSavedModel,
  loadSavedModel,
  runSavedModel,
} from "@/tensorflow/ffi/saved_models.ts";
import { tensorFlowVersion } from "@/tensorflow/ffi/status.ts";

let graph: Graph | undefined;

/**
 * Sends ops into a graph from now on.
 *
 * @param next The graph, or `undefined` to run ops at once again.
 */
export function setGraph(next: Graph | undefined): void {
  graph = next;
}

/**
 * Looks up the graph that ops go into.
 *
 * @returns `undefined` while ops run at once.
 */
export function currentGraph(): Graph | undefined {
  return graph;
}

/** Thrown when a function does what cannot be compiled. */
export class TraceError extends Error {
  /** The class, for stack traces. */
  override readonly name = "TraceError";
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

function tensorDataSync(id: number): ReadValues {
  const symbol = graph?.find(id);
  if (symbol === undefined) return readHandle(getHandle(id));
  const what = symbol.op === "Placeholder"
    ? "An argument"
    : `The result of ${symbol.op}`;
  throw new TraceError(
    `${what} was read while a function was compiled: it has a value only ` +
      `when the function runs, so return it and read it afterwards.`,
  );
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
    runtime.tensors.has(id)
      ? `${name}: tensor ${id} was not captured by the function being compiled.`
      : `${name}: an input belongs to a function that was compiled earlier; ` +
        `return it there instead of keeping it.`,
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
  getNumOfSavedModels: (): number => runtime.models.size,
  getNumOfTensors: handleCount,
  isUsingGpuDevice: (): boolean => runtime.gpu !== undefined,
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
  TF_Version: tensorFlowVersion,
};

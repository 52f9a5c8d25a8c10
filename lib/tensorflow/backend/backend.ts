/**
 * tfjs-node's backend class on our binding, with what `compile` needs: while a
 * graph is traced, tensors from outside become inputs of the graph.
 *
 * @module
 */

import util from "node:util";
import type {
  backend_util,
  DataId,
  DataType,
  KernelBackend,
  Tensor,
  TensorInfo,
} from "@tensorflow/tfjs";
import type { Attribute } from "@/tensorflow/ffi/attributes.ts";
import { binding, currentGraph, setGraph, TraceError } from "./binding.ts";
import { DataType as TensorFlowType } from "@/tensorflow/ffi/dtypes.ts";
import type { TensorMetadata } from "@/tensorflow/ffi/handles.ts";
import { withoutGradient } from "./tape.ts";
import type { TensorValues } from "@/tensorflow/ffi/host_tensor.ts";

// tfjs-node calls two functions that newer runtimes have dropped.
const older = util as unknown as Record<string, unknown>;
older["isNullOrUndefined"] ??= (value: unknown) => value == null;
older["isArray"] ??= Array.isArray;
const { NodeJSKernelBackend } = await import(
  "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js"
);

/** What the backend knows about a tensor. */
export interface TensorData {
  /** Its number in the binding; -1 while its values are in JavaScript. */
  id: number;
  /** Its shape. */
  shape: number[];
  /** Its `TF_DataType`. */
  dtype: number;
  /** Its values, until an op needs them. */
  values: TensorValues | null;
  /** How many tensors share it. */
  refCount: number;
}

interface TensorMap {
  get(dataId: DataId): TensorData;
  has(dataId: DataId): boolean;
}

/** Types that a SavedModel's input may have while tfjs has int32. */
const NARROWED: Readonly<Record<string, number>> = {
  DT_UINT8: TensorFlowType.UINT8,
  DT_INT64: TensorFlowType.INT64,
};

/** What tfjs-node knows about an input of a SavedModel. */
interface SavedModelTensor {
  readonly name: string;
  readonly tfDtype: string;
}

/** Called with tensors from outside that a traced function uses. */
export interface Capture {
  /**
   * Makes a tensor an input of the graph.
   *
   * @param dataId The tensor's data.
   * @param data What the backend knows about it.
   * @returns The number of the symbol that stands for it.
   */
  capture(dataId: DataId, data: TensorData): number;
  /**
   * Says whether the traced function itself keeps a tensor's data.
   *
   * @param dataId The tensor's data.
   */
  holds(dataId: DataId): boolean;
  /**
   * Throws if a value must not be read while tracing.
   *
   * @param dataId The tensor's data.
   */
  checkRead(dataId: DataId): void;
}

/**
 * `NodeJSKernelBackend` with the members that its declarations mark as private
 * and this class builds on.
 */
interface NodeBackend extends KernelBackend {
  tensorMap: TensorMap;
  createOutputTensor(metadata: TensorMetadata): Tensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
    numOutputs: number,
  ): Tensor[];
  runSavedModel(
    id: number,
    inputs: readonly TensorInfo[],
    inputInfos: readonly SavedModelTensor[],
    outputNames: readonly string[],
  ): TensorInfo[];
  applyActivation(
    input: Tensor,
    activation: string,
    preluActivationWeights?: Tensor,
    leakyreluAlpha?: number,
  ): Tensor;
  move(
    dataId: DataId,
    values: TensorValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void;
  readSync(dataId: DataId): backend_util.BackendValues;
  disposeData(dataId: DataId, force?: boolean): boolean;
}

const NodeBackend = NodeJSKernelBackend as unknown as new (
  binding: unknown,
  packageName: string,
) => NodeBackend;

/** TensorFlow as a tfjs backend, named `tensorflow`. */
export class TensorFlowBackend extends NodeBackend {
  #capture: Capture | undefined;
  #made = new WeakSet<DataId>();

  /** Makes the backend; one is enough, and `tf` registers it. */
  constructor() {
    super(binding, "@tensorflow/tfjs-node-gpu");
  }

  /**
   * Sends ops into a graph until {@linkcode endTrace}.
   *
   * @param graph Where ops go.
   * @param capture Called with tensors from outside.
   */
  beginTrace(graph: Parameters<typeof setGraph>[0], capture: Capture): void {
    setGraph(graph);
    this.#capture = capture;
  }

  /** Runs ops at once again. */
  endTrace(): void {
    setGraph(undefined);
    this.#capture = undefined;
    this.#made = new WeakSet();
  }

  /**
   * Looks up a tensor.
   *
   * @param dataId The tensor's data.
   * @returns What the backend knows about it.
   */
  dataOf(dataId: DataId): TensorData {
    return this.tensorMap.get(dataId);
  }

  /**
   * Looks up a tensor's number, and uploads its values first if needed.
   *
   * @param dataId The tensor's data.
   * @returns Its number in the binding.
   */
  idOf(dataId: DataId): number {
    const data = this.dataOf(dataId);
    if (data.values !== null) {
      data.id = binding.createTensor(data.shape, data.dtype, data.values);
      data.values = null;
    }
    return data.id;
  }

  /**
   * Says whether a tensor was made by the function being traced.
   *
   * @param dataId The tensor's data.
   */
  isInside(dataId: DataId): boolean {
    return this.#made.has(dataId) || (this.tensorMap.has(dataId) &&
      currentGraph()?.find(this.dataOf(dataId).id) !== undefined);
  }

  /**
   * Wraps an op's output into a tensor; tfjs takes int64 for int32.
   *
   * @param metadata The output.
   * @returns The tensor.
   */
  override createOutputTensor(metadata: TensorMetadata): Tensor {
    if (metadata.dtype !== TensorFlowType.INT64) {
      return super.createOutputTensor(metadata);
    }
    // tfjs-node prints a warning for each of them.
    const dtype = TensorFlowType.INT32;
    const tensor = super.createOutputTensor({ ...metadata, dtype });
    this.dataOf(tensor.dataId).dtype = TensorFlowType.INT64;
    return tensor;
  }

  /**
   * Runs a SavedModel.
   *
   * @param id Its number in the binding.
   * @param inputs Its inputs; int32 becomes uint8 or int64 if it asks for it.
   * @param inputInfos Names and types of the inputs, such as `x:0`, `DT_FLOAT`.
   * @param outputNames Names of the outputs.
   * @returns Its outputs.
   * @throws {TensorFlowError} If the model fails.
   */
  override runSavedModel(
    id: number,
    inputs: readonly TensorInfo[],
    inputInfos: readonly SavedModelTensor[],
    outputNames: readonly string[],
  ): TensorInfo[] {
    const ids = this.getInputTensorIds(inputs);
    using made = new DisposableStack();
    inputs.forEach(({ dataId, shape }, i) => {
      const dtype = NARROWED[inputInfos[i]?.tfDtype ?? ""];
      if (dtype === undefined || this.dataOf(dataId).dtype === dtype) return;
      const values = this.readSync(dataId) as Int32Array;
      const narrow = dtype === TensorFlowType.UINT8
        ? Uint8Array.from(values)
        : BigInt64Array.from(values, BigInt);
      ids[i] = binding.createTensor(shape, dtype, narrow);
      made.adopt(ids[i], binding.deleteTensor);
    });
    const names = inputInfos.map(({ name }) => name).join(",");
    return withoutGradient(
      "A SavedModel",
      inputs,
      () =>
        binding.runSavedModel(id, ids, names, outputNames.join(","))
          .map((metadata) => this.createOutputTensor(metadata)),
    );
  }

  /**
   * Looks up a tensor's number as {@linkcode idOf} does, outside of the graph
   * being traced.
   *
   * @param dataId The tensor's data.
   * @returns Its number in the binding.
   */
  uploadOutside(dataId: DataId): number {
    const graph = currentGraph();
    setGraph(undefined);
    try {
      return this.idOf(dataId);
    } finally {
      setGraph(graph);
    }
  }

  /**
   * Looks up the numbers of an op's inputs; while tracing, those of symbols.
   *
   * @param tensors The inputs.
   * @returns Their numbers in the binding.
   */
  override getInputTensorIds(tensors: readonly TensorInfo[]): number[] {
    const capture = this.#capture;
    if (capture === undefined) return super.getInputTensorIds(tensors);
    return tensors.map((tensor) => {
      const { dataId } = tensor;
      if (dataId === undefined || this.#made.has(dataId)) {
        return super.getInputTensorIds([tensor])[0]!;
      }
      const data = this.dataOf(dataId);
      if (currentGraph()?.find(data.id) !== undefined) return data.id;
      return capture.capture(dataId, data);
    });
  }

  /**
   * Takes in values; those of a traced function become its constants.
   *
   * @param dataId The new tensor's data.
   * @param values Its values.
   * @param shape Its shape.
   * @param dtype Its type, by tfjs's name.
   * @param refCount How many tensors share it.
   */
  override move(
    dataId: DataId,
    values: TensorValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    if (this.#capture !== undefined) this.#made.add(dataId);
    super.move(dataId, values, shape, dtype, refCount);
  }

  /**
   * Reads a tensor's values.
   *
   * @param dataId The tensor's data.
   * @returns Its values.
   * @throws {TraceError} While tracing, if the tensor has no value yet.
   */
  override readSync(dataId: DataId): backend_util.BackendValues {
    this.#capture?.checkRead(dataId);
    return super.readSync(dataId);
  }

  /**
   * Frees a tensor's data once no tensor shares it any more.
   *
   * @param dataId The tensor's data.
   * @param force Whether to free it at once.
   * @returns Whether it was freed.
   * @throws {TraceError} While tracing, for a tensor from outside.
   */
  override disposeData(dataId: DataId, force?: boolean): boolean {
    if (this.#capture !== undefined && this.tensorMap.has(dataId)) {
      const { refCount } = this.dataOf(dataId);
      const held = this.#capture.holds(dataId) ? 1 : 0;
      if (!this.isInside(dataId) && (force || refCount <= 1 + held)) {
        throw new TraceError(
          "A function being compiled disposed a tensor from outside of it; dispose it after the call.",
        );
      }
    }
    return super.disposeData(dataId, force);
  }
}

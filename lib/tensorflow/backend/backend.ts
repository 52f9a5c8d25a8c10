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
import type { TensorMetadata, TensorValues } from "@/tensorflow/ffi/tensors.ts";

// tfjs-node calls two functions that newer runtimes have dropped.
const older = util as unknown as Record<string, unknown>;
older["isNullOrUndefined"] ??= (value: unknown) => value == null;
older["isArray"] ??= Array.isArray;
const { NodeJSKernelBackend } = await import(
  "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js"
);

/** What the backend keeps of a tensor. */
export interface TensorData {
  /** Its number in the binding; -1 while its values are on this side. */
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

/** Types that a SavedModel's input may have where tfjs has int32. */
const NARROWED: Readonly<Record<string, number>> = {
  DT_UINT8: TensorFlowType.UINT8,
  DT_INT64: TensorFlowType.INT64,
};

/** What tfjs-node reads of an input of a SavedModel. */
interface SavedModelTensor {
  readonly name: string;
  readonly tfDtype: string;
}

/** Told of tensors from outside that a traced function uses. */
export interface Capture {
  /** The number of the symbol that stands for the tensor in the graph. */
  capture(dataId: DataId, data: TensorData): number;
  /** Whether the traced function itself keeps the tensor's data. */
  holds(dataId: DataId): boolean;
  /** Throws when the value must not be read while tracing. */
  checkRead(dataId: DataId): void;
}

/**
 * `NodeJSKernelBackend` as it is: its declarations mark as private what this
 * class builds on.
 */
interface NodeBackend extends KernelBackend {
  tensorMap: TensorMap;
  createOutputTensor(metadata: TensorMetadata): TensorInfo;
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
   * @param capture Told of tensors from outside.
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

  /** What the backend keeps of a tensor. */
  dataOf(dataId: DataId): TensorData {
    return this.tensorMap.get(dataId);
  }

  /** The number of a tensor, whose values are uploaded first if need be. */
  idOf(dataId: DataId): number {
    const data = this.dataOf(dataId);
    if (data.values !== null) {
      data.id = binding.createTensor(data.shape, data.dtype, data.values);
      data.values = null;
    }
    return data.id;
  }

  /** Whether a tensor was made by the function being traced. */
  isInside(dataId: DataId): boolean {
    return this.#made.has(dataId) || (this.tensorMap.has(dataId) &&
      currentGraph()?.find(this.dataOf(dataId).id) !== undefined);
  }

  /** Wraps an op's output into a tensor. */
  wrap(metadata: TensorMetadata): TensorInfo {
    return this.createOutputTensor(metadata);
  }

  /** Wraps an op's output; tfjs takes int64 for int32. */
  override createOutputTensor(metadata: TensorMetadata): TensorInfo {
    if (metadata.dtype !== TensorFlowType.INT64) {
      return super.createOutputTensor(metadata);
    }
    // tfjs-node's own way is a warning for each of them.
    const dtype = TensorFlowType.INT32;
    const tensor = super.createOutputTensor({ ...metadata, dtype });
    this.dataOf(tensor.dataId).dtype = TensorFlowType.INT64;
    return tensor;
  }

  /**
   * Runs a SavedModel.
   *
   * @param id Its number in the binding.
   * @param inputs Its inputs; int32 ones become uint8 or int64 as it wants.
   * @param inputInfos Names and types of the inputs, such as `x:0`, `DT_FLOAT`.
   * @param outputNames Names of the outputs.
   * @throws {TensorFlowError} When the model fails.
   */
  override runSavedModel(
    id: number,
    inputs: readonly TensorInfo[],
    inputInfos: readonly SavedModelTensor[],
    outputNames: readonly string[],
  ): TensorInfo[] {
    const ids = this.getInputTensorIds(inputs);
    const made: number[] = [];
    try {
      inputs.forEach((input, i) => {
        const dtype = NARROWED[inputInfos[i]?.tfDtype ?? ""];
        if (dtype === undefined || this.dataOf(input.dataId).dtype === dtype) {
          return;
        }
        const values = this.readSync(input.dataId) as Int32Array;
        ids[i] = binding.createTensor(
          input.shape,
          dtype,
          dtype === TensorFlowType.UINT8
            ? Uint8Array.from(values)
            : BigInt64Array.from(values, BigInt),
        );
        made.push(ids[i]);
      });
      const names = inputInfos.map(({ name }) => name).join(",");
      return binding.runSavedModel(id, ids, names, outputNames.join(","))
        .map((metadata) => this.createOutputTensor(metadata));
    } finally {
      made.forEach(binding.deleteTensor);
    }
  }

  /** Uploads a tensor's values outside of the graph being traced. */
  uploadOutside(dataId: DataId): number {
    const graph = currentGraph();
    setGraph(undefined);
    try {
      return this.idOf(dataId);
    } finally {
      setGraph(graph);
    }
  }

  /** Numbers of an op's inputs; while tracing, the numbers of symbols. */
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

  /** Takes in values; those of a traced function become its constants. */
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
   * A tensor's values.
   *
   * @throws {TraceError} While tracing, when the tensor has no value yet.
   */
  override readSync(
    dataId: DataId,
  ): backend_util.BackendValues {
    this.#capture?.checkRead(dataId);
    return super.readSync(dataId);
  }

  /**
   * Frees a tensor's data when no tensor shares it any more.
   *
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

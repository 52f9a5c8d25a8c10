/**
 * SavedModel folders, as Python's TensorFlow writes them: loading and running.
 *
 * @module
 */

import { addHandle, getHandle, type TensorMetadata } from "./handles.ts";
import { HostTensor } from "./host_tensor.ts";
import { library } from "./library.ts";
import { PinnedBytes } from "./pinned_bytes.ts";
import { runtime } from "./runtime.ts";
import { check, cString, status } from "./status.ts";
import { addresses, joinOutputs, outputOf } from "./tf_output.ts";

/**
 * Loads a model.
 *
 * @param exportDir Its folder, with `saved_model.pb` in it.
 * @param tags Its tags, separated by commas, such as `serve`.
 * @returns The model's number.
 * @throws {TensorFlowError} If there is no such model.
 */
export function loadSavedModel(exportDir: string, tags: string): number {
  using names = new PinnedBytes(tags.split(",").map((tag) => `${tag}\0`));
  const graph = library.TF_NewGraph();
  const options = library.TF_NewSessionOptions();
  try {
    const session = library.TF_LoadSessionFromSavedModel(
      options,
      null,
      cString(exportDir),
      names.addresses,
      names.addresses.length,
      graph,
      null,
      status,
    );
    check("loadSavedModel");
    return runtime.models.add({ graph, session });
  } catch (error) {
    library.TF_DeleteGraph(graph);
    throw error;
  } finally {
    library.TF_DeleteSessionOptions(options);
  }
}

/**
 * Frees a model.
 *
 * @param id The model's number.
 * @throws {RangeError} If no model has this number.
 */
export function deleteSavedModel(id: number): void {
  const { graph, session } = runtime.models.take(id);
  library.TF_CloseSession(session, status);
  check("deleteSavedModel");
  library.TF_DeleteSession(session, status);
  check("deleteSavedModel");
  library.TF_DeleteGraph(graph);
}

/**
 * Runs a model.
 *
 * @param id The model's number.
 * @param inputIds Numbers of the input tensors.
 * @param inputNames Names of the inputs, separated by commas: `x:0,y:0`.
 * @param outputNames Names of the outputs, likewise.
 * @returns Number, shape and type of each output.
 * @throws {TensorFlowError} If the model fails.
 * @throws {RangeError} If it has no such inputs or outputs.
 */
export function runSavedModel(
  id: number,
  inputIds: readonly number[],
  inputNames: string,
  outputNames: string,
): TensorMetadata[] {
  const { graph, session } = runtime.models.get(id);
  const inputs = nodes(graph, inputNames), outputs = nodes(graph, outputNames);
  if (inputs.length !== inputIds.length) {
    throw new RangeError(
      `The model takes ${inputs.length} inputs, not ${inputIds.length}.`,
    );
  }
  using stack = new DisposableStack();
  const given = inputIds.map((inputId) => {
    const { pointer } = getHandle(inputId);
    const tensor = library.TFE_TensorHandleResolve(pointer, status);
    check("runSavedModel");
    return stack.use(new HostTensor(tensor)).pointer;
  });
  const results = new BigUint64Array(outputs.length);
  library.TF_SessionRun(
    session,
    null,
    joinOutputs(inputs),
    addresses(given),
    inputs.length,
    joinOutputs(outputs),
    results,
    outputs.length,
    null,
    0,
    null,
    status,
  );
  check("runSavedModel");
  return Array.from(results, (address) => {
    using tensor = new HostTensor(Deno.UnsafePointer.create(address));
    return addHandle(tensor.toHandle());
  });
}

/** A `TF_Output` for each name such as `dense/BiasAdd:0`. */
function nodes(
  graph: Deno.PointerValue,
  names: string,
): Uint8Array<ArrayBuffer>[] {
  if (names === "") return [];
  return names.split(",").map((text) => {
    const [name = "", index = "0"] = text.split(":");
    const operation = library.TF_GraphOperationByName(graph, cString(name));
    if (operation === null) {
      throw new RangeError(`The model has no operation "${name}".`);
    }
    return outputOf(operation, Number(index));
  });
}

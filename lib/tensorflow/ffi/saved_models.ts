/**
 * SavedModel folders, as Python's TensorFlow writes them: loading and running.
 *
 * @module
 */

import { library } from "./library.ts";
import { check, cString, status } from "./status.ts";
import { addHandle, getHandle, type TensorMetadata } from "./tensors.ts";

interface SavedModel {
  readonly graph: Deno.PointerValue;
  readonly session: Deno.PointerValue;
}

const models = new Map<number, SavedModel>();
let nextId = 0;

/** How many models are loaded. */
export function savedModelCount(): number {
  return models.size;
}

/**
 * Loads a model and returns its number.
 *
 * @param exportDir Its folder, with `saved_model.pb` in it.
 * @param tags Its tags, with commas between, such as `serve`.
 * @throws {TensorFlowError} When there is no such model.
 */
export function loadSavedModel(exportDir: string, tags: string): number {
  const names = tags.split(",").map(cString);
  const graph = library.TF_NewGraph();
  const options = library.TF_NewSessionOptions();
  try {
    const session = library.TF_LoadSessionFromSavedModel(
      options,
      null,
      cString(exportDir),
      pointers(names),
      names.length,
      graph,
      null,
      status,
    );
    check("loadSavedModel");
    models.set(nextId, { graph, session });
    return nextId++;
  } catch (error) {
    library.TF_DeleteGraph(graph);
    throw error;
  } finally {
    library.TF_DeleteSessionOptions(options);
  }
}

function pointers(
  buffers: readonly Uint8Array<ArrayBuffer>[],
): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(
    buffers,
    (buffer) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer)),
  );
}

function getModel(id: number): SavedModel {
  const model = models.get(id);
  if (model === undefined) {
    throw new RangeError(`No saved model has number ${id}.`);
  }
  return model;
}

/**
 * Frees a model.
 *
 * @throws {RangeError} When no model has this number.
 */
export function deleteSavedModel(id: number): void {
  const { graph, session } = getModel(id);
  library.TF_CloseSession(session, status);
  check("deleteSavedModel");
  library.TF_DeleteSession(session, status);
  check("deleteSavedModel");
  library.TF_DeleteGraph(graph);
  models.delete(id);
}

/**
 * Runs a model.
 *
 * @param id The model's number.
 * @param inputIds Numbers of the input tensors.
 * @param inputNames Names of the inputs, with commas between: `x:0,y:0`.
 * @param outputNames Names of the outputs, likewise.
 * @throws {TensorFlowError} When the model fails, or has no such input.
 */
export function runSavedModel(
  id: number,
  inputIds: readonly number[],
  inputNames: string,
  outputNames: string,
): TensorMetadata[] {
  const { graph, session } = getModel(id);
  const inputs = nodes(graph, inputNames), outputs = nodes(graph, outputNames);
  if (inputs.count !== inputIds.length) {
    throw new RangeError(
      `The model takes ${inputs.count} inputs, not ${inputIds.length}.`,
    );
  }
  const given: Deno.PointerValue[] = [];
  const results = new BigUint64Array(outputs.count);
  try {
    for (const inputId of inputIds) {
      const { pointer } = getHandle(inputId);
      given.push(library.TFE_TensorHandleResolve(pointer, status));
      check("runSavedModel");
    }
    library.TF_SessionRun(
      session,
      null,
      inputs.buffer,
      BigUint64Array.from(
        given,
        (pointer) => Deno.UnsafePointer.value(pointer),
      ),
      inputs.count,
      outputs.buffer,
      results,
      outputs.count,
      null,
      0,
      null,
      status,
    );
    check("runSavedModel");
  } finally {
    given.forEach((tensor) => library.TF_DeleteTensor(tensor));
  }
  return Array.from(results, takeTensor);
}

/** Makes a `TF_Tensor*` at an address into a tensor of the table. */
function takeTensor(address: bigint): TensorMetadata {
  const tensor = Deno.UnsafePointer.create(address);
  const handle = library.TFE_NewTensorHandle(tensor, status);
  library.TF_DeleteTensor(tensor);
  check("runSavedModel");
  return addHandle(handle);
}

/** An array of `TF_Output` for names such as `dense/BiasAdd:0`. */
function nodes(
  graph: Deno.PointerValue,
  names: string,
): { readonly buffer: Uint8Array<ArrayBuffer>; readonly count: number } {
  const list = names === "" ? [] : names.split(",");
  const buffer = new Uint8Array(16 * list.length);
  const view = new DataView(buffer.buffer);
  list.forEach((text, i) => {
    const [name = "", index = "0"] = text.split(":");
    const operation = library.TF_GraphOperationByName(graph, cString(name));
    if (operation === null) {
      throw new RangeError(`The model has no operation "${name}".`);
    }
    view.setBigUint64(16 * i, Deno.UnsafePointer.value(operation), true);
    view.setInt32(16 * i + 8, Number(index), true);
  });
  return { buffer, count: list.length };
}

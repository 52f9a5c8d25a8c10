/**
 * A TensorFlow graph under construction: ops become operations of the graph
 * instead of running, and tensors become symbols, until the graph is made
 * into a function.
 *
 *     ops of a traced function ──▶ operations ──▶ TF_Function ──▶ one op
 *
 * Source: `tensorflow/c/c_api.h`, `TF_GraphToFunctionWithControlOutputs`.
 *
 * @module
 */

import {
  type Attribute,
  AttributeType,
  integerAttributes,
  setGraphAttribute,
} from "./attributes.ts";
import { context } from "./runtime.ts";
import { DataType } from "./dtypes.ts";
import { library } from "./library.ts";
import { opDefinition, splitInputs } from "./op_definitions.ts";
import { check, cString, status } from "./status.ts";
import {
  newId,
  newTensor,
  type TensorMetadata,
  type TensorValues,
} from "./tensors.ts";
import { inputsToWiden, withSourceType } from "./widening.ts";

/** A tensor of a graph: it has a shape and a type, but no value yet. */
export interface GraphTensor extends TensorMetadata {
  /** The op that makes it. */
  readonly op: string;
  /** `TF_Operation*`. */
  readonly operation: Deno.PointerValue;
  /** `TF_Output`, for calls that take it by value. */
  readonly output: Uint8Array<ArrayBuffer>;
}

/** A function that TensorFlow knows by name. */
export interface GraphFunction {
  /** Its name: an op that {@linkcode callFunction} runs. */
  readonly name: string;
  /** How many outputs it has. */
  readonly outputs: number;
}

let functions = 0;

/** A graph that grows op by op. */
export class Graph {
  readonly #graph: Deno.PointerValue = library.TF_NewGraph();
  readonly #symbols = new Map<number, GraphTensor>();
  readonly #stateful: Deno.PointerValue[] = [];
  #count = 0;

  /** How many operations it has. */
  get size(): number {
    return this.#count;
  }

  /** The symbol of a number, or `undefined` when that is no symbol of it. */
  find(id: number): GraphTensor | undefined {
    return this.#symbols.get(id);
  }

  /** Adds an input that gets its value when the function is called. */
  placeholder(shape: readonly number[], dtype: number): GraphTensor {
    const description = this.#begin("Placeholder");
    library.TF_SetAttrType(description, cString("dtype"), dtype);
    library.TF_SetAttrShape(
      description,
      cString("shape"),
      BigInt64Array.from(shape, BigInt),
      shape.length,
    );
    return this.#finish("Placeholder", description, 1)[0]!;
  }

  /** Adds a constant. */
  constant(
    shape: readonly number[],
    dtype: number,
    values: TensorValues,
  ): GraphTensor {
    const tensor = newTensor(shape, dtype, values);
    try {
      const description = this.#begin("Const");
      library.TF_SetAttrTensor(
        description,
        cString("value"),
        tensor.pointer,
        status,
      );
      check("Const");
      library.TF_SetAttrType(description, cString("dtype"), dtype);
      return this.#finish("Const", description, 1)[0]!;
    } finally {
      library.TF_DeleteTensor(tensor.pointer);
    }
  }

  /**
   * Adds an op; see `executeEager`.
   *
   * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
   * @throws {RangeError} When the shape of an output depends on values.
   */
  add(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
    numOutputs: number,
  ): GraphTensor[] {
    const given = this.#widen(name, attributes, inputs);
    const definition = opDefinition(name);
    const description = this.#begin(name);
    this.#addInputs(name, description, attributes, given);
    if (definition.stateful) {
      const before = this.#stateful.at(-1);
      if (before !== undefined) {
        library.TF_AddControlInput(description, before);
      }
    }
    // TensorFlow infers the lengths and the types of lists from the inputs.
    const inferred = new Set(
      definition.inputs.flatMap((input) => [
        input.numberAttr,
        input.typeListAttr,
        ...(input.numberAttr ? [input.typeAttr] : []),
      ]),
    );
    for (const attribute of attributes) {
      if (inferred.has(attribute.name)) continue;
      setGraphAttribute(
        description,
        name,
        withSourceType(name, attribute, given[0]?.dtype),
      );
    }
    const made = this.#finish(name, description, numOutputs);
    return made;
  }

  #addInputs(
    name: string,
    description: Deno.PointerValue,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
  ): void {
    let at = 0;
    const split = splitInputs(
      name,
      inputs.length,
      integerAttributes(attributes),
    );
    for (const { length, list } of split) {
      const own = inputs.slice(at, at += length);
      if (list) {
        library.TF_AddInputList(description, joined(own), own.length);
      } else if (own[0] !== undefined) {
        library.TF_AddInput(description, own[0].output);
      }
    }
  }

  #widen(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
  ): readonly GraphTensor[] {
    const dtypes = inputs.map((input) => input.dtype);
    const wanted = inputsToWiden(name, attributes, dtypes);
    return inputs.map((input, i) => {
      if (!wanted[i]) return input;
      const { TYPE } = AttributeType;
      return this.add(
        "Cast",
        [
          { name: "SrcT", type: TYPE, value: input.dtype },
          { name: "DstT", type: TYPE, value: DataType.INT32 },
        ],
        [input],
        1,
      )[0]!;
    });
  }

  #begin(name: string): Deno.PointerValue {
    return library.TF_NewOperation(
      this.#graph,
      cString(name),
      new TextEncoder().encode(`${name}_${this.#count++}\0`),
    );
  }

  #finish(
    name: string,
    description: Deno.PointerValue,
    numOutputs: number,
  ): GraphTensor[] {
    const operation = library.TF_FinishOperation(description, status);
    check(name);
    if (name !== "Placeholder" && opDefinition(name).stateful) {
      this.#stateful.push(operation);
    }
    return Array.from(
      { length: numOutputs },
      (_, index) => this.#output(name, operation, index),
    );
  }

  #output(
    name: string,
    operation: Deno.PointerValue,
    index: number,
  ): GraphTensor {
    const output = toOutput(operation, index);
    const dtype = library.TF_OperationOutputType(output);
    const rank = library.TF_GraphGetTensorNumDims(this.#graph, output, status);
    check(name);
    const dims = new BigInt64Array(Math.max(rank, 0));
    if (rank > 0) {
      library.TF_GraphGetTensorShape(this.#graph, output, dims, rank, status);
      check(name);
    }
    if (dtype !== DataType.RESOURCE && (rank < 0 || dims.some((d) => d < 0n))) {
      throw new RangeError(
        `${name}: the shape of its output depends on values, so it cannot be ` +
          `compiled; run it outside of the compiled function.`,
      );
    }
    const symbol: GraphTensor = {
      id: newId(),
      shape: Array.from(dims, Number),
      dtype,
      op: name,
      operation,
      output,
    };
    this.#symbols.set(symbol.id, symbol);
    return symbol;
  }

  /**
   * Makes the graph into a function of the context.
   *
   * @param label What it is, for its name.
   * @param inputs Its placeholders, in the order of the arguments.
   * @param outputs What it returns; none may be one of the inputs.
   * @param operations Only these operations, or all with `undefined`.
   * @throws {TensorFlowError} When an output needs an input that is not given.
   */
  toFunction(
    label: string,
    inputs: readonly GraphTensor[],
    outputs: readonly GraphTensor[],
    operations?: readonly Deno.PointerValue[],
  ): GraphFunction {
    const name = `${label.replace(/\W/g, "_")}_${functions++}`;
    const stateful = operations === undefined ? this.#stateful : [];
    const created = library.TF_GraphToFunctionWithControlOutputs(
      this.#graph,
      cString(name),
      0,
      operations?.length ?? -1,
      operations === undefined ? null : addresses(operations),
      inputs.length,
      joined(inputs),
      outputs.length,
      joined(outputs),
      null,
      stateful.length,
      stateful.length === 0 ? null : addresses(stateful),
      null,
      null,
      null,
      status,
    );
    check(label);
    library.TFE_ContextAddFunction(context, created, status);
    library.TF_DeleteFunction(created);
    check(label);
    return { name, outputs: outputs.length };
  }

  /** The operations that a symbol needs, without the placeholders. */
  needed(symbol: GraphTensor): Deno.PointerValue[] {
    const placeholders = new Set(
      Array.from(this.#symbols.values())
        .filter((other) => other.op === "Placeholder")
        .map((other) => Deno.UnsafePointer.value(other.operation)),
    );
    const found = new Map<bigint, Deno.PointerValue>();
    const visit = (operation: Deno.PointerValue) => {
      const key = Deno.UnsafePointer.value(operation);
      if (found.has(key) || placeholders.has(key)) return;
      found.set(key, operation);
      const count = library.TF_OperationNumInputs(operation);
      for (let i = 0; i < count; i++) {
        const from = library.TF_OperationInput(toOutput(operation, i));
        visit(Deno.UnsafePointer.create(
          new DataView(from.buffer, from.byteOffset).getBigUint64(0, true),
        ));
      }
    };
    visit(symbol.operation);
    return Array.from(found.values());
  }

  /** Frees the graph; functions made of it live on. */
  dispose(): void {
    this.#symbols.clear();
    library.TF_DeleteGraph(this.#graph);
  }
}

/** Takes a function out of the context. */
export function removeFunction(made: GraphFunction): void {
  library.TFE_ContextRemoveFunction(context, cString(made.name), status);
  check(made.name);
}

function toOutput(
  operation: Deno.PointerValue,
  index: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return bytes;
}

function joined(symbols: readonly GraphTensor[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 * symbols.length);
  symbols.forEach((symbol, i) => bytes.set(symbol.output, 16 * i));
  return bytes;
}

function addresses(
  pointers: readonly Deno.PointerValue[],
): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(
    pointers,
    (pointer) => Deno.UnsafePointer.value(pointer),
  );
}

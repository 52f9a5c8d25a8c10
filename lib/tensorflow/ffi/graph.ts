/**
 * A TensorFlow graph under construction: ops become operations of the graph
 * instead of running, and tensors become symbols, until the graph becomes a
 * function.
 *
 *     ops of a traced function ──▶ operations ──▶ TF_Function ──▶ one op
 *
 * Source: `tensorflow/c/c_api.h`, `TF_GraphToFunctionWithControlOutputs`.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import {
  type Attribute,
  AttributeType,
  integerAttributes,
  setAttribute,
} from "./attributes.ts";
import { DataType } from "./dtypes.ts";
import type { TensorMetadata } from "./handles.ts";
import { HostTensor, type TensorValues } from "./host_tensor.ts";
import { library } from "./library.ts";
import { opDefinition, splitInputs } from "./op_definitions.ts";
import { runtime } from "./runtime.ts";
import { check, cString, status } from "./status.ts";
import { addresses, joinOutputs, operationOf, outputOf } from "./tf_output.ts";
import { inputsToWiden, withSourceType } from "./widening.ts";

/** A tensor of a graph: it has a shape and a type, but no value yet. */
export interface GraphTensor extends TensorMetadata {
  /** The op that makes it. */
  readonly op: string;
  /** `TF_Operation*`. */
  readonly operation: Deno.PointerValue;
  /** `TF_Output`, for calls that take it by value. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** Its place among the tensors of the graph, from 0. */
  readonly place: number;
}

/** A function that TensorFlow knows by name. */
export interface GraphFunction {
  /** Its name: an op that `callFunction` runs. */
  readonly name: string;
  /** How many outputs it has. */
  readonly outputs: number;
}

let functions = 0;

/** A graph that grows op by op, freed when it is disposed. */
export class Graph implements Disposable {
  readonly #graph: Deno.PointerValue = library.TF_NewGraph();
  readonly #symbols = new Map<number, GraphTensor>();
  readonly #stateful: Deno.PointerValue[] = [];
  readonly #statefulOps = new Set<string>();
  readonly #hash: Hash = createHash("sha256");
  #count = 0;

  /** How many operations it has. */
  get size(): number {
    return this.#count;
  }

  /** Names of the ops in it that have side effects or hidden state. */
  get statefulOps(): string[] {
    return Array.from(this.#statefulOps);
  }

  /**
   * Summarises all operations so far.
   *
   * @returns A text that is equal for graphs that compute the same.
   */
  fingerprint(): string {
    return this.#hash.copy().digest("hex");
  }

  /**
   * Looks up a symbol.
   *
   * @param id Its number.
   * @returns The symbol, or `undefined` if the graph has none of this number.
   */
  find(id: number): GraphTensor | undefined {
    return this.#symbols.get(id);
  }

  /**
   * Adds an input that gets its value when the function is called.
   *
   * @param shape Its shape.
   * @param dtype Its `TF_DataType`.
   * @returns The input.
   */
  placeholder(shape: readonly number[], dtype: number): GraphTensor {
    const { TYPE, SHAPE } = AttributeType;
    const attributes = [
      { name: "dtype", type: TYPE, value: dtype },
      { name: "shape", type: SHAPE, value: shape },
    ];
    return this.add("Placeholder", attributes, [], 1)[0]!;
  }

  /**
   * Adds a constant.
   *
   * @param shape Its shape.
   * @param dtype Its `TF_DataType`.
   * @param values Its values.
   * @returns The constant.
   * @throws {RangeError} If values and shape do not agree.
   */
  constant(
    shape: readonly number[],
    dtype: number,
    values: TensorValues,
  ): GraphTensor {
    using tensor = HostTensor.of(shape, dtype, values);
    this.#record(shape, dtype, ArrayBuffer.isView(values) ? "" : values);
    if (ArrayBuffer.isView(values)) this.#hash.update(bytesOf(values));
    const description = this.#begin("Const");
    const key = cString("value");
    library.TF_SetAttrTensor(description, key, tensor.pointer, status);
    check("Const");
    library.TF_SetAttrType(description, cString("dtype"), dtype);
    return this.#finish("Const", description, 1)[0]!;
  }

  /**
   * Adds an op; see `executeEager`.
   *
   * @param name The op.
   * @param attributes Its attributes.
   * @param inputs Its inputs, with lists laid flat.
   * @param numOutputs How many outputs it has.
   * @returns Its outputs.
   * @throws {TensorFlowError} With TensorFlow's own message and the op's name.
   * @throws {RangeError} If the shape of an output depends on values.
   */
  add(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
    numOutputs: number,
  ): GraphTensor[] {
    const given = this.#widen(name, attributes, inputs);
    this.#record(name, attributes, given.map(({ place }) => place));
    const definition = opDefinition(name);
    const description = this.#begin(name);
    this.#addInputs(name, description, attributes, given);
    const before = this.#stateful.at(-1);
    if (definition.stateful && before !== undefined) {
      library.TF_AddControlInput(description, before);
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
      const own = withSourceType(name, attribute, given[0]?.dtype);
      setAttribute("TF_SetAttr", description, name, own);
    }
    return this.#finish(name, description, numOutputs);
  }

  #addInputs(
    name: string,
    description: Deno.PointerValue,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
  ): void {
    const lengths = integerAttributes(attributes);
    let at = 0;
    for (const { length, list } of splitInputs(name, inputs.length, lengths)) {
      const own = inputs.slice(at, at += length).map(({ output }) => output);
      if (list) {
        library.TF_AddInputList(description, joinOutputs(own), own.length);
      } else if (own[0] !== undefined) {
        library.TF_AddInput(description, own[0]);
      }
    }
  }

  #widen(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphTensor[],
  ): readonly GraphTensor[] {
    const { TYPE } = AttributeType;
    const dtypes = inputs.map((input) => input.dtype);
    const wanted = inputsToWiden(name, attributes, dtypes);
    return inputs.map((input, i) => {
      if (!wanted[i]) return input;
      const types = [
        { name: "SrcT", type: TYPE, value: input.dtype },
        { name: "DstT", type: TYPE, value: DataType.INT32 },
      ];
      return this.add("Cast", types, [input], 1)[0]!;
    });
  }

  #record(...parts: readonly unknown[]): void {
    this.#hash.update(JSON.stringify(
      parts,
      (_, value) => typeof value === "bigint" ? `${value}n` : value,
    ));
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
    if (opDefinition(name).stateful) {
      this.#stateful.push(operation);
      this.#statefulOps.add(name);
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
    const output = outputOf(operation, index);
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
    const id = runtime.tensors.newNumber();
    const shape = Array.from(dims, Number);
    const place = this.#symbols.size;
    const symbol = { id, shape, dtype, op: name, operation, output, place };
    this.#symbols.set(id, symbol);
    return symbol;
  }

  /**
   * Makes the graph a function of the context.
   *
   * @param label What the function's name starts with.
   * @param inputs Its placeholders, in the order of the arguments.
   * @param outputs What it returns; none may be one of the inputs.
   * @param operations Only these operations; all of them by default.
   * @returns The function, which outlives the graph.
   * @throws {TensorFlowError} If an output needs an input that is not given.
   */
  toFunction(
    label: string,
    inputs: readonly GraphTensor[],
    outputs: readonly GraphTensor[],
    operations?: readonly Deno.PointerValue[],
  ): GraphFunction {
    const name = `${label.replace(/\W/g, "_")}_${functions++}`;
    const stateful = operations === undefined ? this.#stateful : [];
    const join = (symbols: readonly GraphTensor[]) =>
      joinOutputs(symbols.map(({ output }) => output));
    const created = library.TF_GraphToFunctionWithControlOutputs(
      this.#graph,
      cString(name),
      0,
      operations?.length ?? -1,
      operations === undefined ? null : addresses(operations),
      inputs.length,
      join(inputs),
      outputs.length,
      join(outputs),
      null,
      stateful.length,
      stateful.length === 0 ? null : addresses(stateful),
      null,
      null,
      null,
      status,
    );
    check(label);
    library.TFE_ContextAddFunction(runtime.context, created, status);
    library.TF_DeleteFunction(created);
    check(label);
    return { name, outputs: outputs.length };
  }

  /**
   * Finds the operations that a symbol needs.
   *
   * @param symbol The symbol.
   * @returns `TF_Operation*` of each, without the placeholders.
   */
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
        const input = outputOf(operation, i);
        visit(operationOf(library.TF_OperationInput(input)));
      }
    };
    visit(symbol.operation);
    return Array.from(found.values());
  }

  /** Frees the graph; functions made of it live on. */
  [Symbol.dispose](): void {
    this.#symbols.clear();
    library.TF_DeleteGraph(this.#graph);
  }
}

function bytesOf(
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Takes a function out of the context.
 *
 * @param made The function.
 */
export function removeFunction(made: GraphFunction): void {
  const name = cString(made.name);
  library.TFE_ContextRemoveFunction(runtime.context, name, status);
  check(made.name);
}

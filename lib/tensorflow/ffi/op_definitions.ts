/**
 * What TensorFlow knows about an op: which inputs are lists, which attributes
 * give their types, and whether it has side effects.
 *
 * Source: `tensorflow/core/framework/op_def.proto`.
 *
 * @module
 */

import { readBuffer } from "./buffer.ts";
import { library } from "./library.ts";
import { readFields } from "./protobuf.ts";
import { check, cString, status } from "./status.ts";

/** One declared input of an op. */
export interface OpInput {
  /** Its `TF_DataType` if that is fixed; 0 if an attribute holds it. */
  readonly type: number;
  /** The attribute that holds the input's type; empty if it is fixed. */
  readonly typeAttr: string;
  /** The attribute that holds the list's length, for lists of one type. */
  readonly numberAttr: string;
  /** The attribute that holds the list's types, for lists of mixed types. */
  readonly typeListAttr: string;
}

/** An op's definition. */
export interface OpDefinition {
  /** Declared inputs, in order. */
  readonly inputs: readonly OpInput[];
  /** True for ops with side effects or hidden state. */
  readonly stateful: boolean;
}

const decoder = new TextDecoder();
const known = new Map<string, OpDefinition>();
let graph: Deno.PointerValue = null;

/**
 * Looks up the definition of an op, once for each op.
 *
 * @param name The op.
 * @returns Its inputs, and whether it is stateful.
 * @throws {TensorFlowError} If TensorFlow has no such op.
 */
export function opDefinition(name: string): OpDefinition {
  let definition = known.get(name);
  if (definition === undefined) {
    definition = parse(readOpDef(name));
    known.set(name, definition);
  }
  return definition;
}

function readOpDef(name: string): Uint8Array<ArrayBuffer> {
  graph ??= library.TF_NewGraph();
  const buffer = library.TF_NewBuffer();
  try {
    library.TF_GraphGetOpDef(graph, cString(name), buffer, status);
    check(name);
    return readBuffer(buffer);
  } finally {
    library.TF_DeleteBuffer(buffer);
  }
}

function parse(bytes: Uint8Array<ArrayBuffer>): OpDefinition {
  const inputs: OpInput[] = [];
  let stateful = false;
  for (const { number, value } of readFields(bytes)) {
    if (number === 2 && typeof value !== "number") {
      inputs.push(parseInput(value));
    }
    if (number === 17) stateful = value === 1;
  }
  return { inputs, stateful };
}

function parseInput(bytes: Uint8Array<ArrayBuffer>): OpInput {
  const texts = new Map<number, string>();
  let type = 0;
  for (const { number, value } of readFields(bytes)) {
    if (typeof value !== "number") texts.set(number, decoder.decode(value));
    else if (number === 3) type = value;
  }
  return {
    type,
    typeAttr: texts.get(4) ?? "",
    numberAttr: texts.get(5) ?? "",
    typeListAttr: texts.get(6) ?? "",
  };
}

/**
 * Splits a flat list of inputs into the op's declared ones.
 *
 * @param name The op.
 * @param count How many inputs there are in all.
 * @param lengths The attributes that are whole numbers, for list lengths.
 * @returns For each declared input, how many of the flat inputs belong to it;
 * 1 with `list` false for a plain input.
 */
export function splitInputs(
  name: string,
  count: number,
  lengths: ReadonlyMap<string, number>,
): { readonly length: number; readonly list: boolean }[] {
  const { inputs } = opDefinition(name);
  const plain = inputs.filter((input) => !isList(input)).length;
  const lists = inputs.length - plain;
  return inputs.map((input) => {
    if (!isList(input)) return { length: 1, list: false };
    const stated = lengths.get(input.numberAttr);
    // A single list takes all that the plain inputs leave. Several lists have
    // the same length unless an attribute says otherwise.
    const length = lists === 1
      ? count - plain
      : stated ?? (count - plain) / lists;
    return { length, list: true };
  });
}

function isList(input: OpInput): boolean {
  return input.numberAttr !== "" || input.typeListAttr !== "";
}

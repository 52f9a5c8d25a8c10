/**
 * Reads when each op of a run ran, from TensorFlow's `RunMetadata`.
 *
 * Source: `tensorflow/core/framework/step_stats.proto`.
 *
 * @module
 */

import { readFields } from "@/tensorflow/ffi/protobuf.ts";

/** One op of one run. */
export interface OpRun {
  /** The operation's name in the function's graph. */
  readonly name: string;
  /** Its op, such as `Conv2D`. */
  readonly op: string;
  /** The shape of its first output; empty for a scalar or if it has none. */
  readonly shape: readonly number[];
  /** When it began, in milliseconds from the first op's beginning. */
  readonly startMs: number;
  /** How long it ran, in milliseconds. */
  readonly durationMs: number;
}

type Message = Uint8Array<ArrayBuffer>;

const decoder = new TextDecoder();

/** Ops that carry values into and out of a run and compute nothing. */
const PLUMBING = new Set([
  "_SOURCE",
  "_SINK",
  "_Arg",
  "_Retval",
  "_Send",
  "_Recv",
  "NoOp",
  "Placeholder",
  "Const",
  "StatefulPartitionedCall",
]);

/**
 * Reads the ops of a run.
 *
 * @param metadata A `RunMetadata` message.
 * @returns The ops in the order in which they began, without those that only
 * carry values in and out.
 * @throws {RangeError} If the message is cut short.
 */
export function readStepStats(metadata: Message): OpRun[] {
  const nodes = submessages(metadata, 1) // step_stats
    .flatMap((stats) => submessages(stats, 1)) // dev_stats
    .flatMap((device) => submessages(device, 2)) // node_stats
    .map(readNode)
    .filter(({ op }) => !PLUMBING.has(op))
    .sort((a, b) => a.startMs - b.startMs);
  const origin = nodes[0]?.startMs ?? 0;
  return nodes.map((node) => ({ ...node, startMs: node.startMs - origin }));
}

function submessages(message: Message, number: number): Message[] {
  return Array.from(readFields(message)).flatMap((field) =>
    field.number === number && typeof field.value !== "number"
      ? [field.value]
      : []
  );
}

/** A `NodeExecStats`. */
function readNode(message: Message): OpRun {
  const name = text(message, 1);
  // timeline_label: "[memory] name = Op(inputs)"
  const [, op] = text(message, 8).match(/ = (\w+)\(/) ?? [];
  const [start, opStart, opEnd] = [13, 14, 15] // all_start_nanos and after it
    .map((field) => numbers(message, field)[0] ?? 0);
  return {
    name,
    op: op ?? name,
    shape: readShape(message),
    startMs: (start! + opStart!) / 1e6,
    durationMs: (opEnd! - opStart!) / 1e6,
  };
}

/** The shape in the first output's `TensorDescription`. */
function readShape(message: Message): number[] {
  const [output] = submessages(message, 7);
  if (output === undefined) return [];
  return submessages(output, 3) // tensor_description
    .flatMap((description) => submessages(description, 2)) // shape
    .flatMap((shape) => submessages(shape, 2)) // dim
    .map((dim) => numbers(dim, 1)[0] ?? 0);
}

function text(message: Message, number: number): string {
  return submessages(message, number).map((bytes) => decoder.decode(bytes))
    .join("");
}

function numbers(message: Message, number: number): number[] {
  return Array.from(readFields(message)).flatMap((field) =>
    field.number === number && typeof field.value === "number"
      ? [field.value]
      : []
  );
}

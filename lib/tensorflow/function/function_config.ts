/**
 * How TensorFlow optimises a compiled function.
 *
 * @module
 */

import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";

/**
 * What a compiled function computes in: `bfloat16` has the range of `float32`
 * and 8 bits of precision, in convolutions and matrix products alone; results
 * and variables stay float32. It is faster on processors that have it, and
 * changes nothing on others.
 */
export type Precision = "float32" | "bfloat16";

/**
 * The `ConfigProto` of a function: `graph_options` is field 10, in it
 * `rewrite_options` field 10, and in that one
 * `auto_mixed_precision_onednn_bfloat16` field 31, which is 1 when on.
 *
 * @throws {RangeError} When there is no such precision.
 */
export function functionConfig(precision: Precision): Uint8Array<ArrayBuffer> {
  if (precision === "float32") return new Uint8Array(0);
  if (precision !== "bfloat16") {
    throw new RangeError(
      `Precision must be "float32" or "bfloat16", not "${precision}".`,
    );
  }
  const rewriter = new ProtobufWriter().varint(31, 1);
  const graph = new ProtobufWriter().bytes(10, rewriter);
  return new ProtobufWriter().bytes(10, graph).finish();
}

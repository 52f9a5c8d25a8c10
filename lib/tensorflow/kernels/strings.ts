/**
 * Ops on strings, which tfjs-node lacks: TensorFlow's own, and comparisons,
 * which TensorFlow lacks too, by the order of the strings.
 *
 * @module
 */

import type { TensorInfo } from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";
import { overrideKernel } from "./register.ts";
import { addOp, runOp, scratch } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerStrings(): void {
  addOp("StringNGrams", ["data", "dataSplits"], ({ attrs }) => ({
    outputs: 2,
    strings: {
      separator: attrs["separator"] as string,
      left_pad: attrs["leftPad"] as string,
      right_pad: attrs["rightPad"] as string,
    },
    ints: {
      ngram_widths: attrs["nGramWidths"] as number[],
      pad_width: attrs["padWidth"] as number,
    },
    bools: {
      preserve_short_sequences: attrs["preserveShortSequences"] as boolean,
    },
    types: { Tsplits: "int32" },
  }));
  addOp("StringSplit", ["input", "delimiter"], ({ attrs }) => ({
    outputs: 3,
    bools: { skip_empty: attrs["skipEmpty"] as boolean },
  }));
  addOp("StringToHashBucketFast", ["input"], ({ attrs }) => ({
    ints: { num_buckets: attrs["numBuckets"] as number },
  }));
  for (const name of ["Greater", "GreaterEqual", "Less", "LessEqual"]) {
    overrideKernel(name, (call, standard) => {
      const { a, b } = call.inputs;
      if (a!.dtype !== "string") return standard(call);
      return compareStrings(call.backend, name, a!, b!);
    });
  }
}

/** Compares strings by their ranks among all of them. */
function compareStrings(
  backend: TensorFlowBackend,
  name: string,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo {
  const texts = [a, b].map((tensor) => readTexts(backend, tensor));
  const ranks = new Map(
    Array.from(new Set(texts.flat())).sort().map((text, i) => [text, i]),
  );
  const ranksOf = (at: number, { shape }: TensorInfo) =>
    scratch(
      backend,
      Int32Array.from(texts[at]!, (text) => ranks.get(text)!),
      shape,
    );
  using left = ranksOf(0, a);
  using right = ranksOf(1, b);
  return runOp(backend, name, {
    inputs: [left, right],
    types: { T: "int32" },
  })[0]!;
}

/** Strings with one character per byte, so that they sort as the bytes do. */
function readTexts(backend: TensorFlowBackend, tensor: TensorInfo): string[] {
  const values = backend.readSync(tensor.dataId) as unknown as Uint8Array[];
  return values.map((bytes) =>
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
  );
}

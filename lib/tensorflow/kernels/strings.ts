/**
 * Ops on strings, which tfjs-node lacks: most on TensorFlow's own ops;
 * comparisons, which TensorFlow has not, on the order of the strings.
 *
 * @module
 */

import type { TensorInfo } from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "@/tensorflow/backend/backend.ts";
import { addKernel, overrideKernel } from "./register.ts";
import { runOp } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerStrings(): void {
  addKernel(
    "StringNGrams",
    ({ inputs, attrs, backend }) =>
      runOp(backend, "StringNGrams", {
        inputs: [inputs["data"]!, inputs["dataSplits"]!],
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
      }),
  );
  addKernel(
    "StringSplit",
    ({ inputs, attrs, backend }) =>
      runOp(backend, "StringSplit", {
        inputs: [inputs["input"]!, inputs["delimiter"]!],
        outputs: 3,
        bools: { skip_empty: attrs["skipEmpty"] as boolean },
      }),
  );
  addKernel(
    "StringToHashBucketFast",
    ({ inputs, attrs, backend }) =>
      runOp(backend, "StringToHashBucketFast", {
        inputs: [inputs["input"]!],
        ints: { num_buckets: attrs["numBuckets"] as number },
      })[0]!,
  );
  for (const name of ["Greater", "GreaterEqual", "Less", "LessEqual"]) {
    overrideKernel(name, (call, standard) => {
      const { a, b } = call.inputs;
      if (a!.dtype !== "string") return standard(call);
      return compareStrings(call.backend, name, a!, b!);
    });
  }
}

/** Compares strings by their places among all that are there. */
function compareStrings(
  backend: TensorFlowBackend,
  name: string,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo {
  const texts = [a, b].map((tensor) => readTexts(backend, tensor));
  const places = new Map(
    Array.from(new Set(texts.flat())).sort().map((text, i) => [text, i]),
  );
  const tensors = [a, b].map(({ shape }, i) => {
    const values = Int32Array.from(texts[i]!, (text) => places.get(text)!);
    const dataId = backend.write(values, shape, "int32");
    return { dataId, shape, dtype: "int32" as const };
  });
  try {
    return runOp(backend, name, { inputs: tensors, types: { T: "int32" } })[0]!;
  } finally {
    tensors.forEach(({ dataId }) => backend.disposeData(dataId));
  }
}

/** Strings with one character a byte, so that they sort as the bytes do. */
function readTexts(backend: TensorFlowBackend, tensor: TensorInfo): string[] {
  const values = backend.readSync(tensor.dataId) as unknown as Uint8Array[];
  return values.map((bytes) =>
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
  );
}

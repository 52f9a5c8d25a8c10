/**
 * Trained weights of the codec as real numbers, from which training can
 * continue: on other photos, or without the folder of the run that made them.
 * The file of weights that encodes photos does not suffice, because its entropy
 * networks have whole numbers.
 *
 * @module
 */

import { readSafetensors, writeSafetensors } from "@/models/safetensors.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Thrown for a file that training cannot start from. */
export class CodecStartError extends Error {
  /** The class, for stack traces. */
  override name = "CodecStartError";
}

/**
 * Writes weights.
 *
 * @param weights By name; the transform's own filters are omitted.
 * @returns A safetensors file of 16-bit floats, except for the norms.
 */
export function writeCodecStart(
  weights: ReadonlyMap<string, tf.Variable>,
): Uint8Array<ArrayBuffer> {
  const tensors = startWeights(weights)
    .map(([name, weight]) => {
      const values = weight.dataSync() as Float32Array;
      const data = isNorm(name) ? values : Float16Array.from(values);
      return [name, { shape: weight.shape, data }] as const;
    });
  return writeSafetensors({ tensors: new Map(tensors), metadata: {} });
}

/**
 * Reads weights.
 *
 * @param bytes From {@linkcode writeCodecStart}.
 * @param weights By name; they are assigned the values of the file.
 * @throws {SafetensorsError} If the bytes are not a safetensors file.
 * @throws {CodecStartError} If a weight is missing or has another shape; then
 * none was changed.
 */
export function readCodecStart(
  bytes: Uint8Array,
  weights: ReadonlyMap<string, tf.Variable>,
): void {
  const { tensors } = readSafetensors(bytes);
  const wanted = startWeights(weights);
  for (const [name, { shape }] of wanted) {
    const found = tensors.get(name)?.shape;
    if (found?.join() === shape.join()) continue;
    throw new CodecStartError(
      found === undefined
        ? `The weights to start from have no "${name}".`
        : `The weights to start from have "${name}" of shape [${found}], ` +
          `but it must be [${shape}].`,
    );
  }
  for (const [name, weight] of wanted) {
    const { data, shape } = tensors.get(name)!;
    tf.tidy(() =>
      weight.assign(tf.tensor(Float32Array.from(data), [...shape]))
    );
  }
}

function startWeights(
  weights: ReadonlyMap<string, tf.Variable>,
): [string, tf.Variable][] {
  return [...weights]
    .filter(([name, { trainable }]) => trainable || isNorm(name));
}

function isNorm(name: string): boolean {
  return /(^|_)norms$/.test(name);
}

/**
 * Trained weights of the codec as real numbers, from which training can go on:
 * on other photos, or where the run's own folder is gone. The file of weights
 * that codes photos does not do, since its entropy networks are of whole
 * numbers.
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
 * @param weights By name; the transform's own filters are left out.
 * @returns A safetensors file, in 16-bit floats but for the norms.
 */
export function writeCodecStart(
  weights: ReadonlyMap<string, tf.Variable>,
): Uint8Array<ArrayBuffer> {
  const tensors = [...weights]
    .filter(([name, { trainable }]) => trainable || name === "norms")
    .map(([name, weight]) => {
      const values = weight.dataSync() as Float32Array;
      const data = name === "norms" ? values : Float16Array.from(values);
      return [name, { shape: weight.shape, data }] as const;
    });
  return writeSafetensors({ tensors: new Map(tensors), metadata: {} });
}

/**
 * Takes weights over.
 *
 * @param bytes From {@linkcode writeCodecStart}.
 * @param weights By name; they are changed.
 * @throws {SafetensorsError} If the bytes are no such file.
 * @throws {CodecStartError} If a weight is missing or of another shape; then
 * none was changed.
 */
export function readCodecStart(
  bytes: Uint8Array,
  weights: ReadonlyMap<string, tf.Variable>,
): void {
  const { tensors } = readSafetensors(bytes);
  const wanted = [...weights]
    .filter(([name, { trainable }]) => trainable || name === "norms");
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

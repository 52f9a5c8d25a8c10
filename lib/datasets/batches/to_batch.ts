/**
 * From the bytes of pairs to the numbers that a network takes.
 *
 * @module
 */
import {
  imageBytes,
  type Pairs,
  type PairSize,
  SharedPairs,
} from "@/datasets/pairs/pairs.ts";

/** 0..255 to 0..1, rounded once as a 32-bit number. */
const unit = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/**
 * Gathers images into one batch.
 *
 * @param pairs The pairs.
 * @param size Which image of each pair.
 * @param indices Which pairs, in this order; duplicates are allowed.
 * @returns `[indices.length, side, side, 3]`, 0..1.
 * @throws {RangeError} If an index does not exist.
 * @example
 * ```ts
 * import { SharedPairs, toBatch } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pairs = SharedPairs.from("test", 2, ["dot"], [
 *   { high: new Uint8Array(12), medium: new Uint8Array([0, 51, 255]) },
 * ]);
 * const batch = toBatch(pairs, "medium", [0]);
 * assertEquals(batch, new Float32Array([0, 0.2, 1]));
 * ```
 */
export function toBatch(
  pairs: Pairs,
  size: PairSize,
  indices: readonly number[],
): Float32Array {
  const side = size === "high" ? pairs.highSize : pairs.mediumSize;
  const length = imageBytes(side);
  const batch = new Float32Array(indices.length * length);
  indices.forEach((index, i) => {
    const image = pairs instanceof SharedPairs
      ? pairs.view(size, index)
      : pairs[size](index);
    toUnit(image, batch.subarray(i * length, (i + 1) * length));
  });
  return batch;
}

/**
 * Scales 8-bit values to 0..1.
 *
 * @param values Values in 0..255.
 * @param into Receives `values[i] / 255`; of the same length.
 * @example
 * ```ts
 * import { toUnit } from "./to_batch.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const into = new Float32Array(2);
 * toUnit(new Uint8Array([0, 255]), into);
 * assertEquals(into, new Float32Array([0, 1]));
 * ```
 */
export function toUnit(values: Uint8Array, into: Float32Array): void {
  for (let i = 0; i < values.length; i++) into[i] = unit[values[i]!]!;
}

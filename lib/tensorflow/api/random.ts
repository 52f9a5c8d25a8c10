/**
 * Random tensors whose seed is an argument. The numbers depend on the seed
 * alone, so that a compiled function can draw new ones at each call.
 *
 * Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011
 * (Philox), as TensorFlow's `StatelessRandom…` ops have it.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import type { Rank, ShapeMap } from "@tensorflow/tfjs";
import { engine, Tensor, tensor1d, tidy } from "./tf.ts";

/**
 * A seed of random numbers: a whole number, two of them, or an int32 tensor of
 * shape `[2]`, whose values may change from call to call.
 */
export type Seed = number | readonly [number, number] | Tensor;

/**
 * Draws normally distributed numbers of mean 0 and standard deviation 1.
 *
 * @param shape Their shape.
 * @param seed The same seed gives the same numbers.
 * @returns A float32 tensor.
 * @throws {RangeError} If the seed is invalid.
 *
 * @example
 * ```ts
 * import { compile, randomNormal, tf } from "@/tensorflow/mod.ts";
 * import { assertNotEquals } from "@std/assert";
 *
 * const noisy = compile((x: tf.Tensor, seed: tf.Tensor) =>
 *   x.add(randomNormal(x.shape, seed))
 * );
 * const x = tf.zeros([4]);
 * const first = noisy(x, tf.tensor1d([1, 0], "int32"));
 * const second = noisy(x, tf.tensor1d([1, 1], "int32"));
 * assertNotEquals(first.dataSync(), second.dataSync());
 * ```
 */
export function randomNormal<R extends Rank = Rank>(
  shape: ShapeMap[R],
  seed: Seed,
): Tensor<R> {
  return draw("StatelessRandomNormal", shape, seed);
}

/**
 * Draws uniformly distributed numbers from 0 to 1, excluding 1.
 *
 * @param shape Their shape.
 * @param seed The same seed gives the same numbers.
 * @returns A float32 tensor.
 * @throws {RangeError} If the seed is invalid.
 */
export function randomUniform<R extends Rank = Rank>(
  shape: ShapeMap[R],
  seed: Seed,
): Tensor<R> {
  return draw("StatelessRandomUniform", shape, seed);
}

function draw<R extends Rank>(
  kernelName: string,
  shape: ShapeMap[R],
  seed: Seed,
): Tensor<R> {
  return tidy(() =>
    engine().runKernel(
      kernelName,
      { seed: toTensor(seed) },
      { shape: Array.from(shape) },
    ) as Tensor<R>
  );
}

function toTensor(seed: Seed): Tensor {
  if (seed instanceof Tensor) {
    if (seed.size === 2 && seed.rank === 1 && seed.dtype === "int32") {
      return seed;
    }
    const given = `${seed.dtype} [${seed.shape}]`;
    throw invalid("seed", "an int32 tensor of shape [2]", given);
  }
  const numbers = typeof seed === "number" ? [seed, 0] : seed;
  if (numbers.length !== 2 || !numbers.every(isInt32)) {
    throw invalid("seed", "one or two whole numbers of 32 bits", seed);
  }
  return tensor1d([...numbers], "int32");
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

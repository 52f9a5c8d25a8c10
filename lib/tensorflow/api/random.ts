/**
 * Random tensors whose seed is an argument. The numbers depend on the seed
 * alone, so that a compiled function can draw new ones at each call.
 *
 * Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011
 * (Philox), as TensorFlow's `StatelessRandom…` ops have it.
 *
 * @module
 */

import type { Rank, ShapeMap } from "@tensorflow/tfjs";
import { engine, Tensor, tensor1d, tidy } from "./tf.ts";

/**
 * What random numbers follow from: a whole number, two of them, or an int32
 * tensor of two, whose values may change from call to call.
 */
export type Seed = number | readonly [number, number] | Tensor;

/**
 * Random numbers of mean 0 and standard deviation 1, float32.
 *
 * @param shape Their shape.
 * @param seed The same seed gives the same numbers.
 * @throws {RangeError} When the seed is not whole or not of two numbers.
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
 * Random numbers from 0 to 1, 1 excluded, float32.
 *
 * @param shape Their shape.
 * @param seed The same seed gives the same numbers.
 * @throws {RangeError} When the seed is not whole or not of two numbers.
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
    throw new RangeError(
      `A seed must be an int32 tensor of shape [2], not ${seed.dtype} [${seed.shape}].`,
    );
  }
  const numbers = typeof seed === "number" ? [seed, 0] : seed;
  if (numbers.length !== 2 || !numbers.every(isInt32)) {
    throw new RangeError(
      `A seed must be one or two whole numbers of 32 bits, not "${seed}".`,
    );
  }
  return tensor1d([...numbers], "int32");
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

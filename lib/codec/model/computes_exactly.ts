/**
 * Checks whether a backend of TensorFlow.js computes the networks of whole
 * numbers exactly. Some compute in 16 bits, and files would decode to noise.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { tensor, tidy } from "@tensorflow/tfjs";
import {
  integerLayer,
  type IntegerTensors,
  integerTensors,
} from "./integer_layer.ts";
import type { Layer } from "./networks.ts";

const SIDE = 3, FROM = 16, TO = 4, ROWS = 5, COLUMNS = 6, SHIFT = 9;

/** Maximum weight at which all sums stay below 2²⁴. */
const MOST = 450;

/**
 * Computes a layer of whole numbers with sums up to 2²⁴ on the backend in use,
 * and compares the results with sums in 64-bit floating point.
 *
 * @param makeLayer Makes the layer that is checked; the codec's by default.
 * @returns Whether all results are equal.
 *
 * @example
 * ```ts
 * import { computesExactly } from "./computes_exactly.ts";
 * import "@/tensorflow/mod.ts"; // or any backend of TensorFlow.js
 * import { assert } from "@std/assert";
 *
 * assert(await computesExactly());
 * ```
 */
export async function computesExactly(
  makeLayer: (weights: (name: string) => IntegerTensors) => Layer =
    integerLayer,
): Promise<boolean> {
  const filters = spread(SIDE * SIDE * FROM * TO, MOST, 7);
  const bias = spread(TO, 10000, 3);
  const inputs = spread(ROWS * COLUMNS * FROM, 255, 5);
  const found = tidy(() => {
    const weights = integerTensors({
      shape: [SIDE, SIDE, FROM, TO],
      filters: Int16Array.from(filters),
      bias: Int32Array.from(bias),
      shifts: new Uint8Array(TO).fill(SHIFT),
    });
    const x = tensor(inputs, [1, ROWS, COLUMNS, FROM]) as Tensor4D;
    return makeLayer(() => weights)(x, "", { relu: false });
  });
  try {
    const values = await found.data();
    return expected(inputs, filters, bias)
      .every((value, i) => value === values[i]);
  } finally {
    found.dispose();
  }
}

/** Whole numbers of both signs, many of which are the maximum. */
function spread(length: number, most: number, stride: number): number[] {
  return Array.from({ length }, (_, i) => {
    const place = (i * stride * 31 + (i >> 2)) % 11;
    if (place > 6) return most;
    if (place > 2) return -most;
    return Math.round(most * Math.sin(i * stride));
  });
}

function expected(
  inputs: readonly number[],
  filters: readonly number[],
  bias: readonly number[],
): number[] {
  const found: number[] = [];
  for (let y = 0; y < ROWS; y++) {
    for (let x = 0; x < COLUMNS; x++) {
      for (let to = 0; to < TO; to++) {
        let sum = bias[to]!;
        for (let dy = 0; dy < SIDE; dy++) {
          for (let dx = 0; dx < SIDE; dx++) {
            const [row, column] = [y + dy - 1, x + dx - 1];
            if (row < 0 || row >= ROWS || column < 0 || column >= COLUMNS) {
              continue;
            }
            for (let from = 0; from < FROM; from++) {
              sum += inputs[(row * COLUMNS + column) * FROM + from]! *
                filters[((dy * SIDE + dx) * FROM + from) * TO + to]!;
            }
          }
        }
        const whole = Math.floor(sum / 2 ** SHIFT);
        found.push(Math.max(-32767, Math.min(32767, whole)));
      }
    }
  }
  return found;
}

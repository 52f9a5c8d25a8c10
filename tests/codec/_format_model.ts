/**
 * The files of weights that FORMAT.md describes, for a decoder in plain loops.
 *
 * @module
 */
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { readSafetensors, type StoredTensor } from "@/models/safetensors.ts";
import { assert } from "@std/assert";
import { type Grid, grid } from "./_grids.ts";

/** A file of weights. */
export interface Model {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly tables: FrequencyTables;
  readonly splits: FrequencyTables;
}

export function readModel(weights: Uint8Array): Model {
  const { tensors } = readSafetensors(weights);
  return {
    tensors,
    tables: readTables(tensors, "tables"),
    splits: readTables(tensors, "splits"),
  };
}

export function numbers(tensors: Model["tensors"], name: string) {
  return tensors.get(name)!.data as ArrayLike<number> & {
    slice: Int32Array["slice"];
  };
}

function readTables(tensors: Model["tensors"], name: string): FrequencyTables {
  const cumulative = numbers(tensors, `${name}/cumulative`);
  let start = 0;
  const sizes = Array.from(numbers(tensors, `${name}/sizes`));
  return new FrequencyTables(sizes.map((n, i) => {
    const sums = cumulative.slice(start, start += n + 2);
    const frequencies = Array.from(sums.slice(1), (sum, k) => sum - sums[k]!);
    return { centre: numbers(tensors, `${name}/centres`)[i]!, frequencies };
  }));
}

export function layerSum(
  tensors: Model["tensors"],
  input: Grid,
  layer: string,
): Grid {
  const { shape, data } = tensors.get(`${layer}/filters`)!;
  const bias = numbers(tensors, `${layer}/bias`);
  const [k, , from, to] = shape as [number, number, number, number];
  assert(from === input.channels, layer);
  return grid(input.rows, input.columns, to, (y, x, o) => {
    let sum = bias[o]!;
    for (let j = 0; j < k; j++) {
      for (let i = 0; i < k; i++) {
        const [row, column] = [y + j - (k - 1) / 2, x + i - (k - 1) / 2];
        // Beyond its edges the input is 0.
        if (row < 0 || row >= input.rows) continue;
        if (column < 0 || column >= input.columns) continue;
        const first = (row * input.columns + column) * from;
        for (let c = 0; c < from; c++) {
          const weight = data[((j * k + i) * from + c) * to + o]!;
          sum += weight * input.data[first + c]!;
        }
      }
    }
    return sum;
  });
}

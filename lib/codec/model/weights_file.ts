/**
 * A codec's weights as one file in the safetensors format: real weights as
 * 16-bit floats, all others as whole numbers.
 *
 * @module
 */

import {
  readSafetensors,
  type StoredNumbers,
  type StoredTensor,
  writeSafetensors,
} from "@/models/safetensors.ts";
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { hex } from "@/codec/format/bytes.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { MODEL_ID_BYTES, OLDER_HINT } from "@/codec/format/header_fields.ts";
import type { CodecModel, RealWeight } from "./codec_model.ts";
import { CELL_KINDS } from "@/codec/transform/block_sizes.ts";
import type { CodecSettings } from "./codec_settings.ts";
import type { IntegerWeights } from "./integer_layer.ts";

/**
 * Writes a model.
 *
 * @param model The model. Its id is replaced by the first bytes of the SHA-256
 * of the file without an id.
 * @returns The file.
 */
export async function writeWeights(
  model: CodecModel,
): Promise<Uint8Array<ArrayBuffer>> {
  const { logSteps, kindNorms, tables, splits } = model;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape, values }] of model.real) {
    tensors.set(`real/${name}`, { shape, data: Float16Array.from(values) });
  }
  for (const [name, { shape, filters, bias, shifts }] of model.integer) {
    const one = [bias.length];
    tensors.set(`integer/${name}/filters`, {
      shape,
      data: filters as Int16Array,
    });
    tensors.set(`integer/${name}/bias`, { shape: one, data: bias });
    tensors.set(`integer/${name}/shifts`, { shape: one, data: shifts });
  }
  const rows = { "log_steps": [logSteps], "kind_norms": kindNorms };
  for (const [name, values] of Object.entries(rows)) {
    const data = Int16Array.from(values.flatMap((row) => Array.from(row)));
    tensors.set(name, { shape: [values.length, values[0]!.length], data });
  }
  for (const [name, values] of Object.entries({ tables, splits })) {
    const { count, centres, sizes, cumulative } = values;
    tensors.set(`${name}/centres`, { shape: [count], data: centres });
    tensors.set(`${name}/sizes`, { shape: [count], data: sizes });
    tensors.set(`${name}/cumulative`, {
      shape: [cumulative.length],
      data: Int32Array.from(cumulative),
    });
  }
  const settings = JSON.stringify(model.settings);
  const bare = writeSafetensors({ tensors, metadata: { settings } });
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bare));
  const id = hex(hash.subarray(0, MODEL_ID_BYTES));
  return writeSafetensors({ tensors, metadata: { settings, id } });
}

/**
 * Reads a model.
 *
 * @param bytes From {@linkcode writeWeights}.
 * @returns The model.
 * @throws {SafetensorsError} If the bytes are not a safetensors file.
 * @throws {CodecError} "wrong model" if something is missing, or if it knows
 * fewer kinds of cells, as older versions of the format did.
 */
export function readWeights(bytes: Uint8Array): CodecModel {
  const { settings, rows, tables, ...rest } = readModel(bytes);
  const model = {
    ...rest,
    settings: settings as CodecSettings,
    logSteps: rows("log_steps")[0]!,
    kindNorms: rows("kind_norms"),
    tables: tables("tables"),
    splits: tables("splits"),
  };
  if (model.kindNorms.length === CELL_KINDS) return model;
  throw new CodecError(
    "wrong model",
    `The weights are of an older version of the format${OLDER_HINT}.`,
  );
}

/** The networks of a file, and what reads its rows and tables by name. */
function readModel(bytes: Uint8Array) {
  const { tensors, metadata } = readSafetensors(bytes);
  const { settings, id } = metadata;
  if (settings === undefined || id === undefined) {
    throw new CodecError(
      "wrong model",
      "The file of weights lacks its settings or its id.",
    );
  }
  const take = <Numbers extends StoredNumbers>(
    name: string,
    type: new (...args: never[]) => Numbers,
  ) => {
    const found = tensors.get(name);
    if (!(found?.data instanceof type)) {
      throw new CodecError(
        "wrong model",
        `The file of weights has no "${name}" of the right type.`,
      );
    }
    return { shape: found.shape, data: found.data };
  };
  const rows = (name: string): Int16Array[] => {
    const { shape, data } = take(name, Int16Array);
    const width = shape[1]!;
    return Array.from(
      { length: shape[0]! },
      (_, row) => data.slice(row * width, (row + 1) * width),
    );
  };
  const real = new Map<string, RealWeight>();
  const integer = new Map<string, IntegerWeights>();
  for (const name of tensors.keys()) {
    if (name.startsWith("real/")) {
      const { shape, data } = take(name, Float32Array);
      real.set(name.slice("real/".length), { shape, values: data });
    }
    const layer = /^integer\/(.*)\/filters$/.exec(name)?.[1];
    if (layer === undefined) continue;
    const { shape, data } = take(name, Int16Array);
    integer.set(layer, {
      shape: shape as unknown as IntegerWeights["shape"],
      filters: data,
      bias: take(`integer/${layer}/bias`, Int32Array).data,
      shifts: take(`integer/${layer}/shifts`, Uint8Array).data,
    });
  }
  return {
    settings: JSON.parse(settings) as unknown,
    id: Uint8Array.from(id.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
    real,
    integer,
    rows,
    tables: (name: string) =>
      readTables(
        take(`${name}/centres`, Int32Array).data,
        take(`${name}/sizes`, Int32Array).data,
        take(`${name}/cumulative`, Int32Array).data,
      ),
  };
}

function readTables(
  centres: Int32Array,
  sizes: Int32Array,
  cumulative: Int32Array,
): FrequencyTables {
  let start = 0;
  return new FrequencyTables(
    Array.from(centres, (centre, table) => {
      const from = start;
      start += sizes[table]! + 2;
      const frequencies = Array.from(
        { length: sizes[table]! + 1 },
        (_, place) => cumulative[from + place + 1]! - cumulative[from + place]!,
      );
      return { centre, frequencies };
    }),
  );
}

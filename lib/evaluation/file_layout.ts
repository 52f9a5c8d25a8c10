/**
 * The layout of the codec's file: its parts in the order in which they are
 * coded, with their values and bytes.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { visitValues } from "@/codec/encode/encode_layers.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { RansEncoder } from "@/codec/entropy/rans.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import { type Blocks, CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import type { ValueCoder } from "@/codec/model/latent_coder.ts";
import type { Pixels } from "@/images/mod.ts";

/** A part of a file: values that are coded together. */
export interface FilePart {
  /** What the values are. */
  readonly name: string;
  /** The layer of the file that holds them. */
  readonly layer: 1 | 2;
  /** Number of values. */
  readonly values: number;
  /** Number of values that are 0. */
  readonly zeros: number;
  /** Bytes of the part coded alone, a few more than it takes in a file. */
  readonly bytes: number;
}

/**
 * Encodes a photo and measures each part of the file. Latents are rounded to
 * the nearest whole numbers.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param quality 1..100.
 * @returns The parts in the file's order.
 */
export async function fileLayout(
  loaded: LoadedModel,
  photo: Pixels,
  quality: number,
): Promise<FilePart[]> {
  const names = partNames();
  const parts: FilePart[] = names.map((part) => ({
    ...part,
    values: 0,
    zeros: 0,
    bytes: 0,
  }));
  let next = 0;
  const coder: ValueCoder = {
    code(tables: FrequencyTables, indices: Uint16Array, values: Int32Array) {
      const place = next++ % names.length; // tile by tile
      const encoder = new RansEncoder();
      encoder.push(tables, indices, values);
      const before = parts[place]!;
      parts[place] = {
        ...before,
        values: before.values + values.length,
        zeros: before.zeros + values.filter((value) => value === 0).length,
        bytes: before.bytes + encoder.finish().length,
      };
    },
  };
  await visitValues(loaded, photo, { quality }, coder);
  return parts;
}

function partNames(): Pick<FilePart, "name" | "layer">[] {
  const which: Readonly<Record<Blocks, string>> = {
    all: "",
    even: ", every other block",
    odd: ", the blocks between",
  };
  const groups = CHANNEL_GROUPS.flatMap(({ first, size, layer, passes }) =>
    passes.map((blocks) => ({
      name: `Channels ${first + 1} to ${first + size}${which[blocks]}`,
      layer,
    }))
  );
  return [{ name: "Hyper-latent", layer: 1 }, ...groups];
}

/**
 * Writes the parts of a file as a table.
 *
 * @param parts From {@linkcode fileLayout}.
 * @returns One row per part.
 */
export function fileLayoutTable(parts: readonly FilePart[]): Table {
  return {
    caption: "The parts of the file, in order",
    columns: [
      { title: "" },
      { title: "Layer", digits: 0 },
      { title: "Values", digits: 0 },
      { title: "Zeros (%)", digits: 1 },
      { title: "Bytes", digits: 0 },
      { title: "Bits per value", digits: 3 },
    ],
    rows: parts.map(({ name, layer, values, zeros, bytes }) => [
      ...[name, layer, values, 100 * zeros / values, bytes],
      8 * bytes / values,
    ]),
  };
}

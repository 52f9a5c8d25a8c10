/**
 * What a file of the codec consists of: its parts in the order in which they
 * are coded, with their values and bytes.
 *
 * @module
 */

import { visitValues } from "@/codec/encode/encode_layers.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { RansEncoder } from "@/codec/entropy/rans.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import { type Blocks, CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import type { ValueCoder } from "@/codec/model/latent_coder.ts";
import type { Table } from "@/charts/mod.ts";
import type { Pixels } from "@/images/mod.ts";

/** Values that are coded together. */
export interface CodedPart {
  /** What they are. */
  readonly name: string;
  /** Where they lie in the file. */
  readonly layer: 1 | 2;
  /** How many. */
  readonly values: number;
  /** How many of them are 0. */
  readonly zeros: number;
  /** Coded for themselves, which takes a few bytes more than in a file. */
  readonly bytes: number;
}

/**
 * Codes a photo and looks at the parts; values are rounded to the nearest.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param quality 1..100.
 */
export async function codedParts(
  loaded: LoadedModel,
  photo: Pixels,
  quality: number,
): Promise<CodedPart[]> {
  const names = partNames();
  const parts: CodedPart[] = names.map((part) => ({
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

function partNames(): Pick<CodedPart, "name" | "layer">[] {
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

/** The parts as a table. */
export function codedPartsTable(parts: readonly CodedPart[]): Table {
  return {
    caption: "What the file holds, in its order",
    columns: [
      { title: "" },
      { title: "Layer", digits: 0 },
      { title: "Values", digits: 0 },
      { title: "Of them 0 (%)", digits: 1 },
      { title: "Bytes", digits: 0 },
      { title: "Bits a value", digits: 3 },
    ],
    rows: parts.map(({ name, layer, values, zeros, bytes }) => [
      ...[name, layer, values, 100 * zeros / values, bytes],
      8 * bytes / values,
    ]),
  };
}

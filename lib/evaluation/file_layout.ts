/**
 * The layout of the codec's file: its parts in the order in which they are
 * coded, with their values and bytes, and the work of decoding them.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { RATE_WEIGHT } from "@/codec/encode/encode_image.ts";
import { visitValues } from "@/codec/encode/encode_layers.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { RansEncoder } from "@/codec/entropy/rans.ts";
import {
  decodeImage,
  encodeImage,
  type LoadedModel,
  parseHeader,
} from "@/codec/mod.ts";
import {
  CHANNEL_GROUPS,
  type ChannelGroup,
  type Parity,
} from "@/codec/model/channel_groups.ts";
import type { CodecModel } from "@/codec/model/codec_model.ts";
import type { ValueCoder } from "@/codec/model/latent_units.ts";
import {
  COARSENESS,
  DEFAULT_COARSENESS,
  MEDIUM_QUALITIES,
} from "@/codec/model/nested_quantiser.ts";
import { EMPTY_TABLES, EXTENT_TABLES } from "@/codec/model/pass_values.ts";
import type { Pixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import type { MeasuredPhoto } from "./photos.ts";

/** A part of a file: values that are coded together. */
export interface FilePart {
  /** What the values are. */
  readonly name: string;
  /** The layer that holds them: 0 thumbnail, 1 medium, 2 high. */
  readonly layer: 0 | 1 | 2;
  /** Number of values that are coded. */
  readonly values: number;
  /** Number of them that are 0. */
  readonly zeros: number;
  /** Bytes of the part coded alone, a few more than it takes in a file. */
  readonly bytes: number;
  /** Multiplications that predict it, for each pixel of the high image. */
  readonly multiplications: number;
}

/**
 * Encodes a photo and measures each part of the file.
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
  const parts = partNames().map((part) => ({
    ...part,
    encoder: new RansEncoder(),
    values: 0,
    zeros: 0,
  }));
  let next = 0, afterMarks = false;
  const coder: ValueCoder = {
    code(tables: FrequencyTables, indices: Uint16Array, values: Int32Array) {
      // A tile begins with one decision after the other; a pass begins with the
      // superblocks without values.
      if (tables === loaded.model.splits) next = 0;
      else if (!afterMarks) next = Math.min(next + 1, parts.length - 1);
      afterMarks = tables === EXTENT_TABLES || tables === EMPTY_TABLES;
      const part = parts[next]!;
      part.encoder.push(tables, indices, values);
      if (afterMarks) return;
      part.values += values.length;
      part.zeros += values.filter((value) => value === 0).length;
    },
  };
  const options = { quality, coarseness: DEFAULT_COARSENESS };
  await visitValues(
    loaded,
    photo,
    { ...options, rateWeight: RATE_WEIGHT },
    coder,
  );
  return parts.map(({ encoder, networks, ...part }) => ({
    ...part,
    bytes: encoder.finish().length,
    multiplications: multiplicationsOf(loaded.model, networks),
  }));
}

/**
 * The cells of 8x8 pixels in which a layer computes one number of each channel;
 * of other layers 1.
 */
const CELLS: readonly (readonly [RegExp, cells: number])[] = [
  [/^(hyper_prior|thumbnail|hyper_synthesis\/[01]$)/, 16],
  [/^hyper_synthesis/, 4],
  [/^detail/, 1 / 4],
];

/** Multiplications of networks for each pixel of the high image. */
function multiplicationsOf(
  { integer, real }: CodecModel,
  networks: RegExp,
): number {
  const sizes = [
    ...Array.from(
      integer,
      ([name, { filters }]) => [name, filters.length] as const,
    ),
    ...Array.from(
      real,
      ([name, { values }]) =>
        [name.replace("/filters", ""), values.length] as const,
    ),
  ];
  return sizes.reduce((sum, [name, size]) => {
    if (!networks.test(name) || name.endsWith("/bias")) return sum;
    const [, cells] = CELLS.find(([layers]) => layers.test(name)) ?? ["", 1];
    return sum + size / cells / 64;
  }, 0);
}

/**
 * Counts what decoding one file multiplies.
 *
 * @param loaded The model.
 * @param parts From {@linkcode fileLayout}.
 * @returns One row for each image: the multiplications that predict its values,
 * and those that draw it.
 */
export function workTable(
  { model }: LoadedModel,
  parts: readonly FilePart[],
): Table {
  const predicted = (layers: readonly number[]) =>
    parts.filter(({ layer }) => layers.includes(layer))
      .reduce((sum, { multiplications }) => sum + multiplications, 0);
  const rows = [
    ["Thumbnail", predicted([0]), /^thumbnail$/],
    ["Medium image", predicted([0, 1]), /^medium/],
    ["High image", predicted([0, 1, 2]), /^(high|detail)/],
  ] as const;
  return {
    caption: "Multiplications for each pixel of the high image",
    columns: [
      { title: "" },
      { title: "Predicting values", digits: 0 },
      { title: "Drawing", digits: 0 },
    ],
    rows: rows.map(([name, predicted, drawing]) => [
      ...[name, predicted, multiplicationsOf(model, drawing)],
    ]),
  };
}

/** Matches no network. */
const NONE = /^$/;

interface PartName extends Pick<FilePart, "name" | "layer"> {
  /** What predicts its values. */
  readonly networks: RegExp;
}

function partNames(): PartName[] {
  const which: Readonly<Record<Parity, string>> = {
    all: "",
    even: ", every other cell",
    odd: ", the cells between",
  };
  const channels = ({ first, size }: ChannelGroup) =>
    `Channels ${first + 1} to ${first + size}`;
  const groups = (layer: 1 | 2) =>
    CHANNEL_GROUPS.filter((group) => group.layer === layer)
      .flatMap((group) =>
        group.passes.map((cells) => ({
          name: `${channels(group)}${which[cells]}`,
          layer,
          networks: group.index === 0 && cells === "even"
            ? /^(hyper_synthesis|group\/0)\//
            : new RegExp(`^group/${group.index}/`),
        }))
      );
  const refined = CHANNEL_GROUPS.filter(({ layer, index }) =>
    layer === 1 && COARSENESS[DEFAULT_COARSENESS]![index]! > 1
  );
  return [
    { name: "Sizes of blocks", layer: 0, networks: NONE },
    ...(["even", "odd"] as const).map((cells) => ({
      name: `Hyper-latent${which[cells]}`,
      layer: 0 as const,
      networks: /^hyper_prior/,
    })),
    ...groups(1),
    ...refined.map((group) => ({
      name: `${channels(group)}, refined`,
      layer: 2 as const,
      networks: NONE,
    })),
    ...groups(2),
    { name: "Blocks without correction", layer: 1, networks: NONE },
  ];
}

/**
 * Encodes a photo with each coarseness of the medium layer, `--medium-quality`
 * of `deno task encode`, and measures prefixes and qualities.
 *
 * @param loaded The model.
 * @param photo The photo at both sizes.
 * @param quality 1..100.
 * @returns One row per coarseness.
 */
export async function mediumQualityTable(
  loaded: LoadedModel,
  { full, half }: MeasuredPhoto,
  quality: number,
): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [coarseness, name] of MEDIUM_QUALITIES.entries()) {
    const file = await encodeImage(loaded, full, { quality, coarseness });
    const { mediumBytes, fileBytes } = parseHeader(file);
    const { medium, high } = await decodeImage(loaded, file, { size: "both" });
    rows.push([
      ...[name, fileBytes, mediumBytes, 100 * mediumBytes / fileBytes],
      psnr(medium!.data, half.data),
      psnr(high!.data, full.data),
    ]);
  }
  return {
    caption: `One photo at quality ${quality}, by --medium-quality`,
    columns: [
      { title: "" },
      { title: "File (bytes)", digits: 0 },
      { title: "Prefix (bytes)", digits: 0 },
      { title: "Share (%)", digits: 0 },
      { title: "Medium (dB)", digits: 2 },
      { title: "High (dB)", digits: 2 },
    ],
    rows,
  };
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
      { title: "Coded values", digits: 0 },
      { title: "Zeros (%)", digits: 1 },
      { title: "Bytes", digits: 0 },
      { title: "Bits per value", digits: 3 },
      { title: "Multiplications per pixel", digits: 0 },
    ],
    rows: parts.map(({ name, layer, values, zeros, bytes, ...part }) => [
      ...[name, layer, values, 100 * zeros / Math.max(1, values), bytes],
      ...[8 * bytes / Math.max(1, values), part.multiplications],
    ]),
  };
}

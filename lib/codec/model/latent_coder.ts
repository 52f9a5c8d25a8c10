/**
 * Latents to values of the entropy coder and back. The encoder and the decoder
 * share this code, so that they cannot disagree.
 *
 *     start     sizes of blocks ▶ hyper-latent ▶ features
 *     layer 1   groups 0 to 2, coarse
 *     layer 2   refinements of groups 0 to 2 ▶ groups 3 and 4
 *
 * Every number on the way is whole; see `integer_layer.ts` and `log_steps.ts`.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { concat, tensor4d, tidy } from "@tensorflow/tfjs";
import { powerOf } from "@/codec/entropy/log_steps.ts";
import { HYPER_BLOCKS, type Tile } from "@/codec/format/tiles.ts";
import {
  CHANNEL_GROUPS,
  type ChannelGroup,
  ChannelGroups,
  type CodingPass,
} from "./channel_groups.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "./colour_dct.ts";
import { integerLayer, MAX_INPUT } from "./integer_layer.ts";
import {
  clip,
  LATENT_UNIT,
  MAX_LATENT,
  MEAN_UNIT,
  STEP_PARTS,
  tableOf,
  type ValueCoder,
} from "./latent_units.ts";
import { hyperSynthesise, type Layer, predictHyper } from "./networks.ts";
import type { Pauses } from "./pauses.ts";
import { CELL_PLANES } from "./block_sizes.ts";
import {
  kindUnits,
  type LatentUnits,
  type LoadedModel,
} from "./codec_model.ts";
import { COARSE_OFFSET, COARSENESS } from "./nested_quantiser.ts";
import {
  coarsen,
  type NestedTables,
  refinementOf,
  refinementTable,
  refineValue,
} from "@/codec/entropy/nested_tables.ts";
import { PRIOR_INPUTS } from "./codec_settings.ts";
import { codeHyper, PLANE_UNIT, priorInputs } from "./hyper_coder.ts";
import { SizeMap, SPLIT_CONTEXTS } from "./size_map.ts";

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param difference The latent minus its mean, in steps.
 * @param table The table of the value.
 * @returns A whole number.
 */
export type ValueChooser = (
  difference: number,
  table: number,
) => number;

/** What the encoder wants to code. */
export interface WantedLatents {
  /** The place of each cell's block in `BLOCK_CELLS`, `[rows, columns]`. */
  readonly sizes: ArrayLike<number>;
  /** The hyper-latent, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: ArrayLike<number>;
  /** The coefficients in grey levels, `[rows, columns, 192]`. */
  readonly coefficients: ArrayLike<number>;
  /** How values are chosen. */
  readonly choose: ValueChooser;
}

/** Options of {@linkcode LatentCoder}. */
export interface LatentCoderOptions {
  /** The tile; rows and columns are multiples of 8. */
  readonly tile: Tile;
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** Layers that are coded: 0 codes the start only. */
  readonly layers: 0 | 1 | 2;
  /** What to encode; without it values are decoded. */
  readonly wanted?: WantedLatents;
  /** Made before each pass over a group of channels. */
  readonly pauses?: Pauses;
}

/** What the second layer needs of the first one. */
interface FirstLayer {
  /** Means in 1/16 of a step, `[cells, 48]`. */
  readonly means: Int32Array;
  /** Tables of fine values, `[cells, 48]`. */
  readonly tables: Uint16Array;
  /** Coarse values, `[cells, 48]`. */
  readonly coarse: Int32Array;
  /** Fine values when encoding, `[cells, 48]`. */
  readonly fine: Int32Array;
}

/** The latents of a tile while they are coded. */
export class LatentCoder {
  readonly #loaded: LoadedModel;
  readonly #options: LatentCoderOptions;
  readonly #layer: Layer;
  readonly #units: LatentUnits;
  readonly #first: FirstLayer | undefined;
  #groups: ChannelGroups | undefined;
  #map: SizeMap | undefined;
  #hyper: Float32Array | undefined;
  /** Latents that are known, in 1/16 of a step, `[rows, columns, channels]`. */
  readonly latents: Int16Array<ArrayBuffer>;
  /** The number of channels of {@linkcode latents}: 48 or 192. */
  readonly channels: number;

  /**
   * Starts with no latent known.
   *
   * @param loaded The model.
   * @param options What is coded.
   */
  constructor(loaded: LoadedModel, options: LatentCoderOptions) {
    const { tile, quality, layers } = options;
    this.#loaded = loaded;
    this.#options = options;
    this.#layer = integerLayer((name) => loaded.integer(name));
    this.#units = kindUnits(loaded.model, quality);
    const cells = tile.rows * tile.columns;
    this.channels = layers === 2 ? CHANNELS : MEDIUM_CHANNELS;
    this.latents = new Int16Array(layers === 0 ? 0 : cells * this.channels);
    if (layers < 2) return;
    const length = cells * MEDIUM_CHANNELS;
    this.#first = {
      means: new Int32Array(length),
      tables: new Uint16Array(length),
      coarse: new Int32Array(length),
      fine: new Int32Array(length),
    };
  }

  /** The sizes of blocks, once {@linkcode start} has coded them. */
  get map(): SizeMap {
    return this.#map!;
  }

  /**
   * The hyper-latent as networks see it, `[rows / 4, columns / 4, Z]`, once
   * {@linkcode start} has coded it.
   */
  get hyper(): Float32Array {
    return this.#hyper!;
  }

  /**
   * Codes the sizes of blocks and the hyper-latent.
   *
   * @param coder Consumes or produces their values.
   */
  async start(coder: ValueCoder): Promise<void> {
    const { model } = this.#loaded;
    const { tile, quality, coarseness, wanted, layers } = this.#options;
    const anchors = model.splits.count / SPLIT_CONTEXTS;
    const anchor = Math.round((quality - 1) / 99 * (anchors - 1));
    const map = new SizeMap(
      tile,
      coder,
      model.splits,
      anchor * SPLIT_CONTEXTS,
      wanted?.sizes,
    );
    this.#map = map;
    const rows = tile.rows / HYPER_BLOCKS;
    const columns = tile.columns / HYPER_BLOCKS;
    const inputs = priorInputs(map, quality, coarseness);
    const prior = tensor4d(inputs, [1, rows, columns, PRIOR_INPUTS]);
    const predicted = tidy(() => predictHyper(prior, this.#layer));
    this.#hyper = codeHyper(await predicted.data(), tile, coder, {
      tables: model.tables,
      wanted: wanted?.hyper,
    });
    if (layers > 0) {
      const planes = map.planes(PLANE_UNIT);
      const features = tidy(() => {
        const channels = this.#hyper!.length / (rows * columns);
        const hyper = tensor4d(this.#hyper!, [1, rows, columns, channels]);
        const { rows: h, columns: w } = tile;
        return concat([
          hyperSynthesise(hyper, prior, this.#layer),
          tensor4d(planes, [1, h, w, CELL_PLANES]),
        ], 3) as Tensor4D;
      });
      this.#groups = new ChannelGroups(features, this.#layer);
    }
    prior.dispose();
    predicted.dispose();
  }

  /**
   * Codes a layer, after the start and the layers before it.
   *
   * @param layer The layer.
   * @param coder Consumes or produces its values.
   */
  async code(layer: ChannelGroup["layer"], coder: ValueCoder): Promise<void> {
    if (layer === 2) {
      const inputs = CHANNEL_GROUPS.filter((group) => group.layer === 1)
        .map((group) => this.#refine(group, coder));
      this.#groups!.refine(inputs);
    }
    await this.#groups!.code(layer, async (pass) => {
      await this.#options.pauses?.pause();
      this.#codePass(pass, coder);
      await this.#options.pauses?.pause();
    });
  }

  /** Frees the tensors that were kept. */
  dispose(): void {
    this.#groups?.dispose();
  }

  /** Fine cells in a coarse one. */
  #cellsOf({ layer, index }: ChannelGroup): number {
    return layer === 1 ? COARSENESS[this.#options.coarseness]![index]! : 1;
  }

  #codePass(
    { group, parity, predicted, inputs }: CodingPass,
    coder: ValueCoder,
  ) {
    const { tables } = this.#loaded.model;
    const { wanted } = this.#options;
    const { first, size } = group;
    const { kinds, coded } = this.map;
    const { logSteps, greyLevels } = this.#units;
    const { meanUnits, inputUnits } = this.#groupUnits(group);
    const cells = this.#cellsOf(group);
    const nested = this.#loaded.nested.get(cells);
    const places = this.#places(parity);
    const means = new Int32Array(places.length * size);
    const indices = new Uint16Array(means.length);
    const fine = new Int32Array(means.length);
    const values = new Int32Array(means.length);
    let codedValues = 0;
    for (let i = 0, at = 0; i < places.length; i++) {
      const cell = places[i]!;
      const unit = kinds[cell]! * CHANNELS + first;
      const from = cell * 2 * size;
      for (let c = 0; c < size; c++, at++) {
        const mean = Math.floor(
          predicted[from + c]! * meanUnits[kinds[cell]! * size + c]! + 0.5,
        );
        means[at] = mean;
        if (coded[cell] === 0) continue;
        const table = tableOf(
          predicted[from + size + c]! + logSteps[unit + c]!,
        );
        indices[at] = table;
        codedValues++;
        if (wanted === undefined) continue;
        const latent = wanted.coefficients[cell * CHANNELS + first + c]! /
          greyLevels;
        fine[at] = wanted.choose(latent - mean / STEP_PARTS, table);
        values[at] = coarsen(fine[at]!, cells);
      }
    }
    // Cells that are not coded come last, so that their values stay 0.
    coder.code(
      nested?.coarse ?? tables,
      indices.subarray(0, codedValues),
      values.subarray(0, codedValues),
    );
    for (let i = 0, at = 0; i < places.length; i++) {
      const cell = places[i]!;
      const kind = kinds[cell]! * size;
      for (let c = 0; c < size; c++, at++) {
        const place = cell * MEDIUM_CHANNELS + first + c;
        if (this.#first !== undefined && group.layer === 1) {
          this.#first.means[place] = means[at]!;
          this.#first.tables[place] = indices[at]!;
          this.#first.coarse[place] = values[at]!;
          this.#first.fine[place] = fine[at]!;
        }
        const latent = clip(
          means[at]! + coarsePoint(values[at]!, cells),
          MAX_LATENT,
        );
        this.latents[cell * this.channels + first + c] = latent;
        const input = Math.floor(latent * inputUnits[kind + c]! + 0.5);
        inputs[cell * size + c] = clip(input, MAX_INPUT);
      }
    }
  }

  /** Refines a group; returns what the second layer is predicted from. */
  #refine(group: ChannelGroup, coder: ValueCoder): Float32Array {
    const { first, size } = group;
    const { means, tables, coarse, fine } = this.#first!;
    const { kinds } = this.map;
    const { inputUnits } = this.#groupUnits(group);
    const cells = this.#cellsOf(group);
    const nested: NestedTables | undefined = this.#loaded.nested.get(cells);
    const places = this.#places("all");
    const count = places.filter((cell) => this.map.coded[cell] === 1).length;
    const indices = new Uint16Array(count * size);
    const values = new Int32Array(count * size);
    const each = (visit: (place: number, at: number) => void) => {
      for (let i = 0, at = 0; i < count; i++) {
        const place = places[i]! * MEDIUM_CHANNELS + first;
        for (let c = 0; c < size; c++, at++) visit(place + c, at);
      }
    };
    if (nested !== undefined) {
      each((place, at) => {
        indices[at] = refinementTable(tables[place]!, coarse[place]!);
        values[at] = refinementOf(fine[place]!, cells);
      });
      coder.code(nested.refinement, indices, values);
      each((place, at) => {
        coarse[place] = refineValue(coarse[place]!, values[at]!, cells);
      });
    }
    const inputs = new Float32Array(kinds.length * size);
    for (const cell of places) {
      for (let c = 0; c < size; c++) {
        const place = cell * MEDIUM_CHANNELS + first + c;
        const latent = clip(
          STEP_PARTS * coarse[place]! + means[place]!,
          MAX_LATENT,
        );
        this.latents[cell * CHANNELS + first + c] = latent;
        const unit = inputUnits[kinds[cell]! * size + c]!;
        const input = Math.floor(latent * unit + 0.5);
        inputs[cell * size + c] = clip(input, MAX_INPUT);
      }
    }
    return inputs;
  }

  /** Of a group, by kind of cell and channel, `[7, size]`. */
  #groupUnits({ first, size }: ChannelGroup) {
    const kinds = this.#units.logSteps.length / CHANNELS;
    const per = (unit: (log: number) => number) =>
      Float64Array.from({ length: kinds * size }, (_, i) => {
        const kind = Math.floor(i / size) * CHANNELS;
        return unit(this.#units.logSteps[kind + first + i % size]!);
      });
    return {
      meanUnits: per((log) => powerOf(log) * STEP_PARTS / MEAN_UNIT),
      inputUnits: per((log) => powerOf(-log) * LATENT_UNIT / STEP_PARTS),
    };
  }

  /** The cells of a pass: first those that are coded, row by row. */
  #places(parity: CodingPass["parity"]): number[] {
    const { columns, coded } = this.map;
    const first: number[] = [], others: number[] = [];
    for (let cell = 0; cell < coded.length; cell++) {
      const isOdd = (Math.floor(cell / columns) + cell % columns) % 2 === 1;
      if (parity !== "all" && isOdd !== (parity === "odd")) continue;
      (coded[cell] === 1 ? first : others).push(cell);
    }
    return first.concat(others);
  }
}

/** Where a coarse value lies, in 1/16 of a step. */
function coarsePoint(value: number, cells: number): number {
  const middle = Math.sign(value) * COARSE_OFFSET * (cells - 1);
  return STEP_PARTS * value * cells + middle;
}

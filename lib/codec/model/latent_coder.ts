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
import { concat, dispose, tensor4d, tidy } from "@tensorflow/tfjs";
import { HYPER_BLOCKS, SUPERBLOCK } from "@/codec/format/tiles.ts";
import {
  BeforeCoder,
  planesOf,
  type SaidBefore,
  type TileState,
} from "./before_coder.ts";
import {
  CHANNEL_GROUPS,
  type ChannelGroup,
  ChannelGroups,
  type CodingPass,
} from "./channel_groups.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { integerLayer, MAX_INPUT } from "./integer_layer.ts";
import {
  clip,
  MAX_LATENT,
  STEP_PARTS,
  type ValueCoder,
} from "./latent_units.ts";
import {
  hyperSynthesise,
  type Layer,
  predictHyper,
  summariseBefore,
} from "./networks.ts";
import type { LatentCoderOptions } from "./coder_options.ts";
import {
  blankValues,
  eachValue,
  groupUnits,
  type GroupValues,
  mediumLatents,
  placesOf,
  pointOf,
  superblockOf,
} from "./group_places.ts";
import {
  chooseValues,
  codeEmpty,
  findMeans,
  findTables,
} from "./pass_values.ts";
import { CELL_PLANES } from "@/codec/transform/block_sizes.ts";
import {
  kindUnits,
  type LatentUnits,
  type LoadedModel,
} from "./codec_model.ts";
import { COARSENESS } from "./nested_quantiser.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { GAUSSIAN_SCALES } from "@/codec/entropy/gaussian_tables.ts";
import {
  coarsen,
  pathRefinementOf,
  refinementOf,
  refinementTable,
  refineMultiple,
  refineValue,
  saidTable,
} from "@/codec/entropy/nested_tables.ts";
import {
  FINE_STEP,
  MAX_PATH_VALUE,
  multipleOf,
  nextState,
  TRELLIS_SCALE,
  trellisTable,
  valueOf,
} from "@/codec/entropy/trellis.ts";
import { PRIOR_INPUTS } from "./codec_settings.ts";
import { codeHyper, PLANE_UNIT, priorInputs } from "./hyper_coder.ts";
import { SizeMap, SPLIT_CONTEXTS } from "./size_map.ts";

/** How the values of cells are coded, by their places in a group. */
interface CellCoding {
  /** The table of a value, once those before it are taken. */
  tableOf(place: number): number;
  /** The value to encode. */
  valueOf(place: number): number;
  /** Takes a value that is known. */
  take(place: number, value: number): void;
}

/** Takes a fine value, or the multiple of one that follows the trellis. */
function takeFine(
  all: GroupValues,
  place: number,
  fine: number,
  isPath: boolean,
): void {
  all.points[place] = fine * (isPath ? FINE_STEP : STEP_PARTS);
  if (isPath) all.state = nextState(all.state, valueOf(fine));
}

/** The latents of a tile while they are coded. */
export class LatentCoder {
  readonly #loaded: LoadedModel;
  readonly #options: LatentCoderOptions;
  /** The model whose networks predict. */
  readonly #predictor: LoadedModel;
  readonly #layer: Layer;
  readonly #units: LatentUnits;
  /** Of the first layer's groups, which the second layer refines. */
  readonly #first: GroupValues[] = [];
  #groups: ChannelGroups | undefined;
  #before: BeforeCoder | undefined;
  #said: SaidBefore | undefined;
  #medium: Int16Array<ArrayBuffer> | undefined;
  /** The sizes of blocks, once {@linkcode start} has coded them. */
  map!: SizeMap;
  /**
   * The hyper-latent as networks see it, `[rows / 4, columns / 4, Z]`, once
   * {@linkcode start} has coded it.
   */
  hyper!: Float32Array;
  /** When encoding with a rate: bits of values by superblock. */
  readonly spent: Float64Array<ArrayBuffer>;
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
    const { tile, quality, layers, before } = options;
    this.#loaded = loaded;
    this.#options = options;
    this.#predictor = before?.planes === undefined ? loaded : loaded.clip!;
    this.#layer = integerLayer((name) => this.#predictor.integer(name));
    this.#units = kindUnits(loaded.model, quality);
    const cells = tile.rows * tile.columns;
    this.spent = new Float64Array(cells / SUPERBLOCK ** 2);
    this.channels = layers === 2 ? CHANNELS : MEDIUM_CHANNELS;
    this.latents = new Int16Array(layers === 0 ? 0 : cells * this.channels);
  }

  /**
   * Codes the sizes of blocks and the hyper-latent.
   *
   * @param coder Consumes or produces their values.
   */
  async start(coder: ValueCoder): Promise<void> {
    const { model } = this.#predictor;
    const { tile, quality, coarseness, wanted, layers } = this.#options;
    const state = this.#options.before;
    const before = state &&
      new BeforeCoder(tile, coder, state, wanted?.before);
    this.#before = before;
    const hasTables = state?.planes !== undefined;
    const contexts = (hasTables ? 2 : 1) * SPLIT_CONTEXTS;
    const anchors = model.splits.count / contexts;
    const anchor = Math.round((quality - 1) / 99 * (anchors - 1));
    const map = new SizeMap(tile, coder, {
      tables: model.splits,
      firstTable: anchor * contexts,
      wanted: wanted?.sizes,
      before: before && { map: state.map, copied: before.copied, hasTables },
    });
    this.map = map;
    if (hasTables) {
      this.#said = before!.say(map, layers === 2, {
        logStep: this.#loaded.model.logSteps[quality - 1]!,
        logSteps: this.#units.logSteps,
      });
    }
    const rows = tile.rows / HYPER_BLOCKS;
    const columns = tile.columns / HYPER_BLOCKS;
    const prior = tensor4d(
      priorInputs(map, quality, coarseness),
      [1, rows, columns, PRIOR_INPUTS],
    );
    const channels = model.settings.hyperChannels;
    const cells: Tensor4D["shape"] = [1, rows, columns, channels];
    const said = this.#said?.tensors.first;
    const summary = said
      ? [tidy(() => summariseBefore(said, this.#layer))]
      : [];
    const predict = async (known: Float32Array) => {
      const predicted = tidy(() =>
        predictHyper(
          concat([prior, tensor4d(known, cells), ...summary], 3),
          this.#layer,
        )
      );
      const values = await predicted.data();
      predicted.dispose();
      return values;
    };
    this.hyper = await codeHyper(predict, tile, coder, {
      ...{ tables: model.tables, channels, wanted: wanted?.hyper },
      kept: before && {
        copiedCells: before.copiedCells,
        hyper: state.hyper,
      },
    });
    if (layers > 0) {
      const planes = map.planes(PLANE_UNIT);
      const features = tidy(() => {
        const hyper = tensor4d(this.hyper, cells);
        return concat([
          hyperSynthesise(hyper, prior, this.#layer),
          tensor4d(planes, [1, tile.rows, tile.columns, CELL_PLANES]),
        ], 3) as Tensor4D;
      });
      this.#groups = new ChannelGroups(
        features,
        this.#layer,
        this.#said?.tensors,
      );
    }
    dispose([prior, ...summary]);
  }

  /**
   * Codes a layer, after the start and the layers before it.
   *
   * @param layer The layer.
   * @param coder Consumes or produces its values.
   */
  async code(layer: ChannelGroup["layer"], coder: ValueCoder): Promise<void> {
    if (layer === 2) {
      this.#medium = mediumLatents(this.latents);
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

  /**
   * What the next frame needs of this one, once all layers are coded.
   *
   * @param plain 1 for superblocks that are not corrected, row by row.
   * @param isSeen Whether the next frame is predicted from it.
   * @returns The state of the tile.
   */
  state(plain: Uint8Array, isSeen: boolean): TileState {
    const { latents, map, hyper, channels, copied } = this;
    const { quality, before } = this.#options;
    const frame = {
      ...{ map, hyper, plain },
      medium: this.#medium ?? latents,
      ...channels === CHANNELS && { high: latents },
    };
    if (!isSeen) return frame;
    const logStep = this.#loaded.model.logSteps[quality - 1]!;
    const planes = before?.planes &&
      { copied: copied!, planes: before.planes };
    return { ...frame, planes: planesOf(frame, logStep, planes) };
  }

  /** Superblocks that are copied; none without a frame before. */
  get copied(): Uint8Array | undefined {
    return this.#before?.copied;
  }

  /** Frees the tensors that were kept. */
  dispose(): void {
    this.#groups?.dispose();
    if (this.#said !== undefined) dispose({ ...this.#said.tensors });
  }

  /** Fine cells in a coarse one. */
  #cellsOf({ layer, index }: ChannelGroup): number {
    return layer === 1 ? COARSENESS[this.#options.coarseness]![index]! : 1;
  }

  #codePass(pass: CodingPass, coder: ValueCoder) {
    const { group, parity, inputs } = pass;
    const { first, size, layer } = group;
    const { map, latents, channels } = this;
    const { kinds } = map;
    const { tile, wanted } = this.#options;
    const cells = this.#cellsOf(group);
    const nested = this.#predictor.nested(cells);
    const later = this.#said?.second;
    const all = layer === 1
      ? this.#first[group.index] ??= blankValues(inputs.length)
      : blankValues(inputs.length);
    const places = placesOf(map, parity);
    const source = { ...pass, places, kinds, units: this.#units };
    findMeans(source, layer === 1 ? this.#said?.first : later, all);
    let coded = places.filter((cell) => map.coded[cell] === 1);
    const wantedEmpty = wanted && chooseValues({ ...source, places: coded }, {
      ...{ all, wanted, map, spent: this.spent },
      told: nested && later &&
        ((place, mean) => ({ nested, cells, offset: later[place]! - mean })),
    });
    const empty = codeEmpty(tile, coder, this.copied, wantedEmpty);
    coded = coded.filter((cell) => empty[superblockOf(map, cell)] === 0);
    if (wanted === undefined) findTables({ ...source, places: coded }, all);
    else this.#choosePath(group, coded, all);
    for (const cell of coded) all.coded.push(cell);
    const { means, tables: scales, points, fine } = all;
    const follows = this.#follows(all);
    const { tables } = this.#predictor.model;
    this.#codeCells(coder, nested?.coarse ?? tables, coded, size, {
      tableOf: (place) =>
        follows(place)
          ? trellisTable(scales[place]!, nested ? 0 : all.state)
          : scales[place]!,
      valueOf: (place) => {
        const value = fine[place]!;
        return nested === undefined && follows(place)
          ? valueOf(value)
          : coarsen(value, cells);
      },
      take: (place, found) => {
        const isPath = follows(place);
        const value = isPath ? clip(found, MAX_PATH_VALUE) : found;
        if (nested === undefined) {
          const fine = isPath ? multipleOf(value, all.state) : value;
          takeFine(all, place, fine, isPath);
        } else {
          all.coarse[place] = value;
          points[place] = pointOf(value, cells, isPath);
        }
      },
    });
    const { inputUnits } = groupUnits(this.#units, group);
    for (const cell of places) {
      const copied = this.#before?.copiedLatents(cell, layer === 2);
      const kind = kinds[cell]! * size;
      const place = cell * channels + first;
      for (let c = 0, from = cell * size; c < size; c++, from++) {
        const latent = copied === undefined
          ? clip(means[from]! + points[from]!, MAX_LATENT)
          : copied[first + c]!;
        latents[place + c] = latent;
        const input = Math.floor(latent * inputUnits[kind + c]! + 0.5);
        inputs[from] = clip(input, MAX_INPUT);
      }
    }
  }

  /** Whether values follow the trellis, by their place. */
  #follows({ tables }: GroupValues): (place: number) => boolean {
    const first = this.#predictor.model.tables.count > GAUSSIAN_SCALES
      ? TRELLIS_SCALE
      : GAUSSIAN_SCALES;
    return (place) => tables[place]! >= first;
  }

  /** Replaces fine values that follow the trellis by multiples on a path. */
  #choosePath(
    group: ChannelGroup,
    coded: readonly number[],
    all: GroupValues,
  ): void {
    const { coefficients, path } = this.#options.wanted!;
    const { greyLevels } = this.#units;
    const follows = this.#follows(all);
    const places: number[] = [];
    const differences: number[] = [];
    eachValue(coded, group.size, (place, _, cell, c) => {
      if (!follows(place)) return;
      const wanted = coefficients[cell * CHANNELS + group.first + c]!;
      places.push(place);
      differences.push(wanted / greyLevels - all.means[place]! / STEP_PARTS);
    });
    const cells = this.#cellsOf(group);
    const found = path({
      ...{ differences, cells, nested: this.#predictor.nested(cells) },
      scales: places.map((place) => all.tables[place]!),
      state: all.chosenState,
    });
    places.forEach((place, i) => all.fine[place] = found.multiples[i]!);
    all.chosenState = found.state;
  }

  /** Codes values in an order in which each may depend on those before it. */
  #codeCells(
    coder: ValueCoder,
    tables: FrequencyTables,
    cells: readonly number[],
    size: number,
    { tableOf, valueOf, take }: CellCoding,
  ): void {
    const places = new Int32Array(cells.length * size);
    eachValue(cells, size, (place, at) => places[at] = place);
    const indices = new Uint16Array(places.length);
    const values = new Int32Array(places.length);
    const takeAt = (at: number) => take(places[at]!, values[at]!);
    if (this.#options.wanted !== undefined) {
      places.forEach((place, at) => {
        indices[at] = tableOf(place);
        values[at] = valueOf(place);
        takeAt(at);
      });
      coder.code(tables, indices, values);
    } else if (places.length > 0) {
      coder.code(tables, indices, values, (at) => {
        if (at > 0) takeAt(at - 1);
        return tableOf(places[at]!);
      });
      takeAt(places.length - 1);
    }
  }

  /** Refines a group; returns what the second layer is predicted from. */
  #refine(group: ChannelGroup, coder: ValueCoder): Float32Array {
    const { first, size } = group;
    const all = this.#first[group.index]!;
    const { means, tables: scales, coarse, fine, points } = all;
    const { kinds } = this.map;
    const cells = this.#cellsOf(group);
    const nested = this.#predictor.nested(cells);
    const said = this.#said?.second;
    if (nested !== undefined) {
      const follows = this.#follows(all);
      const tables = said === undefined ? nested.refinement : nested.said;
      this.#codeCells(coder, tables, all.coded, size, {
        tableOf: (place) => {
          const scale = scales[place]!, value = coarse[place]!;
          if (said === undefined) {
            return refinementTable(
              follows(place) ? trellisTable(scale, all.state) : scale,
              value,
            );
          }
          const high = Math.floor(place / size) * CHANNELS + first +
            place % size;
          return saidTable(scale, value, said[high]! - means[place]!);
        },
        valueOf: (place) =>
          follows(place)
            ? pathRefinementOf(fine[place]!, cells)
            : refinementOf(fine[place]!, cells),
        take: (place, value) => {
          const isPath = follows(place);
          const found = isPath
            ? refineMultiple(coarse[place]!, value, cells, all.state)
            : refineValue(coarse[place]!, value, cells);
          takeFine(all, place, found, isPath);
        },
      });
    }
    const { inputUnits } = groupUnits(this.#units, group);
    const inputs = new Float32Array(means.length);
    for (let cell = 0, place = 0; cell < kinds.length; cell++) {
      const copied = this.#before?.copiedLatents(cell, true);
      for (let c = 0; c < size; c++, place++) {
        const latent = copied?.[first + c] ??
          clip(points[place]! + means[place]!, MAX_LATENT);
        this.latents[cell * CHANNELS + first + c] = latent;
        const unit = inputUnits[kinds[cell]! * size + c]!;
        inputs[place] = clip(Math.floor(latent * unit + 0.5), MAX_INPUT);
      }
    }
    return inputs;
  }
}

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
  SHARE_UNIT,
  STEP_PARTS,
  tableOf,
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
  type FirstLayer,
  groupUnits,
  highPlace,
  mediumLatents,
  placesOf,
  pointOf,
  superblockOf,
} from "./group_places.ts";
import { CELL_PLANES } from "@/codec/transform/block_sizes.ts";
import {
  kindUnits,
  type LatentUnits,
  type LoadedModel,
} from "./codec_model.ts";
import { COARSENESS } from "./nested_quantiser.ts";
import {
  coarsen,
  refinementOf,
  refinementTable,
  refineValue,
  saidTable,
} from "@/codec/entropy/nested_tables.ts";
import { PRIOR_INPUTS } from "./codec_settings.ts";
import { codeHyper, PLANE_UNIT, priorInputs } from "./hyper_coder.ts";
import { SizeMap, SPLIT_CONTEXTS } from "./size_map.ts";

/** The latents of a tile while they are coded. */
export class LatentCoder {
  readonly #loaded: LoadedModel;
  readonly #options: LatentCoderOptions;
  /** The model whose networks predict. */
  readonly #predictor: LoadedModel;
  readonly #layer: Layer;
  readonly #units: LatentUnits;
  readonly #first: FirstLayer | undefined;
  #groups: ChannelGroups | undefined;
  #map: SizeMap | undefined;
  #hyper: Float32Array | undefined;
  #before: BeforeCoder | undefined;
  #said: SaidBefore | undefined;
  #medium: Int16Array<ArrayBuffer> | undefined;
  /** When encoding with known bits: those of latents by superblock. */
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
    this.#map = map;
    if (hasTables) {
      this.#said = before!.say(map, layers === 2, {
        logStep: this.#loaded.model.logSteps[quality - 1]!,
        logSteps: this.#units.logSteps,
      });
    }
    const rows = tile.rows / HYPER_BLOCKS;
    const columns = tile.columns / HYPER_BLOCKS;
    const inputs = priorInputs(map, quality, coarseness);
    const prior = tensor4d(inputs, [1, rows, columns, PRIOR_INPUTS]);
    const channels = model.settings.hyperChannels;
    const cells = [1, rows, columns, channels] as const;
    const predict = async (known: Float32Array) => {
      const predicted = tidy(() =>
        predictHyper(
          concat([
            prior,
            tensor4d(known, [...cells]),
            ...this.#said === undefined
              ? []
              : [summariseBefore(this.#said.tensors.first, this.#layer)],
          ], 3),
          this.#layer,
        )
      );
      const values = await predicted.data();
      predicted.dispose();
      return values;
    };
    this.#hyper = await codeHyper(predict, tile, coder, {
      ...{ tables: model.tables, channels, wanted: wanted?.hyper },
      kept: before && {
        copiedCells: before.copiedCells,
        hyper: state.hyper,
      },
    });
    if (layers > 0) {
      const planes = map.planes(PLANE_UNIT);
      const features = tidy(() => {
        const hyper = tensor4d(this.#hyper!, [...cells]);
        const { rows: h, columns: w } = tile;
        return concat([
          hyperSynthesise(hyper, prior, this.#layer),
          tensor4d(planes, [1, h, w, CELL_PLANES]),
        ], 3) as Tensor4D;
      });
      this.#groups = new ChannelGroups(
        features,
        this.#layer,
        this.#said?.tensors,
      );
    }
    prior.dispose();
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

  #codePass(
    { group, parity, predicted, inputs }: CodingPass,
    coder: ValueCoder,
  ) {
    const { tables } = this.#predictor.model;
    const { wanted } = this.#options;
    const { first, size } = group;
    const said = group.layer === 1 ? this.#said?.first : this.#said?.second;
    const stride = (said === undefined ? 2 : 3) * size;
    const saidChannels = group.layer === 1 ? MEDIUM_CHANNELS : CHANNELS;
    const { map } = this;
    const { kinds, coded } = map;
    const { logSteps, greyLevels } = this.#units;
    const { meanUnits, inputUnits } = groupUnits(this.#units, group);
    const cells = this.#cellsOf(group);
    const nested = this.#predictor.nested.get(cells);
    const later = this.#said?.second;
    const places = placesOf(map, parity);
    const means = new Int32Array(places.length * size);
    const indices = new Uint16Array(means.length);
    const fine = new Int32Array(means.length);
    const values = new Int32Array(means.length);
    let codedValues = 0;
    for (let i = 0, at = 0; i < places.length; i++, at += size) {
      const cell = places[i]!;
      const from = cell * stride;
      const kind = kinds[cell]!;
      for (let c = 0; c < size; c++) {
        let sum = predicted[from + c]! * meanUnits[kind * size + c]!;
        if (said !== undefined) {
          sum += predicted[from + 2 * size + c]! / SHARE_UNIT *
            said[cell * saidChannels + first + c]!;
        }
        means[at + c] = Math.floor(sum + 0.5);
      }
      if (coded[cell] === 0) continue;
      codedValues += size;
      const unit = kind * CHANNELS + first;
      for (let c = 0; c < size; c++) {
        const log = predicted[from + size + c]! + logSteps[unit + c]!;
        indices[at + c] = tableOf(log);
      }
      if (wanted === undefined) continue;
      const superblock = superblockOf(map, cell);
      const place = cell * CHANNELS + first;
      for (let c = 0; c < size; c++) {
        const mean = means[at + c]!;
        const table = indices[at + c]!;
        const latent = wanted.coefficients[place + c]! / greyLevels;
        const told = nested && later &&
          { nested, cells, offset: later[place + c]! - mean };
        const value = wanted.choose(latent - mean / STEP_PARTS, table, told);
        if (wanted.bits !== undefined) {
          this.spent[superblock]! += wanted.bits(table, value, told);
        }
        fine[at + c] = value;
        values[at + c] = coarsen(value, cells);
      }
    }
    // Cells that are not coded come last, so that their values stay 0.
    coder.code(
      nested?.coarse ?? tables,
      indices.subarray(0, codedValues),
      values.subarray(0, codedValues),
    );
    const kept = group.layer === 1 ? this.#first : undefined;
    const { latents, channels } = this;
    for (let i = 0, at = 0; i < places.length; i++, at += size) {
      const cell = places[i]!;
      if (kept !== undefined) {
        const place = cell * MEDIUM_CHANNELS + first;
        for (let c = 0; c < size; c++) {
          kept.means[place + c] = means[at + c]!;
          kept.tables[place + c] = indices[at + c]!;
          kept.coarse[place + c] = values[at + c]!;
          kept.fine[place + c] = fine[at + c]!;
        }
      }
      const copied = this.#before?.copiedLatents(cell, group.layer === 2);
      const kind = kinds[cell]! * size;
      const place = cell * channels + first;
      for (let c = 0; c < size; c++) {
        const value = values[at + c]!;
        const point = value === 0 ? 0 : pointOf(value, cells);
        const latent = copied === undefined
          ? clip(means[at + c]! + point, MAX_LATENT)
          : copied[first + c]!;
        latents[place + c] = latent;
        const input = Math.floor(latent * inputUnits[kind + c]! + 0.5);
        inputs[cell * size + c] = clip(input, MAX_INPUT);
      }
    }
  }

  /** Refines a group; returns what the second layer is predicted from. */
  #refine(group: ChannelGroup, coder: ValueCoder): Float32Array {
    const { first, size } = group;
    const { means, tables, coarse, fine } = this.#first!;
    const { map } = this;
    const { kinds, coded } = map;
    const { inputUnits } = groupUnits(this.#units, group);
    const cells = this.#cellsOf(group);
    const nested = this.#predictor.nested.get(cells);
    const said = this.#said?.second;
    const places = placesOf(map, "all");
    const count = places.filter((cell) => coded[cell] === 1).length;
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
        const [table, value] = [tables[place]!, coarse[place]!];
        indices[at] = said === undefined
          ? refinementTable(table, value)
          : saidTable(table, value, said[highPlace(place)]! - means[place]!);
        values[at] = refinementOf(fine[place]!, cells);
      });
      coder.code(
        said === undefined ? nested.refinement : nested.said,
        indices,
        values,
      );
      each((place, at) => {
        coarse[place] = refineValue(coarse[place]!, values[at]!, cells);
      });
    }
    const inputs = new Float32Array(kinds.length * size);
    for (const cell of places) {
      const copied = this.#before?.copiedLatents(cell, true);
      for (let c = 0; c < size; c++) {
        const place = cell * MEDIUM_CHANNELS + first + c;
        const latent = copied?.[first + c] ?? clip(
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
}

/**
 * Photos to the layers of a file.
 *
 * @module
 */

import { RansEncoder } from "@/codec/entropy/rans.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { BLOCK, cutTiles, type Tile } from "@/codec/format/tiles.ts";
import type { ValueCoder } from "@/codec/model/latent_units.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import type { Pixels } from "@/images/pixels.ts";
import {
  analyseTile,
  type AnalysisOptions,
  cutPixels,
  type TileAnalysis,
} from "./analyse_tile.ts";
import { cheapestValues } from "./choose_value.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import type { WantedLatents } from "@/codec/model/coder_options.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { chooseCopied, findMotion } from "./choose_copied.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { cellsOf } from "@/codec/decode/cell_coefficients.ts";
import { findPlain } from "@/codec/decode/draw_cells.ts";
import { codeMarks, PLAIN_TABLES } from "@/codec/model/size_map.ts";

/** The layers of a file: thumbnail, medium, high. */
export type EncodedLayers = [Uint8Array, Uint8Array, Uint8Array];

/** Options of {@linkcode encodeLayers}. */
export interface EncodeLayersOptions extends AnalysisOptions {
  /**
   * The weight of bits when latents are rounded, relative to training; 0 rounds
   * to the nearest.
   */
  readonly rateWeight: number;
  /** Finds the latents; {@linkcode analyseTile} by default. */
  readonly analyse?: TileAnalysis;
  /** Side of the tiles in pixels; 1024, as in files, by default. */
  readonly tileSide?: number;
  /** The frame before, tile by tile, if the photo is a frame after it. */
  readonly before?: readonly TileState[] | undefined;
  /**
   * What the next frame takes: superblocks, or also what it is predicted from;
   * nothing by default.
   */
  readonly leaves?: "blocks" | "planes";
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Encodes a photo to the layers of a file.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param options How it is encoded.
 * @returns The layers.
 * @throws The signal's reason, once it is aborted.
 */
export async function encodeLayers(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeLayersOptions,
): Promise<EncodedLayers> {
  return (await encodeFrame(loaded, photo, options)).layers;
}

/** A frame that was encoded. */
export interface EncodedFrame {
  /** Its layers. */
  readonly layers: EncodedLayers;
  /** What it leaves to the next frame, tile by tile. */
  readonly left: readonly TileState[];
}

/**
 * Encodes a frame of a clip to layers.
 *
 * @param loaded The model.
 * @param frame The frame.
 * @param options How it is encoded.
 * @returns The layers, and what the next frame needs of it.
 * @throws The signal's reason, once it is aborted.
 */
export async function encodeFrame(
  loaded: LoadedModel,
  frame: Pixels,
  options: EncodeLayersOptions,
): Promise<EncodedFrame> {
  const layers: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  const left: TileState[] = [];
  for (const [i, tile] of tilesOf(frame, options.tileSide).entries()) {
    const encoders = layers.map(() => new TileEncoder());
    const before = options.before?.[i];
    left.push(
      await encodeTile(loaded, frame, tile, { ...options, before }, encoders),
    );
    layers.forEach((streams, i) => streams.push(encoders[i]!.finish()));
  }
  return { layers: layers.map(joinStreams) as EncodedLayers, left };
}

/**
 * Passes all values of a photo to a coder, in the order of the bitstream, for
 * statistics.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param options How it is encoded.
 * @param coder Is given the values of all layers, tile by tile.
 */
export async function visitValues(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeLayersOptions,
  coder: ValueCoder,
): Promise<void> {
  for (const [i, tile] of tilesOf(photo, options.tileSide).entries()) {
    const before = options.before?.[i];
    const coders = [coder, coder, coder];
    await encodeTile(loaded, photo, tile, { ...options, before }, coders);
  }
}

function tilesOf(photo: Pixels, side?: number): readonly Tile[] {
  return cutTiles(photo, side).list;
}

/** How a tile is encoded. */
interface TileOptions extends Omit<EncodeLayersOptions, "before"> {
  readonly before?: TileState | undefined;
}

async function encodeTile(
  loaded: LoadedModel,
  photo: Pixels,
  tile: Tile,
  options: TileOptions,
  [start, first, second]: readonly ValueCoder[],
): Promise<TileState> {
  const { quality, coarseness, rateWeight, before, leaves, signal } = options;
  const { analyse = analyseTile } = options;
  const pauses = new Pauses(signal);
  await pauses.pause();
  const pixels = cutPixels(photo, tile);
  const motion = before && findMotion(before, pixels, tile);
  await pauses.pause();
  const latents = await analyse(loaded, photo, tile, {
    ...options,
    ...motion?.moved && { moved: motion.moved },
  });
  await pauses.pause();
  const { model } = before?.planes === undefined ? loaded : loaded.clip!;
  const wanted: WantedLatents = {
    ...latents,
    ...cheapestValues(model, quality, rateWeight),
  };
  const source = { tile, quality, coarseness, before, pauses };
  const taken = motion &&
    await chooseCopied(loaded, source, wanted, motion, rateWeight);
  const coder = new LatentCoder(loaded, {
    ...{ ...source, layers: 2 },
    wanted: { ...wanted, ...taken && { before: taken } },
  });
  try {
    await coder.start(start!);
    await coder.code(1, first!);
    await coder.code(2, second!);
    await pauses.pause();
    const units = kindUnits(loaded.model, quality);
    const cells = cellsOf(loaded, coder, units, BLOCK);
    const found = await findPlain(
      ...[loaded, cells, tile, quality, pixels] as const,
    );
    const plain = codeMarks(tile, first!, PLAIN_TABLES, {
      wanted: found,
      kept: before && { copied: coder.copied!, marks: before.plain },
    });
    return coder.state(plain, leaves === "planes");
  } finally {
    coder.dispose();
  }
}

class TileEncoder extends RansEncoder implements ValueCoder {
  code(...[tables, indices, values]: Parameters<ValueCoder["code"]>): void {
    this.push(tables, indices, values);
  }
}

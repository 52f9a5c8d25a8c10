/**
 * Pixels to the blocks of a tile and their coefficients.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import {
  concat,
  dispose,
  fill,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { BLOCK, type Region, SUPERBLOCK } from "@/codec/format/tiles.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import {
  type TileBlocks,
  toFrameLatents,
} from "@/codec/transform/frame_planes.ts";
import type { Planes } from "@/codec/transform/motion.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import { LATENT_UNIT, STEP_PARTS } from "@/codec/model/latent_units.ts";
import { hyperAnalyse, realLayer } from "@/codec/model/networks.ts";
import { bestStep, lambdaAt, levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";
import type { WantedLatents } from "@/codec/model/coder_options.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import {
  BLOCK_SIZES,
  cellKinds,
  cellPlanes,
} from "@/codec/transform/block_sizes.ts";
import { toChannels, toPlanes } from "@/codec/transform/block_transform.ts";
import { chooseSizes, type ChosenBlocks } from "./choose_sizes.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";

/** How a tile is analysed. */
export interface AnalysisOptions {
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** How far sizes of blocks lean, 1 by default; see `chooseSizes`. */
  readonly lean?: number;
  /** The frame before, moved, for a frame that is predicted from it. */
  readonly moved?: { readonly medium: Planes; readonly high: Planes };
}

/** The latents of a tile. */
export type TileLatents = Omit<WantedLatents, "choose" | "path">;

/**
 * Rows of cells whose blocks are chosen at once: few, so that memory is bounded,
 * but not so few that ops take less time than calling them.
 */
const STRIP_ROWS = 2 * SUPERBLOCK;

/** Finds the latents of a tile, as {@linkcode analyseTile} does. */
export type TileAnalysis = typeof analyseTile;

/**
 * Chooses a tile's blocks, and finds their coefficients and the hyper-latent.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param tile The tile's cells; rows and columns are multiples of 8.
 * @param options How it is analysed.
 * @returns The blocks.
 */
export async function analyseTile(
  loaded: LoadedModel,
  photo: Pixels,
  tile: Region,
  { quality, coarseness, lean, moved }: AnalysisOptions,
): Promise<TileLatents> {
  const { top, left, rows, columns } = tile;
  const level = levelOf(quality);
  const step = bestStep(lambdaAt(level));
  const strips: ChosenBlocks[] = [];
  for (let from = 0; from < rows; from += STRIP_ROWS) {
    const height = Math.min(STRIP_ROWS, rows - from);
    const strip = { top: top + from, left, rows: height, columns };
    strips.push(chooseStrip(photo, strip, step, lean));
  }
  const found = tidy(() => {
    const joined = (part: "sizes" | "cells") =>
      concat(strips.map((strip) => strip[part]), 1);
    const sizes = joined("sizes"), cells = joined("cells");
    const coefficients = toChannels(cells);
    const places = tensor2d(BLOCK_SIZES.map((_, i) => [i]));
    return {
      coefficients: coefficients as Tensor,
      oneHot: sizes as Tensor,
      sizes: sizes.reshape([-1, BLOCK_SIZES.length]).matMul(places) as Tensor,
    };
  });
  dispose(strips);
  try {
    const [coefficients, placesOfSizes] = await Promise.all([
      found.coefficients.data(),
      found.sizes.data(),
    ]);
    const sizes = Uint8Array.from(placesOfSizes, Math.round);
    const blocks = { rows, columns, sizes };
    const hyper = tidy(() => {
      const norms = kindNorms(loaded);
      const oneHot = found.oneHot as Tensor4D;
      const kinds = cellKinds(oneHot).reshape([-1, norms.shape[0]!]);
      const units = kinds.matMul(norms).reshape(found.coefficients.shape);
      const limit = MAX_INPUT / LATENT_UNIT;
      const inUnits = (values: Tensor) =>
        values.div(units.slice([0, 0, 0, 0], values.shape))
          .clipByValue(-limit, limit) as Tensor4D;
      const plane = (value: number) => fill([1, rows, columns, 1], value);
      const coarse = coarseness / (COARSENESS.length - 1);
      const before = moved && latentsBefore(loaded, moved, blocks, quality)
        .map((values) => inUnits(values));
      return hyperAnalyse(
        concat([
          inUnits(found.coefficients),
          ...[plane(level), plane(coarse)] as Tensor4D[],
        ], 3),
        concat([cellPlanes(oneHot), ...before ?? []], 3),
        realLayer((before === undefined ? loaded : loaded.clip!).real),
      );
    });
    try {
      return { hyper: await hyper.data(), coefficients, sizes };
    } finally {
      hyper.dispose();
    }
  } finally {
    for (const tensor of Object.values(found)) tensor.dispose();
  }
}

/**
 * The coefficients of the frame before in a tile's blocks: 48 of the medium
 * frame, and the others of the high one.
 */
function latentsBefore(
  { model }: LoadedModel,
  moved: NonNullable<AnalysisOptions["moved"]>,
  blocks: TileBlocks,
  quality: number,
): Tensor[] {
  const { greyLevels } = kindUnits(model, quality);
  const logStep = model.logSteps[quality - 1]!;
  const { rows, columns } = blocks;
  const of = (size: "medium" | "high", channels: number, first: number) => {
    const latents = toFrameLatents({
      ...{ blocks, planes: moved[size], logStep },
      side: size === "high" ? BLOCK : BLOCK / 2,
    });
    return tensor4d(Float32Array.from(latents), [1, rows, columns, channels])
      .slice([0, 0, 0, first], [-1, -1, -1, -1]).mul(greyLevels / STEP_PARTS);
  };
  return [
    of("medium", MEDIUM_CHANNELS, 0),
    of("high", CHANNELS, MEDIUM_CHANNELS),
  ];
}

/** Chooses the blocks of a strip of a tile. */
function chooseStrip(
  photo: Pixels,
  strip: Region,
  step: number,
  lean?: number,
): ChosenBlocks {
  return tidy(() => {
    const shape = [1, BLOCK * strip.rows, BLOCK * strip.columns, 3] as const;
    const pixels = tensor4d(cutPixels(photo, strip), [...shape]).sub(127.5);
    return chooseSizes(toPlanes(pixels as Tensor4D), tensor1d([step]), lean);
  });
}

/** Grey levels in a unit of the latents, `[15, 192]`. */
function kindNorms({ model }: LoadedModel): Tensor {
  const logs = model.kindNorms.flatMap((row) => Array.from(row));
  return tensor2d(
    logs.map((log) => 2 ** (log / OCTAVE)),
    [model.kindNorms.length, CHANNELS],
  );
}

/**
 * The pixels of some cells. Beyond its edges an image repeats its last pixels.
 *
 * @param image The image.
 * @param region The cells.
 * @param side Side of a cell in pixels: 8, or 4 in the medium image.
 * @returns Values in 0..255, `[side * rows, side * columns, 3]`.
 */
export function cutPixels(
  { width, height, data }: Pixels,
  { top, left, rows, columns }: Region,
  side: number = BLOCK,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rows * columns * side ** 2 * 3);
  let at = 0;
  for (let y = side * top; y < side * (top + rows); y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = side * left; x < side * (left + columns); x++) {
      const from = 3 * (row + Math.min(x, width - 1));
      for (let c = 0; c < 3; c++) values[at++] = data[from + c]!;
    }
  }
  return values;
}

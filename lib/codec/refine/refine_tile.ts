/**
 * Refined latents of a tile, in windows whose memory is bounded:
 *
 *     ┌─────────────────────┐   a window: a part of the tile, 96 x 96 blocks
 *     │  halo  ┌────────┐   │   at most, and 8 blocks around it, beyond the
 *     │        │  part  │   │   tile, too. All of it is refined; only the
 *     │        └────────┘   │   part's latents are taken.
 *     └─────────────────────┘
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import {
  analyseTile,
  cutPixels,
  type TileAnalysis,
  type TileLatents,
} from "@/codec/encode/analyse_tile.ts";
import { BLOCK, CHANNELS } from "@/codec/model/colour_dct.ts";
import type { Picture } from "@/codec/model/picture.ts";
import type { LatentRefiner } from "./refine_latents.ts";
import type { RefineTarget } from "./refine_cost.ts";
import {
  type Region,
  type Size,
  type Tiles,
  withHalo,
} from "@/codec/format/tiles.ts";

/** Blocks around a part; a multiple of 4, so that hyper-latents fit. */
const HALO = 8;

/** Blocks along a part at most, a multiple of 4. */
export const LARGEST_PART = 96;

/** Choices of {@linkcode refiningAnalysis}. */
export interface RefineOptions {
  /** Gradient steps for each window. */
  readonly steps: number;
  /** Called after each step of each window; it may throw to stop. */
  readonly onStep?: () => void;
}

/**
 * An analysis that refines what it finds.
 *
 * @param refiner Of the model that will be analysed with.
 * @param medium The picture at half its size, which the medium image should be.
 * @param options How long.
 */
export function refiningAnalysis(
  refiner: LatentRefiner,
  medium: Picture,
  { steps, onStep }: RefineOptions,
): TileAnalysis {
  return async (loaded, picture, quality, tile, tiles) => {
    const { hyperChannels } = loaded.model.settings;
    const hyper = new Float32Array(
      tile.rows * tile.columns / 16 * hyperChannels,
    );
    const latents = new Float32Array(tile.rows * tile.columns * CHANNELS);
    for (const part of cutParts(tile)) {
      const window = withHalo(part, HALO, tiles);
      const found = await analyseTile(loaded, picture, quality, window, tiles);
      const target = targetOf(picture, medium, window);
      const start = startOf(found, window, hyperChannels);
      try {
        const refined = await refiner
          .refine(start, target, quality, steps, onStep);
        const values = await refined.data();
        refined.dispose();
        copyPart(values, window, latents, tile, part, CHANNELS);
        copyPart(
          found.hyper,
          quarter(window),
          hyper,
          quarter(tile),
          quarter(part),
          hyperChannels,
        );
      } finally {
        tf.dispose([{ ...start }, { ...target }]);
      }
    }
    return { hyper, latents };
  };
}

/** How many windows a picture is refined in. */
export function countWindows({ list }: Tiles): number {
  return list.reduce((sum, tile) => sum + cutParts(tile).length, 0);
}

/** Parts of a tile, about alike; sides are multiples of 4. */
function cutParts({ top, left, rows, columns }: Region): Region[] {
  return cutSide(rows).flatMap((y) =>
    cutSide(columns).map((x) => ({
      top: top + y.start,
      left: left + x.start,
      rows: y.length,
      columns: x.length,
    }))
  );
}

function cutSide(length: number): { start: number; length: number }[] {
  const count = Math.ceil(length / LARGEST_PART);
  const side = 4 * Math.ceil(length / count / 4);
  return Array.from({ length: count }, (_, i) => ({
    start: i * side,
    length: Math.min(side, length - i * side),
  }));
}

function startOf(
  { hyper, latents }: TileLatents,
  { rows, columns }: Region,
  hyperChannels: number,
): { hyper: tf.Tensor4D; latents: tf.Tensor4D } {
  return {
    hyper: tf.tensor4d(
      Float32Array.from(hyper),
      [1, rows / 4, columns / 4, hyperChannels],
    ),
    latents: tf.tensor4d(
      Float32Array.from(latents),
      [1, rows, columns, CHANNELS],
    ),
  };
}

function targetOf(
  picture: Picture,
  medium: Picture,
  window: Region,
): RefineTarget {
  const { rows, columns } = window;
  const image = (picture: Picture, block: number) =>
    tf.tidy(() =>
      tf.tensor4d(
        cutPixels(picture, window, block),
        [1, block * rows, block * columns, 3],
      ).div(255) as tf.Tensor4D
    );
  const used = (size: Size, block: number) =>
    usedPlaces(
      {
        width: size.width - block * window.left,
        height: size.height - block * window.top,
      },
      block * rows,
      block * columns,
    );
  return {
    high: image(picture, BLOCK),
    medium: image(medium, BLOCK / 2),
    highUsed: used(picture, BLOCK),
    mediumUsed: used(medium, BLOCK / 2),
    blocksUsed: used(
      {
        width: Math.ceil(picture.width / BLOCK),
        height: Math.ceil(picture.height / BLOCK),
      },
      1,
    ),
  };
}

/** 1 within a size and 0 beyond it, `[1, rows, columns, 1]`. */
function usedPlaces(
  { width, height }: Size,
  rows: number,
  columns: number,
): tf.Tensor4D {
  const values = new Float32Array(rows * columns);
  for (let y = 0; y < Math.min(rows, height); y++) {
    values.fill(1, y * columns, y * columns + Math.min(columns, width));
  }
  return tf.tensor4d(values, [1, rows, columns, 1]);
}

/** Copies a part out of a window into its tile, `[rows, columns, channels]`. */
function copyPart(
  from: ArrayLike<number>,
  window: Region,
  to: Float32Array,
  tile: Region,
  part: Region,
  channels: number,
): void {
  const length = part.columns * channels;
  for (let y = part.top; y < part.top + part.rows; y++) {
    const place = ({ top, left, columns }: Region) =>
      ((y - top) * columns + part.left - left) * channels;
    const [read, write] = [place(window), place(tile)];
    for (let i = 0; i < length; i++) to[write + i] = from[read + i]!;
  }
}

/** Places of the hyper-latent of a region. */
function quarter({ top, left, rows, columns }: Region): Region {
  return {
    top: top / 4,
    left: left / 4,
    rows: rows / 4,
    columns: columns / 4,
  };
}

/**
 * Refined latents of a tile, in windows of bounded memory:
 *
 *     ┌─────────────────────┐   a window: a part of the tile, at most 96 x 96
 *     │  halo  ┌────────┐   │   blocks, and 8 blocks around it, also beyond the
 *     │        │  part  │   │   tile. All of it is refined, but only the part's
 *     │        └────────┘   │   latents are used.
 *     └─────────────────────┘
 *
 * @module
 */

import {
  analyseTile,
  cutPixels,
  type PhotoToEncode,
  type TileAnalysis,
} from "@/codec/encode/analyse_tile.ts";
import {
  BLOCK,
  HYPER_BLOCKS,
  type Region,
  type Size,
  type Tiles,
  withHalo,
} from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import type { Pixels } from "@/images/pixels.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RefineTarget } from "./refine_cost.ts";
import type { LatentRefiner, RefineOptions } from "./refine_latents.ts";

/** Blocks around a part; a multiple of 4, so that hyper-latents fit. */
const HALO = 8;

/** Maximum blocks along a part, a multiple of 4. */
const MAX_PART = 96;

/**
 * An analysis that refines the latents that it finds.
 *
 * @param refiner Of the same model.
 * @param medium The photo at half its size: what the medium image should become.
 * @param options How long each window is refined.
 * @returns The analysis.
 */
export function refiningAnalysis(
  refiner: LatentRefiner,
  medium: Pixels,
  options: RefineOptions,
): TileAnalysis {
  return async (loaded, source, tile) => {
    const { hyperChannels } = loaded.model.settings;
    const blocks = tile.rows * tile.columns;
    const latents = new Float32Array(blocks * CHANNELS);
    const hyper = new Float32Array(blocks / HYPER_BLOCKS ** 2 * hyperChannels);
    for (const part of cutParts(tile)) {
      const window = withHalo(part, HALO, source.tiles);
      const found = await analyseTile(loaded, source, window);
      const target = targetOf(source, medium, window);
      const start = {
        hyper: toTensor(found.hyper, hyperRegion(window), hyperChannels),
        latents: toTensor(found.latents, window, CHANNELS),
      };
      try {
        const { quality } = source;
        const task = { ...start, target, quality };
        const refined = await refiner.refine(task, options);
        copyPart(part, CHANNELS, {
          from: { values: await refined.data(), region: window },
          to: { values: latents, region: tile },
        });
        refined.dispose();
        copyPart(hyperRegion(part), hyperChannels, {
          from: { values: found.hyper, region: hyperRegion(window) },
          to: { values: hyper, region: hyperRegion(tile) },
        });
      } finally {
        tf.dispose([start, { ...target }]);
      }
    }
    return { hyper, latents };
  };
}

/**
 * The number of windows that a photo is refined in.
 *
 * @param tiles The photo's tiles.
 * @returns The number.
 */
export function countWindows({ list }: Tiles): number {
  return list.reduce((sum, tile) => sum + cutParts(tile).length, 0);
}

/** Parts of a tile of about the same size; sides are multiples of 4. */
function cutParts({ top, left, rows, columns }: Region): Region[] {
  return cutLength(rows).flatMap((y) =>
    cutLength(columns).map((x) => ({
      top: top + y.start,
      left: left + x.start,
      rows: y.length,
      columns: x.length,
    }))
  );
}

function cutLength(length: number): { start: number; length: number }[] {
  const count = Math.ceil(length / MAX_PART);
  const side = HYPER_BLOCKS * Math.ceil(length / count / HYPER_BLOCKS);
  return Array.from({ length: count }, (_, i) => ({
    start: i * side,
    length: Math.min(side, length - i * side),
  }));
}

function toTensor(
  values: ArrayLike<number>,
  { rows, columns }: Region,
  channels: number,
): tf.Tensor4D {
  return tf.tensor4d(Float32Array.from(values), [1, rows, columns, channels]);
}

function targetOf(
  { photo }: PhotoToEncode,
  medium: Pixels,
  window: Region,
): RefineTarget {
  const image = (pixels: Pixels, block: number) => {
    const [rows, columns] = [block * window.rows, block * window.columns];
    const values = cutPixels(pixels, window, block);
    return tf.tidy(() =>
      tf.tensor4d(values, [1, rows, columns, 3]).div(255) as tf.Tensor4D
    );
  };
  const blocks = {
    width: Math.ceil(photo.width / BLOCK),
    height: Math.ceil(photo.height / BLOCK),
  };
  return {
    high: image(photo, BLOCK),
    medium: image(medium, BLOCK / 2),
    highUsed: usedPlaces(photo, window, BLOCK),
    mediumUsed: usedPlaces(medium, window, BLOCK / 2),
    blocksUsed: usedPlaces(blocks, window, 1),
  };
}

/** 1 within an image and 0 beyond it, `[1, side * rows, side * columns, 1]`. */
function usedPlaces(image: Size, window: Region, side: number): tf.Tensor4D {
  const [rows, columns] = [side * window.rows, side * window.columns];
  const height = Math.min(rows, image.height - side * window.top);
  const width = Math.min(columns, image.width - side * window.left);
  const values = new Float32Array(rows * columns);
  for (let y = 0; y < height; y++) {
    values.fill(1, y * columns, y * columns + width);
  }
  return tf.tensor4d(values, [1, rows, columns, 1]);
}

/** Values of a region, `[rows, columns, channels]`. */
interface RegionValues<Values> {
  readonly values: Values;
  readonly region: Region;
}

/** Copies a part of one region to another that contains it, too. */
function copyPart(
  { top, left, rows, columns }: Region,
  channels: number,
  { from, to }: {
    from: RegionValues<ArrayLike<number>>;
    to: RegionValues<Float32Array>;
  },
): void {
  for (let y = top; y < top + rows; y++) {
    const place = ({ region }: RegionValues<unknown>) =>
      ((y - region.top) * region.columns + left - region.left) * channels;
    const [read, write] = [place(from), place(to)];
    for (let i = 0; i < columns * channels; i++) {
      to.values[write + i] = from.values[read + i]!;
    }
  }
}

/** The places of the hyper-latent in a region. */
function hyperRegion({ top, left, rows, columns }: Region): Region {
  return {
    top: top / HYPER_BLOCKS,
    left: left / HYPER_BLOCKS,
    rows: rows / HYPER_BLOCKS,
    columns: columns / HYPER_BLOCKS,
  };
}

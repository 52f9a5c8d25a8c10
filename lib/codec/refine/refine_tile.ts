/**
 * Refined latents of a tile, in windows of bounded memory:
 *
 *     ┌─────────────────────┐   a window: a part of the tile, at most 96 x 96
 *     │  halo  ┌────────┐   │   cells, and a superblock around it, also beyond
 *     │        │  part  │   │   the tile. All of it is refined, but only the
 *     │        └────────┘   │   part's latents are used.
 *     └─────────────────────┘
 *
 * @module
 */

import {
  analyseTile,
  type AnalysisOptions,
  cutPixels,
  type TileAnalysis,
} from "@/codec/encode/analyse_tile.ts";
import {
  BLOCK,
  cutTiles,
  HYPER_BLOCKS,
  type Region,
  type Size,
  SUPERBLOCK,
  withHalo,
} from "@/codec/format/tiles.ts";
import { BLOCK_SIZES } from "@/codec/transform/block_sizes.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { SizeMap } from "@/codec/model/size_map.ts";
import type { Pixels } from "@/images/pixels.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RefineLatents, RefineTarget } from "./refine_cost.ts";
import type { LatentRefiner, RefineOptions } from "./refine_latents.ts";

/** Maximum cells along a part, a multiple of a superblock. */
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
  return async (loaded, photo, tile, { quality, coarseness }) => {
    const { hyperChannels } = loaded.model.settings;
    const { greyLevels } = kindUnits(loaded.model, quality);
    const image = cutTiles(photo);
    const cells = tile.rows * tile.columns;
    const sizes = new Uint8Array(cells);
    const coefficients = new Float32Array(cells * CHANNELS);
    const hyper = new Float32Array(cells / HYPER_BLOCKS ** 2 * hyperChannels);
    for (const part of cutParts(tile)) {
      const window = withHalo(part, SUPERBLOCK, image);
      const target = targetOf(photo, medium, window);
      const analyse = (lean: number) =>
        latentsOf(loaded, photo, window, { quality, coarseness, lean });
      try {
        const task = { analyse, target, quality, coarseness };
        const refined = await refiner.refine(task, options);
        const found = await readLatents(refined);
        const copy = (name: keyof typeof found, to: RegionValues["values"]) => {
          const region = name === "hyper" ? hyperRegion : (x: Region) => x;
          copyPart(region(part), {
            from: { values: found[name], region: region(window) },
            to: { values: to, region: region(tile) },
          });
        };
        copy("sizes", sizes);
        copy("y", coefficients);
        copy("hyper", hyper);
      } finally {
        tf.dispose({ ...target });
      }
    }
    for (let i = 0; i < coefficients.length; i++) {
      coefficients[i]! *= greyLevels;
    }
    return { sizes, hyper, coefficients };
  };
}

/**
 * The number of windows that a photo is refined in.
 *
 * @param photo Its size.
 * @returns The number.
 */
export function countWindows(photo: Size): number {
  const { list } = cutTiles(photo);
  return list.reduce((sum, tile) => sum + cutParts(tile).length, 0);
}

/** Parts of a tile of about the same size, cut between superblocks. */
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
  const side = SUPERBLOCK * Math.ceil(length / count / SUPERBLOCK);
  return Array.from({ length: count }, (_, i) => ({
    start: i * side,
    length: Math.min(side, length - i * side),
  }));
}

/**
 * Analyses a window.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param window Cells, between superblocks.
 * @param options How it is analysed.
 * @returns Latents before they are refined, to be disposed.
 */
export async function latentsOf(
  loaded: LoadedModel,
  photo: Pixels,
  window: Region,
  options: AnalysisOptions,
): Promise<RefineLatents> {
  const { model } = loaded;
  const { rows, columns } = window;
  const { greyLevels } = kindUnits(model, options.quality);
  const found = await analyseTile(loaded, photo, window, options);
  const used = {
    usedRows: Math.ceil(photo.height / BLOCK) - window.top,
    usedColumns: Math.ceil(photo.width / BLOCK) - window.left,
  };
  // As blocks are coded: one that the photo does not reach is not split.
  const map = new SizeMap(
    { ...window, ...used },
    { code: () => {} },
    { tables: model.splits, firstTable: 0, wanted: found.sizes },
  );
  const hyper = hyperRegion(window);
  const toTensor = (
    values: ArrayLike<number>,
    { rows, columns }: Region,
    channels: number,
  ) => tf.tensor4d(Float32Array.from(values), [1, rows, columns, channels]);
  const { hyperChannels } = model.settings;
  return tf.tidy(() => ({
    y: toTensor(found.coefficients, window, CHANNELS)
      .div(greyLevels) as tf.Tensor4D,
    hyper: toTensor(found.hyper, hyper, hyperChannels),
    sizes: tf.oneHot(tf.tensor1d(map.sizes, "int32"), BLOCK_SIZES.length)
      .toFloat().reshape([1, rows, columns, -1]) as tf.Tensor4D,
    used: toTensor(map.coded, window, 1),
  }));
}

/** Reads latents, and disposes them. */
async function readLatents(
  { y, hyper, sizes, used }: RefineLatents,
): Promise<Record<"y" | "hyper" | "sizes", RegionValues["values"]>> {
  const places = sizes.argMax(3);
  try {
    return {
      y: await y.data() as Float32Array,
      hyper: await hyper.data() as Float32Array,
      sizes: Uint8Array.from(await places.data()),
    };
  } finally {
    tf.dispose([y, hyper, sizes, used, places]);
  }
}

/**
 * What the latents of a window should become.
 *
 * @param photo The photo.
 * @param medium The photo at half its size.
 * @param window Cells, between superblocks.
 * @returns Tensors, to be disposed.
 */
export function targetOf(
  photo: Pixels,
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
  return {
    high: image(photo, BLOCK),
    medium: image(medium, BLOCK / 2),
    highUsed: usedPlaces(photo, window, BLOCK),
    mediumUsed: usedPlaces(medium, window, BLOCK / 2),
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

/** Values of a region, `[rows, columns, …]`. */
interface RegionValues {
  readonly values: Float32Array | Uint8Array;
  readonly region: Region;
}

/** Copies a part of one region to another that contains it, too. */
function copyPart(
  { top, left, rows, columns }: Region,
  { from, to }: Record<"from" | "to", RegionValues>,
): void {
  const { region, values } = to;
  const channels = values.length / (region.rows * region.columns);
  for (let y = top; y < top + rows; y++) {
    const place = ({ region }: RegionValues) =>
      ((y - region.top) * region.columns + left - region.left) * channels;
    const start = place(from);
    const row = from.values.subarray(start, start + columns * channels);
    values.set(row, place(to));
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

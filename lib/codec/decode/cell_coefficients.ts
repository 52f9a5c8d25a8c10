/**
 * Latents to coefficients of 8x8 blocks, whatever the sizes of the blocks that
 * they were coded as:
 *
 *     latents of a block of 16 to 64 pixels ▶ its coefficients ▶ those of the
 *     8x8 blocks that it covers
 *
 * The last step is one matrix, from the left and from the right. Most
 * coefficients of large blocks are 0 and are left out, so that plain loops take
 * less time than the products of tensors in `block_transform.ts`, which training
 * needs.
 *
 * @module
 */

import { BLOCK } from "@/codec/format/tiles.ts";
import { BLOCK_CELLS } from "@/codec/transform/block_sizes.ts";
import { channelOrder } from "@/codec/transform/block_transform.ts";
import type { LatentUnits, LoadedModel } from "@/codec/model/codec_model.ts";
import {
  CHANNELS,
  cosine,
  MEDIUM_CHANNELS,
} from "@/codec/transform/colour_dct.ts";
import type { LatentCoder } from "@/codec/model/latent_coder.ts";
import { STEP_PARTS } from "@/codec/model/latent_units.ts";

/**
 * The coefficients of a tile's cells, as an 8x8 DCT of the image has them.
 *
 * @param loaded The model.
 * @param coder Has the tile's latents.
 * @param units Units of the latents.
 * @param side Side of a cell in pixels: 8, or 4 in the medium image.
 * @returns In units of the norms of 8x8 blocks, `[rows, columns, 48 or 192]`.
 */
export function cellsOf(
  { model }: LoadedModel,
  { latents, map, channels: stored }: LatentCoder,
  { greyLevels }: LatentUnits,
  side: number,
): Float32Array<ArrayBuffer> {
  const channels = side === BLOCK ? CHANNELS : MEDIUM_CHANNELS;
  const cells = map.sizes.length;
  const values = stored === channels
    ? new Float32Array(latents)
    : Float32Array.from({ length: cells * channels }, (_, i) =>
      latents[Math.floor(i / channels) * stored + i % channels]!);
  BLOCK_CELLS.forEach((size, of) => {
    if (size === 1) return;
    const split = blockSplitter(values, size, side, map.columns);
    for (let cell = 0; cell < cells; cell++) {
      if (map.sizes[cell] !== of) continue;
      const row = Math.floor(cell / map.columns);
      if (row % size === 0 && cell % map.columns % size === 0) split(cell);
    }
  });
  const grey = greyLevels / STEP_PARTS;
  const norms = model.real.get("norms")!.values.subarray(0, channels);
  const units = Float64Array.from(norms, (norm) => grey / norm);
  for (let at = 0; at < values.length; at += channels) {
    for (let c = 0; c < channels; c++) values[at + c]! *= units[c]!;
  }
  return values;
}

/**
 * Prepares the replacement of a block's coefficients by those of its cells.
 *
 * @param values Of all cells.
 * @param size Side of the blocks in cells.
 * @param side Side of a cell in pixels.
 * @param columns Cells in a row.
 * @returns Does it for the block with a given first cell.
 */
function blockSplitter(
  values: Float32Array,
  size: number,
  side: number,
  columns: number,
): (cell: number) => void {
  const pixels = size * side;
  const matrix = splitMatrix(size, side);
  const channels = 3 * side * side;
  const places = new Uint8Array(channels);
  channelOrder(side).forEach((place, channel) => places[place] = channel);
  // Where each coefficient is, beside the block's first one.
  const offsets = [0, 1, 2].map((axis) =>
    Int32Array.from({ length: pixels * pixels }, (_, i) => {
      const [y, x] = [Math.floor(i / pixels), i % pixels];
      const cell = Math.floor(y / side) * columns + Math.floor(x / side);
      const place = (axis * side + y % side) * side + x % side;
      return cell * channels + places[place]!;
    })
  );
  const rows = new Float32Array(pixels * pixels);
  const found = new Float32Array(pixels);
  const used: number[] = [];
  return (cell) => {
    const first = cell * channels;
    for (const of of offsets) {
      used.length = 0;
      for (let y = 0; y < pixels; y++) {
        const row = y * pixels;
        let isUsed = false;
        for (let x = 0; x < pixels; x++) {
          const value = values[first + of[row + x]!]!;
          if (value === 0) continue;
          if (!isUsed) rows.fill(0, row, row + pixels);
          isUsed = true;
          addScaled(rows, row, matrix, x * pixels, value, pixels);
        }
        if (isUsed) used.push(y);
      }
      if (used.length === 0) continue;
      for (let y = 0; y < pixels; y++) {
        found.fill(0);
        for (const row of used) {
          const factor = matrix[row * pixels + y]!;
          addScaled(found, 0, rows, row * pixels, factor, pixels);
        }
        for (let x = 0; x < pixels; x++) {
          values[first + of[y * pixels + x]!] = found[x]!;
        }
      }
    }
  };
}

/** Adds a row of one matrix, times a factor, to a row of another. */
function addScaled(
  sum: Float32Array,
  to: number,
  from: Float32Array,
  row: number,
  factor: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) sum[to + i]! += factor * from[row + i]!;
}

const matrices = new Map<number, Float32Array>();

/**
 * What the cosines of a block are in the blocks of its cells: a row for each
 * coefficient of the block, both in the order of `planesToCells`.
 */
function splitMatrix(size: number, side: number): Float32Array {
  const pixels = size * side;
  const known = matrices.get(size * BLOCK + side);
  if (known !== undefined) return known;
  const made = Float32Array.from({ length: pixels * pixels }, (_, i) => {
    const [from, to] = [Math.floor(i / pixels), i % pixels];
    const frequency = (from % side) * size + Math.floor(from / side);
    const start = Math.floor(to / side) * side;
    let product = 0;
    for (let p = 0; p < side; p++) {
      product += cosine(pixels, frequency, start + p) *
        cosine(side, to % side, p);
    }
    return product;
  });
  matrices.set(size * BLOCK + side, made);
  return made;
}

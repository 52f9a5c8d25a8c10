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
import { BLOCK_SIZES, type BlockSize } from "@/codec/transform/block_sizes.ts";
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
  BLOCK_SIZES.forEach((size, of) => {
    if (of === 0) return;
    const split = blockSplitter(values, size, side, map.columns);
    for (let cell = 0; cell < cells; cell++) {
      if (map.sizes[cell] !== of) continue;
      const row = Math.floor(cell / map.columns);
      const column = cell % map.columns;
      if (row % size.rows === 0 && column % size.columns === 0) split(cell);
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
 * @param size Of the blocks.
 * @param side Side of a cell in pixels.
 * @param columns Cells in a row.
 * @returns Does it for the block with a given first cell.
 */
function blockSplitter(
  values: Float32Array,
  size: BlockSize,
  side: number,
  columns: number,
): (cell: number) => void {
  const [tall, wide] = [size.rows * side, size.columns * side];
  const down = splitMatrix(size.rows, side);
  const across = splitMatrix(size.columns, side);
  const channels = 3 * side * side;
  // Of each channel: which colour, and its row and column among the cell's.
  const order = channelOrder(side).map((place) => ({
    axis: Math.floor(place / side / side),
    y: Math.floor(place / side) % side,
    x: place % side,
  }));
  const rowOf = Uint8Array.from(order, ({ axis, y }) => axis * tall + y);
  const columnOf = Uint8Array.from(order, ({ x }) => x);
  const rows = new Float32Array(3 * tall * wide);
  const found = new Float32Array(3 * tall * wide);
  const isUsed = new Uint8Array(3 * tall);
  return (cell) => {
    isUsed.fill(0);
    for (let i = 0; i < size.rows * size.columns; i++) {
      const row = Math.floor(i / size.columns), column = i % size.columns;
      const first = (cell + row * columns + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const value = values[first + channel]!;
        if (value === 0) continue;
        const to = rowOf[channel]! + row * side;
        if (isUsed[to] === 0) rows.fill(0, to * wide, (to + 1) * wide);
        isUsed[to] = 1;
        const from = (columnOf[channel]! + column * side) * wide;
        addScaled(rows, to * wide, across, from, value, wide);
      }
    }
    found.fill(0);
    for (let at = 0; at < isUsed.length; at++) {
      if (isUsed[at] === 0) continue;
      const y = at % tall;
      for (let to = 0; to < tall; to++) {
        const factor = down[y * tall + to]!;
        addScaled(found, (at - y + to) * wide, rows, at * wide, factor, wide);
      }
    }
    for (let i = 0; i < size.rows * size.columns; i++) {
      const row = Math.floor(i / size.columns), column = i % size.columns;
      const first = (cell + row * columns + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const from = (rowOf[channel]! + row * side) * wide;
        values[first + channel] =
          found[from + columnOf[channel]! + column * side]!;
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
 * What the cosines of some cells in a row are in each of them: a row for each
 * coefficient, both in the order of `planesToCells`.
 */
function splitMatrix(cells: number, side: number): Float32Array {
  const pixels = cells * side;
  const known = matrices.get(cells * BLOCK + side);
  if (known !== undefined) return known;
  const made = Float32Array.from({ length: pixels * pixels }, (_, i) => {
    const [from, to] = [Math.floor(i / pixels), i % pixels];
    const frequency = (from % side) * cells + Math.floor(from / side);
    const start = Math.floor(to / side) * side;
    let product = 0;
    for (let p = 0; p < side; p++) {
      product += cosine(pixels, frequency, start + p) *
        cosine(side, to % side, p);
    }
    return product;
  });
  matrices.set(cells * BLOCK + side, made);
  return made;
}

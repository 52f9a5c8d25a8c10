/**
 * Coefficients of cells to pixels.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { avgPool, fill, tensor4d, tidy } from "@tensorflow/tfjs";
import { BLOCK, type Region, SUPERBLOCK } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { levelOf } from "@/codec/model/quality.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import {
  correctHigh,
  correctMedium,
  plainHigh,
} from "@/codec/model/networks.ts";

/** What cells are drawn with. */
export interface CellDrawing {
  /** Side of a cell in pixels: 8, or 4 in the medium image. */
  readonly side: number;
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** 1 for cells that are corrected, `[1, h, w, 1]`; all by default. */
  readonly corrected?: Tensor4D;
}

/**
 * Draws cells.
 *
 * @param loaded The model.
 * @param cells From `cellsOf`, `[1, h, w, channels]`.
 * @param drawing How they are drawn.
 * @returns Pixels, `[1, side * h, side * w, 3]`, about 0..1, not clipped.
 */
export function drawCells(
  loaded: LoadedModel,
  cells: Tensor4D,
  { side, quality, coarseness, corrected }: CellDrawing,
): Tensor4D {
  const [, rows, columns] = cells.shape;
  const plane = (value: number) =>
    fill([1, rows, columns, 1], value) as Tensor4D;
  const level = plane(levelOf(quality));
  const mask = corrected === undefined ? {} : { corrected };
  if (side === BLOCK) {
    return correctHigh(cells, { known: level, ...mask }, loaded.real);
  }
  const coarse = plane(coarseness / (COARSENESS.length - 1));
  const known = level.concat(coarse, 3);
  return correctMedium(cells, { known, ...mask }, loaded.real);
}

/**
 * Finds superblocks that the networks make worse.
 *
 * @param loaded The model.
 * @param values From `cellsOf`, `[rows, columns, 192]`.
 * @param tile Whose cells they are.
 * @param quality 1..100.
 * @param pixels What they stand for, in 0..255, `[8 rows, 8 columns, 3]`.
 * @returns 1 for superblocks that are better without corrections, row by row.
 */
export async function findPlain(
  loaded: LoadedModel,
  values: Float32Array,
  { rows, columns }: Region,
  quality: number,
  pixels: Float32Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const plain = tidy(() => {
    const cells = tensor4d(values, [1, rows, columns, CHANNELS]);
    const wanted = tensor4d(pixels, [1, BLOCK * rows, BLOCK * columns, 3]);
    const errorOf = (draw: () => Tensor) =>
      tidy(() => {
        const errors = draw().mul(255).clipByValue(0, 255).sub(wanted).square()
          .mean(3, true) as Tensor4D;
        return avgPool(errors, BLOCK * SUPERBLOCK, BLOCK * SUPERBLOCK, "valid");
      });
    const drawing = { side: BLOCK, quality, coarseness: 0 };
    return errorOf(() => plainHigh(cells, loaded.real))
      .less(errorOf(() => drawCells(loaded, cells, drawing))).toFloat();
  });
  try {
    return Uint8Array.from(await plain.data());
  } finally {
    plain.dispose();
  }
}

/**
 * Which cells are corrected.
 *
 * @param plain 1 for superblocks that are not, row by row.
 * @param across Superblocks in a row.
 * @param region The cells.
 * @returns `[1, rows, columns, 1]`, or nothing if all are corrected.
 */
export function correctedCells(
  plain: Uint8Array,
  across: number,
  { top, left, rows, columns }: Region,
): Tensor4D | undefined {
  const mask = new Float32Array(rows * columns);
  for (let y = 0, at = 0; y < rows; y++) {
    const row = Math.floor((top + y) / SUPERBLOCK) * across;
    for (let x = 0; x < columns; x++, at++) {
      const place = row + Math.floor((left + x) / SUPERBLOCK);
      mask[at] = 1 - plain[place]!;
    }
  }
  if (mask.every((one) => one === 1)) return undefined;
  return tensor4d(mask, [1, rows, columns, 1]);
}

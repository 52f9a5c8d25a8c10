/**
 * The encoder's choice of superblocks that are copied from the frame before, by
 * rate and distortion; the decoder accepts any.
 *
 * @module
 */
import { BLOCK, SUPERBLOCK, type Tile } from "@/codec/format/tiles.ts";
import type { TileState, WantedBefore } from "@/codec/model/before_coder.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { toFramePlanes } from "@/codec/transform/frame_planes.ts";
import { superblockOf } from "@/codec/model/group_places.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import type {
  LatentCoderOptions,
  WantedLatents,
} from "@/codec/model/coder_options.ts";
import { STEP_PARTS } from "@/codec/model/latent_units.ts";
import {
  GREY_PARTS,
  MOVED_SIDE,
  movePlanes,
  type Planes,
} from "@/codec/transform/motion.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import { searchMotion, toWholePlanes } from "./search_motion.ts";

/** Where the squares of a tile come from. */
export interface TileMotion {
  /** The tile. */
  readonly planes: Planes;
  /** Of {@linkcode searchMotion}, if the tile is predicted from what is moved. */
  readonly vectors?: Int16Array;
  /** The frame before, moved. */
  readonly moved?: { readonly medium: Planes; readonly high: Planes };
}

/**
 * Finds out where a tile comes from.
 *
 * @param before The frame before.
 * @param pixels The tile's pixels, `[8 rows, 8 columns, 3]`, 0..255.
 * @param tile The tile.
 * @returns Vectors and the moved frame, if the tile is predicted from it.
 */
export function findMotion(
  { planes: before }: TileState,
  pixels: ArrayLike<number>,
  { rows, columns }: Tile,
): TileMotion {
  const planes = toWholePlanes(pixels, BLOCK * rows, BLOCK * columns);
  if (before === undefined) return { planes };
  const high = before.high!;
  const vectors = searchMotion(high, planes);
  return {
    ...{ planes, vectors },
    moved: {
      medium: movePlanes(before.medium, vectors, MOVED_SIDE / 2),
      high: movePlanes(high, vectors, MOVED_SIDE),
    },
  };
}

/**
 * Chooses the superblocks that are copied: those that cost less as they were,
 * in bits and squared errors, than coded anew.
 *
 * @param loaded The model.
 * @param source The tile and the frame before.
 * @param wanted The tile's latents.
 * @param motion From {@linkcode findMotion}.
 * @param rateWeight The weight of bits, relative to training.
 * @returns What is copied.
 */
export async function chooseCopied(
  loaded: LoadedModel,
  source: Omit<LatentCoderOptions, "layers" | "wanted">,
  wanted: WantedLatents,
  { planes, vectors }: TileMotion,
  rateWeight: number,
): Promise<WantedBefore> {
  const { tile, quality } = source;
  const before = source.before!;
  const { greyLevels } = kindUnits(loaded.model, quality);
  const copied = new Uint8Array(before.plain.length);
  const move = vectors && { vectors };
  const trial = new LatentCoder(loaded, {
    ...{ ...source, layers: 2 },
    wanted: {
      ...wanted,
      before: { copied, ...move },
    },
  });
  try {
    const nowhere = { code: () => {} };
    await trial.start(nowhere);
    await trial.code(1, nowhere);
    await trial.code(2, nowhere);
    const coded = new Float64Array(copied.length);
    trial.map.coded.forEach((isCoded, cell) => {
      if (isCoded === 0) return;
      let sum = 0;
      for (let c = 0, at = cell * CHANNELS; c < CHANNELS; c++, at++) {
        const value = trial.latents[at]! * greyLevels / STEP_PARTS;
        sum += (value - wanted.coefficients[at]!) ** 2;
      }
      coded[superblockOf(tile, cell)]! += sum;
    });
    const kept = before.planes?.high ?? toFramePlanes({
      ...{ blocks: before.map, latents: before.high!, side: BLOCK },
      logStep: loaded.model.logSteps[quality - 1]!,
    });
    const errors = superblockErrors(kept, planes);
    const lambda = lambdaAt(levelOf(quality)) / 3;
    copied.forEach((_, i) => {
      const saved = rateWeight * trial.spent[i]!;
      const lost = lambda * (errors[i]! - coded[i]!);
      copied[i] = lost < saved ? 1 : 0;
    });
    return { copied, ...move };
  } finally {
    trial.dispose();
  }
}

/** Squared errors of each superblock, row by row. */
function superblockErrors(
  { values: kept, height, width }: Planes,
  { values }: Planes,
): Float64Array {
  const side = BLOCK * SUPERBLOCK, across = width / side;
  const errors = new Float64Array(height / side * across);
  for (let i = 0; i < values.length; i++) {
    const x = i % width, y = Math.floor(i / width) % height;
    const place = Math.floor(y / side) * across + Math.floor(x / side);
    errors[place]! += ((kept[i]! - values[i]!) / GREY_PARTS) ** 2;
  }
  return errors;
}

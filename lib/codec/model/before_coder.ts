/**
 * What a tile takes from the frame before: superblocks that are copied, and where
 * the others come from.
 *
 * @module
 */
import { tensor4d } from "@tensorflow/tfjs";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { powerOf } from "@/codec/entropy/log_steps.ts";
import { BLOCK, HYPER_BLOCKS, type Tile } from "@/codec/format/tiles.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import type { BeforeTensors } from "./channel_groups.ts";
import {
  toFrameLatents,
  toFramePlanes,
} from "@/codec/transform/frame_planes.ts";
import { MAX_INPUT } from "./integer_layer.ts";
import {
  clip,
  LATENT_UNIT,
  STEP_PARTS,
  type ValueCoder,
} from "./latent_units.ts";
import {
  MOVED_SIDE,
  movePlanes,
  type Planes,
} from "@/codec/transform/motion.ts";
import { superblockOf } from "./group_places.ts";
import { codeMarks, markTables, type SizeMap } from "./size_map.ts";

/** What a frame leaves to the next one, of a tile. */
export interface TileState {
  /** Its blocks. */
  readonly map: SizeMap;
  /** Its hyper-latent as networks see it, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: Float32Array;
  /** 1 for superblocks that are not corrected, row by row. */
  readonly plain: Uint8Array;
  /** Latents of the medium frame, `[rows, columns, 48]`. */
  readonly medium: Int16Array;
  /** Latents of the high frame, `[rows, columns, 192]`; if it is coded. */
  readonly high?: Int16Array;
  /** The planes of both, if the next frame is predicted from them. */
  readonly planes?: FramePlanes;
}

/** The planes of a frame at both sizes. */
export interface FramePlanes {
  /** Of the medium frame. */
  readonly medium: Planes;
  /** Of the high frame, if it is coded. */
  readonly high?: Planes;
}

/** What the frame before says of a tile's latents. */
export interface SaidBefore {
  /** For the first layer, in 1/16 of a step, `[cells, 48]`. */
  readonly first: Int16Array;
  /** For the second layer, `[cells, 192]`. */
  readonly second: Int16Array | undefined;
  /** Both as networks see them. */
  readonly tensors: BeforeTensors;
}

/** Units of latents at a quality. */
export interface SaidUnits {
  /** Steps per grey level, as a binary logarithm in 1/48. */
  readonly logStep: number;
  /** Of `kindUnits`, `[15, 192]`. */
  readonly logSteps: Int32Array;
}

/** What the encoder wants to take. */
export interface WantedBefore {
  /** 1 for superblocks that are copied, row by row. */
  readonly copied: Uint8Array;
  /** Of `searchMotion`; without it nothing moves. */
  readonly vectors?: Int16Array;
}

/**
 * Frequencies of superblocks that are copied, by how many of those to the left
 * and above are.
 */
const COPIED_TABLES = markTables([8000, 32000, 58000]);

/** Scales of a vector's difference from its neighbour's, where two agree or not. */
const AGREED = 12, NOT_AGREED = 36;

/** Maximum of a vector, of either sign, in 1/4 of a pixel. */
const MAX_VECTOR = 4095;

/** What a tile takes from the frame before, while it is coded. */
export class BeforeCoder {
  readonly #tile: Tile;
  /** The frame before. */
  readonly state: TileState;
  /** 1 for superblocks that are copied, row by row. */
  readonly copied: Uint8Array<ArrayBuffer>;
  /** 1 for cells that are copied. */
  readonly copiedCells: Uint8Array<ArrayBuffer>;
  readonly #vectors: Int16Array<ArrayBuffer>;

  /**
   * Codes what is copied, and vectors if the frame before has planes.
   *
   * @param tile The tile; rows and columns are multiples of 8.
   * @param coder Consumes or produces the values.
   * @param state The frame before.
   * @param wanted What to encode; without it values are decoded.
   */
  constructor(
    tile: Tile,
    coder: ValueCoder,
    state: TileState,
    wanted?: WantedBefore,
  ) {
    this.#tile = tile;
    this.state = state;
    this.copied = codeMarks(tile, coder, COPIED_TABLES, {
      wanted: wanted?.copied,
    });
    this.copiedCells = new Uint8Array(tile.rows * tile.columns);
    this.copiedCells.forEach((_, cell) => {
      this.copiedCells[cell] = this.copied[superblockOf(tile, cell)]!;
    });
    const squares = tile.rows * tile.columns / HYPER_BLOCKS ** 2;
    this.#vectors = new Int16Array(2 * squares);
    if (state.planes !== undefined) this.#codeVectors(coder, wanted?.vectors);
  }

  #codeVectors(coder: ValueCoder, wanted: Int16Array | undefined): void {
    const { columns, usedRows, usedColumns } = this.#tile;
    const across = columns / HYPER_BLOCKS;
    const vectors = this.#vectors, tables = gaussianTables();
    for (let i = 0; i < vectors.length / 2; i++) {
      const [y, x] = [Math.floor(i / across), i % across];
      const cell = HYPER_BLOCKS * (y * columns + x);
      const isUsed = HYPER_BLOCKS * y < usedRows &&
        HYPER_BLOCKS * x < usedColumns;
      if (!isUsed || this.copiedCells[cell] === 1) continue;
      const left = x > 0 ? 2 * (i - 1) : undefined;
      const above = y > 0 ? 2 * (i - across) : undefined;
      const near = (axis: number) =>
        vectors[(left ?? above ?? NaN) + axis] ?? 0;
      const agree = left !== undefined && above !== undefined &&
        vectors[left] === vectors[above] &&
        vectors[left + 1] === vectors[above + 1];
      const scale = agree ? AGREED : NOT_AGREED;
      const values = Int32Array.of(0, 0);
      if (wanted !== undefined) {
        for (const axis of [0, 1]) {
          values[axis] = wanted[2 * i + axis]! - near(axis);
        }
      }
      coder.code(tables, Uint16Array.of(scale, scale), values);
      for (const axis of [0, 1]) {
        vectors[2 * i + axis] = clip(near(axis) + values[axis]!, MAX_VECTOR);
      }
    }
  }

  /**
   * What the frame before says of the tile's latents.
   *
   * @param map The tile's blocks.
   * @param isHigh Whether the high frame is coded, too.
   * @param units Of the quality.
   * @returns Numbers and tensors.
   */
  say(
    map: SizeMap,
    isHigh: boolean,
    { logStep, logSteps }: SaidUnits,
  ): SaidBefore {
    const first = this.#latents(map, "medium", logStep);
    const second = isHigh ? this.#latents(map, "high", logStep) : undefined;
    const toTensor = (latents: Int16Array) =>
      tensor4d(
        latentInputs(latents, map.kinds, logSteps),
        [1, map.rows, map.columns, latents.length / map.kinds.length],
      );
    return {
      ...{ first, second },
      tensors: {
        first: toTensor(first),
        ...second && { second: toTensor(second) },
      },
    };
  }

  /**
   * The latents of a cell that is copied.
   *
   * @param cell Index of the cell.
   * @param isHigh Whether those of the high frame are meant.
   * @returns 48 or 192 of them; nothing if the cell is not copied.
   */
  copiedLatents(cell: number, isHigh: boolean): Int16Array | undefined {
    if (this.copiedCells[cell] === 0) return undefined;
    const { medium, high } = this.state;
    return isHigh
      ? high!.subarray(cell * CHANNELS, (cell + 1) * CHANNELS)
      : medium.subarray(cell * MEDIUM_CHANNELS, (cell + 1) * MEDIUM_CHANNELS);
  }

  #latents(
    map: SizeMap,
    size: "medium" | "high",
    logStep: number,
  ): Int16Array<ArrayBuffer> {
    const { copiedCells, copied, state } = this;
    const scale = size === "high" ? 1 : 2;
    const planes = movePlanes(
      state.planes![size]!,
      this.#vectors,
      MOVED_SIDE / scale,
    );
    const latents = toFrameLatents({
      ...{ blocks: map, planes, logStep, side: BLOCK / scale },
      skipped: copied,
    });
    const before = state[size]!;
    const channels = size === "high" ? CHANNELS : MEDIUM_CHANNELS;
    copiedCells.forEach((isCopied, cell) => {
      if (isCopied === 0) return;
      const from = cell * channels;
      latents.set(before.subarray(from, from + channels), from);
    });
    return latents;
  }
}

/** Latents in 1/16 of a step as networks see them. */
function latentInputs(
  latents: Int16Array,
  kinds: Uint8Array,
  logSteps: Int32Array,
): Float32Array<ArrayBuffer> {
  const channels = latents.length / kinds.length;
  const units = Float64Array.from(
    logSteps,
    (log) => powerOf(-log) * LATENT_UNIT / STEP_PARTS,
  );
  const inputs = new Float32Array(latents.length);
  kinds.forEach((kind, cell) => {
    for (let c = 0, at = cell * channels; c < channels; c++, at++) {
      const input = latents[at]! * units[kind * CHANNELS + c]!;
      inputs[at] = clip(Math.floor(input + 0.5), MAX_INPUT);
    }
  });
  return inputs;
}

/**
 * The planes of a frame.
 *
 * @param state The frame.
 * @param logStep Steps per grey level, as a binary logarithm in 1/48.
 * @param kept Superblocks that are copied, row by row, and the planes that they
 * are copied from.
 * @returns Those of the sizes that the frame has.
 */
export function planesOf(
  { map, medium, high }: TileState,
  logStep: number,
  kept?: { readonly copied: Uint8Array; readonly planes: FramePlanes },
): FramePlanes {
  const of = (size: "medium" | "high", latents: Int16Array) => {
    const planes = kept?.planes[size];
    return toFramePlanes({
      ...{ blocks: map, latents, logStep },
      side: size === "high" ? BLOCK : BLOCK / 2,
      ...planes && { kept: { copied: kept.copied, planes } },
    });
  };
  return {
    medium: of("medium", medium),
    ...high && { high: of("high", high) },
  };
}

/**
 * Latents to planes of colour and back, in whole numbers, so that what a frame
 * tells of the next one is the same to the bit everywhere:
 *
 *     latents of a frame ▶ planes ▶ moved ▶ latents of the next frame's blocks
 *
 * Networks do not correct these planes. All sums are whole numbers below 2⁵³.
 *
 * @module
 */
import { powerOf } from "@/codec/entropy/log_steps.ts";
import { BLOCK, SUPERBLOCK } from "@/codec/format/tiles.ts";
import { BLOCK_CELLS } from "./block_sizes.ts";
import { CHANNELS, cosine, GROUPS, MEDIUM_CHANNELS } from "./colour_dct.ts";
import { GREY_PARTS, type Planes } from "./motion.ts";

/** The whole number that stands for 1 in cosines. */
const COSINE_UNIT = 2 ** 14;

/** Maximum of latents and planes, of either sign. */
const LIMIT = 32767;

/** The blocks of a tile. */
export interface TileBlocks {
  /** Rows of cells. */
  readonly rows: number;
  /** Columns of cells. */
  readonly columns: number;
  /** The place in `BLOCK_CELLS` of each cell's block. */
  readonly sizes: Uint8Array;
}

/** What planes are made of. */
export interface PlaneSource {
  /** The tile's blocks. */
  readonly blocks: TileBlocks;
  /** In 1/16 of a step, `[rows, columns, channels]`. */
  readonly latents: Int16Array;
  /** Steps per grey level, as a binary logarithm in 1/48. */
  readonly logStep: number;
  /** Side of a cell in pixels: 8, or 4 in the medium frame. */
  readonly side: number;
  /** Which superblocks are as in other planes, row by row, and these planes. */
  readonly kept?: { readonly copied: Uint8Array; readonly planes: Planes };
}

/**
 * Makes the planes of latents. Those of a medium frame have twice its contrast.
 *
 * @param source The latents, at least the channels of the size.
 * @returns The planes.
 */
export function toFramePlanes(
  { blocks, latents, logStep, side, kept }: PlaneSource,
): Planes {
  const { rows, columns } = blocks;
  const [height, width] = [side * rows, side * columns];
  const stored = latents.length / (rows * columns);
  const values = kept?.planes.values.slice() ??
    new Int16Array(3 * height * width);
  // Latents are in 1/16 of a step.
  const unit = powerOf(-logStep) * GREY_PARTS / 16;
  const scratch = new Float64Array(2 * (SUPERBLOCK * side) ** 2);
  const used = new Uint8Array(SUPERBLOCK * side);
  forBlocks(blocks, kept?.copied, (top, left, cells) => {
    const size = cells * side;
    const cosines = wholeCosines(size);
    const columnSums = scratch.subarray(0, size * size);
    const pixels = scratch.subarray(size * size, 2 * size * size);
    for (let axis = 0; axis < 3; axis++) {
      columnSums.fill(0);
      pixels.fill(0);
      used.fill(0);
      for (const { channel, v, u } of channelsOf(side, axis)) {
        for (let j = 0; j < cells; j++) {
          for (let i = 0; i < cells; i++) {
            const cell = (top + j) * columns + left + i;
            const latent = latents[cell * stored + channel]!;
            if (latent === 0) continue;
            const coefficient = Math.floor(latent * unit + 0.5);
            const from = (v * cells + j) * size, to = (u * cells + i) * size;
            used[u * cells + i] = 1;
            for (let y = 0; y < size; y++) {
              columnSums[to + y]! += coefficient * cosines[from + y]!;
            }
          }
        }
      }
      for (let u = 0; u < size; u++) {
        if (used[u] === 0) continue;
        const from = u * size;
        for (let y = 0; y < size; y++) {
          const sum = Math.floor(columnSums[from + y]! / 2 ** 10 + 0.5);
          const to = y * size;
          for (let x = 0; x < size; x++) {
            pixels[to + x]! += sum * cosines[from + x]!;
          }
        }
      }
      const first = (axis * height + top * side) * width + left * side;
      for (let y = 0, at = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
          const value = Math.floor(pixels[at]! / 2 ** 18 + 0.5);
          values[first + y * width + x] = within(value);
        }
      }
    }
  });
  return { height, width, values };
}

/** What latents are made of. */
export interface LatentSource extends Omit<PlaneSource, "latents" | "kept"> {
  /** From {@linkcode toFramePlanes}, possibly moved. */
  readonly planes: Planes;
  /** Superblocks that are left out, row by row. */
  readonly skipped?: Uint8Array;
}

/**
 * The latents of planes in a tile's blocks.
 *
 * @param source The planes.
 * @returns In 1/16 of a step, `[rows, columns, 48 or 192]`; 0 where they are
 * left out.
 */
export function toFrameLatents(
  { blocks, planes, logStep, side, skipped }: LatentSource,
): Int16Array<ArrayBuffer> {
  const { rows, columns } = blocks;
  const { height, width, values } = planes;
  const channels = side === BLOCK ? CHANNELS : MEDIUM_CHANNELS;
  const latents = new Int16Array(rows * columns * channels);
  const unit = powerOf(logStep) * 16 / 64;
  const scratch = new Float64Array((SUPERBLOCK * side) ** 2);
  const folded = new Float64Array(SUPERBLOCK * side);
  forBlocks(blocks, skipped, (top, left, cells) => {
    const size = cells * side, half = size / 2;
    const cosines = wholeCosines(size);
    const rowSums = scratch.subarray(0, size * size);
    for (let axis = 0; axis < 3; axis++) {
      const first = (axis * height + top * side) * width + left * side;
      for (let y = 0; y < size; y++) {
        fold(values, first + y * width, size, folded);
        for (let u = 0; u < size; u++) {
          const from = u * size, start = (u & 1) * half;
          let sum = 0;
          for (let x = 0; x < half; x++) {
            sum += folded[start + x]! * cosines[from + x]!;
          }
          rowSums[u * size + y] = Math.floor(sum / 2 ** 8 + 0.5);
        }
      }
      for (let u = 0; u < size; u++) {
        fold(rowSums, u * size, size, folded);
        const i = u % cells, across = Math.floor(u / cells);
        for (let v = 0; v < size; v++) {
          const from = v * size, start = (v & 1) * half;
          let sum = 0;
          for (let y = 0; y < half; y++) {
            sum += folded[start + y]! * cosines[from + y]!;
          }
          const coefficient = Math.floor(sum / 2 ** 17 + 0.5);
          const j = v % cells, down = Math.floor(v / cells);
          const channel = channelTable[(axis * BLOCK + down) * BLOCK + across]!;
          const cell = (top + j) * columns + left + i;
          latents[cell * channels + channel] = within(
            Math.floor(coefficient * unit + 0.5),
          );
        }
      }
    }
  });
  return latents;
}

/**
 * Sums of values from both ends, then their differences: what even and odd
 * cosines are multiplied with.
 */
function fold(
  values: ArrayLike<number>,
  first: number,
  size: number,
  into: Float64Array,
): void {
  const half = size / 2, last = first + size - 1;
  for (let i = 0; i < half; i++) {
    const a = values[first + i]!, b = values[last - i]!;
    into[i] = a + b;
    into[half + i] = a - b;
  }
}

/** Visits blocks that are not in some superblocks. */
function forBlocks(
  { rows, columns, sizes }: TileBlocks,
  skipped: Uint8Array | undefined,
  visit: (top: number, left: number, cells: number) => void,
): void {
  for (let y = 0; y < rows; y++) {
    const row = Math.floor(y / SUPERBLOCK) * columns / SUPERBLOCK;
    for (let x = 0; x < columns; x++) {
      const cells = BLOCK_CELLS[sizes[y * columns + x]!]!;
      if (y % cells > 0 || x % cells > 0) continue;
      if (skipped?.[row + Math.floor(x / SUPERBLOCK)]) continue;
      visit(y, x, cells);
    }
  }
}

function within(value: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, value));
}

const known = new Map<number, Float64Array>();

/** `[frequency, sample]`, in whole numbers. */
function wholeCosines(size: number): Float64Array {
  let values = known.get(size);
  if (values === undefined) {
    values = Float64Array.from(
      { length: size * size },
      (_, i) =>
        Math.round(COSINE_UNIT * cosine(size, Math.floor(i / size), i % size)),
    );
    known.set(size, values);
  }
  return values;
}

/** A channel and its frequencies in a cell. */
interface ChannelPlace {
  readonly channel: number;
  readonly v: number;
  readonly u: number;
}

const places = [0, 1, 2].map((wanted) =>
  GROUPS.flat().flatMap(({ axis, v, u }, channel): ChannelPlace[] =>
    axis === wanted ? [{ channel, v, u }] : []
  )
);

const mediumPlaces = places.map((all) =>
  all.filter(({ channel }) => channel < MEDIUM_CHANNELS)
);

function channelsOf(side: number, axis: number): readonly ChannelPlace[] {
  return (side === BLOCK ? places : mediumPlaces)[axis]!;
}

/** Channels by axis and frequencies, the same at both sizes. */
const channelTable = new Uint8Array(CHANNELS);
GROUPS.flat().forEach(({ axis, v, u }, channel) => {
  channelTable[(axis * BLOCK + v) * BLOCK + u] = channel;
});

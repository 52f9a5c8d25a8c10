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
import { BLOCK_SIZES, type BlockSize } from "./block_sizes.ts";
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
  /** The place in `BLOCK_SIZES` of each cell's block. */
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
  const longest = SUPERBLOCK * side;
  const scratch = new Float64Array(longest ** 2);
  const twoRows = [0, 1].map(() => new Float64Array(longest + 1));
  forBlocks(blocks, kept?.copied, (top, left, size) => {
    const tall = size.rows * side, wide = size.columns * side;
    const { byFrequency } = wholeCosines(tall);
    const { bySample } = wholeCosines(wide);
    const [halfTall, halfWide] = [tall / 2, wide / 2];
    // Of each u, half a column of even v, and half a column of odd v.
    const sums = scratch.subarray(0, wide * tall);
    for (let axis = 0; axis < 3; axis++) {
      sums.fill(0);
      let last = -1;
      for (const { channel, v, u } of channelsOf(side, axis)) {
        for (let j = 0; j < size.rows; j++) {
          for (let i = 0; i < size.columns; i++) {
            const cell = (top + j) * columns + left + i;
            const latent = latents[cell * stored + channel]!;
            if (latent === 0) continue;
            const coefficient = Math.floor(latent * unit + 0.5);
            const down = v * size.rows + j, across = u * size.columns + i;
            if (across > last) last = across;
            const from = down * tall;
            const to = across * tall + (down & 1) * halfTall;
            for (let y = 0; y < halfTall; y++) {
              sums[to + y]! += coefficient * byFrequency[from + y]!;
            }
          }
        }
      }
      const first = (axis * height + top * side) * width + left * side;
      for (let y = 0; y < halfTall; y++) {
        const [upper, lower] = twoRows as [Float64Array, Float64Array];
        for (let u = 0, at = y; u <= last; u++, at += tall) {
          const even = sums[at]!, odd = sums[at + halfTall]!;
          upper[u] = Math.floor((even + odd) / 2 ** 10 + 0.5);
          lower[u] = Math.floor((even - odd) / 2 ** 10 + 0.5);
        }
        upper[last + 1] = lower[last + 1] = 0;
        const ends = [y, tall - 1 - y];
        for (let end = 0; end < 2; end++) {
          const row = twoRows[end]!;
          const to = first + ends[end]! * width;
          for (let x = 0; x < halfWide; x++) {
            let even = 0, odd = 0;
            for (let u = 0, at = x * wide; u <= last; u += 2, at += 2) {
              even += row[u]! * bySample[at]!;
              odd += row[u + 1]! * bySample[at + 1]!;
            }
            values[to + x] = toPlane(even + odd);
            values[to + wide - 1 - x] = toPlane(even - odd);
          }
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
  const longest = SUPERBLOCK * side;
  const scratch = new Float64Array(longest ** 2);
  const folded = new Float64Array(longest);
  const line = new Float64Array(longest);
  forBlocks(blocks, skipped, (top, left, size) => {
    const tall = size.rows * side, wide = size.columns * side;
    const downwards = wholeCosines(tall).byFrequency;
    const along = wholeCosines(wide).byFrequency;
    const rowSums = scratch.subarray(0, wide * tall);
    for (let axis = 0; axis < 3; axis++) {
      const first = (axis * height + top * side) * width + left * side;
      for (let y = 0; y < tall; y++) {
        fold(values, first + y * width, wide, folded);
        project(folded, wide, along, line);
        for (let u = 0; u < wide; u++) {
          rowSums[u * tall + y] = Math.floor(line[u]! / 2 ** 8 + 0.5);
        }
      }
      for (let u = 0; u < wide; u++) {
        fold(rowSums, u * tall, tall, folded);
        project(folded, tall, downwards, line);
        const i = u % size.columns, across = Math.floor(u / size.columns);
        for (let v = 0; v < tall; v++) {
          const coefficient = Math.floor(line[v]! / 2 ** 17 + 0.5);
          const j = v % size.rows, down = Math.floor(v / size.rows);
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

/**
 * Sums of folded values times cosines: `Σ value(x) * cosine(u, x)`.
 *
 * @param folded From {@linkcode fold}.
 * @param size Number of values and of sums.
 * @param cosines `[frequency, sample]`.
 * @param sums Receives the sums by their frequencies.
 */
function project(
  folded: Float64Array,
  size: number,
  cosines: Float64Array,
  sums: Float64Array,
): void {
  const half = size / 2;
  for (let parity = 0; parity < 2; parity++) {
    const start = parity * half;
    let u = parity;
    // Four at once wait less for each other.
    for (; u + 6 < size; u += 8) {
      let a = 0, b = 0, c = 0, d = 0;
      for (let x = 0, at = u * size; x < half; x++, at++) {
        const value = folded[start + x]!;
        a += value * cosines[at]!;
        b += value * cosines[at + 2 * size]!;
        c += value * cosines[at + 4 * size]!;
        d += value * cosines[at + 6 * size]!;
      }
      sums[u] = a;
      sums[u + 2] = b;
      sums[u + 4] = c;
      sums[u + 6] = d;
    }
    for (; u < size; u += 2) {
      let sum = 0;
      for (let x = 0; x < half; x++) {
        sum += folded[start + x]! * cosines[u * size + x]!;
      }
      sums[u] = sum;
    }
  }
}

/** Visits blocks that are not in some superblocks. */
function forBlocks(
  { rows, columns, sizes }: TileBlocks,
  skipped: Uint8Array | undefined,
  visit: (top: number, left: number, size: BlockSize) => void,
): void {
  for (let y = 0; y < rows; y++) {
    const row = Math.floor(y / SUPERBLOCK) * columns / SUPERBLOCK;
    for (let x = 0; x < columns; x++) {
      const size = BLOCK_SIZES[sizes[y * columns + x]!]!;
      if (y % size.rows > 0 || x % size.columns > 0) continue;
      if (skipped?.[row + Math.floor(x / SUPERBLOCK)]) continue;
      visit(y, x, size);
    }
  }
}

function toPlane(sum: number): number {
  return within(Math.floor(sum / 2 ** 18 + 0.5));
}

function within(value: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, value));
}

/** Cosines in whole numbers. */
interface WholeCosines {
  /** `[frequency, sample]`. */
  readonly byFrequency: Float64Array;
  /** `[sample, frequency]`. */
  readonly bySample: Float64Array;
}

const known = new Map<number, WholeCosines>();

function wholeCosines(size: number): WholeCosines {
  let found = known.get(size);
  if (found === undefined) {
    const table = (of: (row: number, column: number) => number) =>
      Float64Array.from(
        { length: size * size },
        (_, i) => Math.round(COSINE_UNIT * of(Math.floor(i / size), i % size)),
      );
    found = {
      byFrequency: table((frequency, i) => cosine(size, frequency, i)),
      bySample: table((i, frequency) => cosine(size, frequency, i)),
    };
    known.set(size, found);
  }
  return found;
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

/**
 * What FORMAT.md says of later frames of a group, in plain loops.
 *
 * @module
 */
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import type { RansDecoder } from "@/codec/entropy/rans.ts";
import { value } from "./_format_tables.ts";
import { at, BLOCKS, coefficients, type Grid, grid } from "./_grids.ts";

const clip = (value: number, most: number) =>
  Math.min(most, Math.max(-most, value));

const COPIED = new FrequencyTables(
  [8000, 32000, 58000].map((p) => ({
    centre: 0,
    frequencies: [65534 - p, 1, p, 1],
  })),
);

/** Which superblocks are copied, row by row. */
export function readCopied(
  decoder: RansDecoder,
  rows: number,
  columns: number,
): boolean[] {
  const copied: boolean[] = [], across = columns / 8;
  for (let i = 0; i < rows / 8 * across; i++) {
    const left = i % across > 0 && copied[i - 1] ? 1 : 0;
    const above = i >= across && copied[i - across] ? 1 : 0;
    copied.push(value(decoder, COPIED, left + above) !== 0);
  }
  return copied;
}

/** The table of a refinement; `more` is what is said beyond the mean. */
export function saidIndex(t: number, j: number, more: number): number {
  if (j !== 0) return 23 * t + 14 + Math.min(8, Math.abs(j));
  return 23 * t + 7 + clip(Math.floor(more / 8 + 1 / 2), 7);
}

/** Down and right of each square that has a vector. */
export function readVectors(
  decoder: RansDecoder,
  rows: number,
  columns: number,
  isCoded: (y: number, x: number) => boolean,
): Grid {
  const vectors = grid(rows / 4, columns / 4, 2);
  for (let y = 0; y < rows / 4; y++) {
    for (let x = 0; x < columns / 4; x++) {
      if (!isCoded(4 * y, 4 * x)) continue;
      const near = x > 0 ? [y, x - 1] as const : [y - 1, x] as const;
      const agree = x > 0 && y > 0 &&
        [0, 1].every((c) =>
          at(vectors, y, x - 1, c) === at(vectors, y - 1, x, c)
        );
      const [d, e] = [0, 1].map(() =>
        value(decoder, gaussianTables(), agree ? 12 : 36)
      );
      const place = (y * columns / 4 + x) * 2;
      vectors.data[place] = clip(d! + at(vectors, ...near, 0), 4095);
      vectors.data[place + 1] = clip(e! + at(vectors, ...near, 1), 4095);
    }
  }
  return vectors;
}

const WEIGHTS = [
  [0, 64, 0, 0],
  [-2, 58, 10, -2],
  [-4, 54, 16, -2],
  [-6, 46, 28, -4],
  [-4, 36, 36, -4],
  [-4, 28, 46, -6],
  [-2, 16, 54, -4],
  [-2, 10, 58, -2],
];

function whole(n: number, f: number, i: number): number {
  const cosine = Math.sqrt((f === 0 ? 1 : 2) / n) *
    Math.cos(Math.PI * (2 * i + 1) * f / (2 * n));
  return Math.floor(2 ** 14 * cosine + 1 / 2);
}

const sum = (n: number, term: (i: number) => number) => {
  let result = 0;
  for (let i = 0; i < n; i++) result += term(i);
  return result;
};

/** Visits each block: its first row and column, its rows and columns of cells. */
function blocks(
  sizes: readonly number[],
  columns: number,
  visit: (y: number, x: number, m: number, k: number) => void,
): void {
  sizes.forEach((size, cell) => {
    const [y, x] = [Math.floor(cell / columns), cell % columns];
    const [m, k] = BLOCKS[size]!;
    if (y % m === 0 && x % k === 0) visit(y, x, m, k);
  });
}

/** The channel of an axis and frequencies in a cell. */
const channelOf = new Map(
  coefficients().map(({ a, v, u }, c) => [`${a} ${v} ${u}`, c]),
);

/** The planes of latents, three channels; n pixels along a cell. */
function planes(
  latents: Grid,
  sizes: readonly number[],
  unit: number,
  n: number,
): Grid {
  const { rows, columns } = latents;
  const found = grid(n * rows, n * columns, 3);
  blocks(sizes, columns, (top, left, m, k) => {
    const [tall, wide] = [n * m, n * k];
    for (let a = 0; a < 3; a++) {
      const coefficient = (v: number, u: number) => {
        const c = channelOf.get(
          `${a} ${Math.floor(v / m)} ${Math.floor(u / k)}`,
        )!;
        const latent = at(latents, top + v % m, left + u % k, c);
        return Math.floor(latent * unit / 2 + 1 / 2);
      };
      const all = grid(tall, wide, 1, coefficient);
      const column = grid(tall, wide, 1, (y, u) =>
        Math.floor(
          sum(tall, (v) => at(all, v, u, 0) * whole(tall, v, y)) / 2 ** 10 +
            1 / 2,
        ));
      for (let y = 0; y < tall; y++) {
        for (let x = 0; x < wide; x++) {
          const place = (n * top + y) * n * columns + n * left + x;
          found.data[3 * place + a] = clip(
            Math.floor(
              sum(wide, (u) => at(column, y, u, 0) * whole(wide, u, x)) /
                  2 ** 18 + 1 / 2,
            ),
            32767,
          );
        }
      }
    }
  });
  return found;
}

function moved(before: Grid, vectors: Grid, n: number): Grid {
  const { rows, columns } = before;
  const pixel = (y: number, x: number, a: number) =>
    at(
      before,
      Math.max(0, Math.min(rows - 1, y)),
      Math.max(0, Math.min(columns - 1, x)),
      a,
    );
  return grid(rows, columns, 3, (y, x, a) => {
    const [square, other] = [Math.floor(y / n / 4), Math.floor(x / n / 4)];
    const [Y, X] = [
      y + at(vectors, square, other, 0) * n / 8 / 4,
      x + at(vectors, square, other, 1) * n / 8 / 4,
    ];
    const [j, i] = [Math.floor(Y), Math.floor(X)];
    const [down, right] = [WEIGHTS[8 * (Y - j)]!, WEIGHTS[8 * (X - i)]!];
    const result = Math.floor(
      (sum(
        4,
        (f) =>
          sum(4, (g) => down[f]! * right[g]! * pixel(j - 1 + f, i - 1 + g, a)),
      ) + 2048) / 4096,
    );
    return (result << 16) >> 16;
  });
}

/** What the frame before says of latents. */
export interface SaidSource {
  /** The latents of the frame before, 48 or 192 channels. */
  readonly before: Grid;
  /** Its blocks. */
  readonly sizesBefore: readonly number[];
  /** The blocks of this frame. */
  readonly sizes: readonly number[];
  readonly vectors: Grid;
  /** Powers of minus and plus the logarithm of steps. */
  readonly powers: readonly [number, number];
  readonly isCopied: (cell: number) => boolean;
}

/** The said latents of a frame. */
export function said(
  { before, sizesBefore, sizes, vectors, powers, isCopied }: SaidSource,
): Grid {
  const { rows, columns, channels } = before;
  const n = channels === 192 ? 8 : 4;
  const source = planes(before, sizesBefore, powers[0], n);
  const plane = moved(source, vectors, n);
  const found = grid(rows, columns, channels);
  blocks(sizes, columns, (top, left, m, k) => {
    const [tall, wide] = [n * m, n * k];
    for (let a = 0; a < 3; a++) {
      const row = grid(tall, wide, 1, (y, u) =>
        Math.floor(
          sum(wide, (x) =>
                at(plane, n * top + y, n * left + x, a) * whole(wide, u, x)) /
              2 ** 8 + 1 / 2,
        ));
      for (let v = 0; v < tall; v++) {
        for (let u = 0; u < wide; u++) {
          const coefficient = Math.floor(
            sum(tall, (y) => at(row, y, u, 0) * whole(tall, v, y)) / 2 ** 17 +
              1 / 2,
          );
          const c = channelOf.get(
            `${a} ${Math.floor(v / m)} ${Math.floor(u / k)}`,
          )!;
          const cell = (top + v % m) * columns + left + u % k;
          found.data[cell * channels + c] = isCopied(cell)
            ? before.data[cell * channels + c]!
            : clip(Math.floor(coefficient * powers[1] / 4 + 1 / 2), 32767);
        }
      }
    }
  });
  return found;
}

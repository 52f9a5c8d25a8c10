/**
 * Grids of numbers and their cosine transforms, for a decoder in plain loops.
 *
 * @module
 */

/** Rows, columns and channels of numbers. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly data: Float64Array;
}

export function grid(
  rows: number,
  columns: number,
  channels: number,
  value: (y: number, x: number, c: number) => number = () => 0,
): Grid {
  const data = new Float64Array(rows * columns * channels);
  let at = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (let c = 0; c < channels; c++) data[at++] = value(y, x, c);
    }
  }
  return { rows, columns, channels, data };
}

/** A number of a grid, 0 beyond its edge. */
export function at(g: Grid, y: number, x: number, c: number): number {
  if (y < 0 || x < 0 || y >= g.rows || x >= g.columns) return 0;
  return g.data[(y * g.columns + x) * g.channels + c]!;
}

export function join(...all: Grid[]): Grid {
  const channels = all.flatMap((g) =>
    Array.from({ length: g.channels }, (_, c) => [g, c] as const)
  );
  const { rows, columns } = all[0]!;
  return grid(rows, columns, channels.length, (y, x, c) => {
    const [g, own] = channels[c]!;
    return at(g, y, x, own);
  });
}

export function plus(a: Grid, b: Grid): Grid {
  return { ...a, data: a.data.map((value, i) => value + b.data[i]!) };
}

export function unfold(g: Grid, n: number): Grid {
  const channels = g.channels / n ** 2;
  return grid(g.rows * n, g.columns * n, channels, (y, x, c) => {
    const place = (y % n) * n + x % n;
    const [row, column] = [Math.floor(y / n), Math.floor(x / n)];
    return at(g, row, column, place * channels + c);
  });
}

function cosine(n: number, f: number, i: number): number {
  return Math.sqrt((f === 0 ? 1 : 2) / n) *
    Math.cos(Math.PI * (2 * i + 1) * f / (2 * n));
}

/** The orthonormal DCT of a block, or its inverse. */
export function cosines(block: Grid, to: "pixels" | "coefficients"): Grid {
  /** All rows transformed, as columns. */
  const transform = ({ rows, columns: n, data }: Grid) => {
    const table = grid(
      n,
      n,
      1,
      (to_, from) =>
        to === "pixels" ? cosine(n, from, to_) : cosine(n, to_, from),
    ).data;
    return grid(n, rows, 1, (column, row) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += table[column * n + i]! * data[row * n + i]!;
      }
      return sum;
    });
  };
  return transform(transform(block));
}

/** Rows and columns of cells in blocks of each size. */
export const BLOCKS: readonly (readonly [number, number])[] = [
  ...[[1, 1], [2, 2], [4, 4], [8, 8]] as const,
  ...[[1, 2], [2, 1], [2, 4], [4, 2]] as const,
];

export function scale(image: Grid): Grid {
  return { ...image, data: image.data.map((value) => value + 127.5) };
}

/** Channels in the order of the table of groups. */
export function coefficients(): { a: number; v: number; u: number }[] {
  const groupOf = (a: number, v: number, u: number) => {
    if (v > 3 || u > 3) return a === 0 ? 3 : 4;
    const isCoarse = v < 2 && u < 2;
    if (v + u === 0 || (a === 0 && isCoarse)) return 0;
    return a === 0 || isCoarse ? 1 : 2;
  };
  const all = Array.from({ length: 192 }, (_, i) => ({
    a: i % 3,
    u: Math.floor(i / 3) % 8,
    v: Math.floor(i / 24),
  }));
  const keys = ({ a, v, u }: { a: number; v: number; u: number }) => [
    groupOf(a, v, u),
    v + u,
    v,
    a,
  ];
  return all.sort((one, two) => {
    const [p, q] = [keys(one), keys(two)];
    const differs = p.findIndex((key, i) => key !== q[i]);
    return p[differs]! - q[differs]!;
  });
}

export function toPixels(
  { rows, columns, channels, data }: Grid,
  n: number,
): Grid {
  const table = grid(n, n, 1, (f, i) => cosine(n, f, i)).data;
  const colours = [[1, 1, 1], [1, 0, -1], [1, -2, 1]].map((axis) =>
    axis.map((one) => one / Math.hypot(...axis))
  );
  const order = coefficients();
  return grid(rows * n, columns * n, 3, (y, x, k) => {
    const block = Math.floor(y / n) * columns + Math.floor(x / n);
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const { a, v, u } = order[c]!;
      sum += data[block * channels + c]! * colours[a]![k]! *
        table[v * n + y % n]! * table[u * n + x % n]!;
    }
    return n === 4 ? sum / 2 : sum;
  });
}

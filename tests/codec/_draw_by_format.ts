/**
 * Decoded tiles to pixels, written after FORMAT.md; the half of the second
 * decoder that follows {@linkcode FormatDecoder}.
 *
 * @module
 */
import { layerSum, type Model, numbers } from "./_format_model.ts";
import {
  at,
  BLOCKS,
  coefficients,
  cosines,
  type Grid,
  grid,
  join,
  plus,
  scale,
  toPixels,
  unfold,
} from "./_grids.ts";

/** `2 ** (l / 48)` to 15 binary digits. */
export function power(l: number): number {
  const j = ((l % 48) + 48) % 48;
  return Math.round(2 ** (14 + j / 48)) * 2 ** (Math.floor(l / 48) - 14);
}

/** A decoded tile. */
export interface FormatTile {
  readonly rows: number;
  readonly columns: number;
  /** The size of each cell's block, a place in `BLOCKS`. */
  readonly sizes: readonly number[];
  /** Whether each cell is the first of its block. */
  readonly isFirst: readonly boolean[];
  /** Whether each superblock has no corrections. */
  readonly plain: readonly boolean[];
  readonly hyper: Grid;
  /** Of the first two layers, 48 channels. */
  readonly medium: Grid;
  /** Of all layers, 192 channels. */
  readonly high: Grid;
}

/** A model for photos, a quality and a coarseness. */
export class FormatPainter {
  protected readonly photo: Model;
  protected readonly quality: number;
  protected readonly coarseness: number;

  constructor(photo: Model, quality: number, coarseness: number) {
    this.photo = photo;
    this.quality = quality;
    this.coarseness = coarseness;
  }

  /** The coefficients of cells, before they are corrected. */
  cells({ sizes, ...tile }: FormatTile, sort: "medium" | "high"): Grid {
    const n = sort === "high" ? 8 : 4;
    const latents = tile[sort];
    const norms = this.#numbers("real/norms");
    const unit = power(-this.#numbers("log_steps")[this.quality - 1]!) / 16;
    const { rows, columns, channels } = latents;
    const order = coefficients().slice(0, channels);
    const placeOf = new Map(
      order.map(({ a, v, u }, c) => [`${a} ${v} ${u}`, c]),
    );
    const planes = [0, 1, 2].map(() => grid(n * rows, n * columns, 1));
    for (let cell = 0; cell < rows * columns; cell++) {
      const [y, x] = [Math.floor(cell / columns), cell % columns];
      const [m, k] = BLOCKS[sizes[cell]!]!;
      if (y % m > 0 || x % k > 0) continue;
      for (const [a, plane] of planes.entries()) {
        const block = grid(m * n, k * n, 1, (f, g) => {
          const c = placeOf.get(
            `${a} ${Math.floor(f / m)} ${Math.floor(g / k)}`,
          );
          return unit * at(latents, y + f % m, x + g % k, c!);
        });
        const pixels = cosines(block, "pixels");
        pixels.data.forEach((value, i) => {
          const [j, l] = [Math.floor(i / (k * n)), i % (k * n)];
          plane.data[(n * y + j) * n * columns + n * x + l] = value;
        });
      }
    }
    const found = grid(rows, columns, channels);
    for (let cell = 0; cell < rows * columns; cell++) {
      const [y, x] = [Math.floor(cell / columns), cell % columns];
      const parts = planes.map((plane) =>
        cosines(
          grid(n, n, 1, (j, i) => at(plane, n * y + j, n * x + i, 0)),
          "coefficients",
        )
      );
      order.forEach(({ a, v, u }, c) => {
        found.data[cell * channels + c] = at(parts[a]!, v, u, 0) / norms[c]!;
      });
    }
    return found;
  }

  /** Values of all pixels of an image's cells, about 0..255. */
  pixels(
    cells: Grid,
    plain: (y: number, x: number) => boolean,
    sort: "medium" | "high",
  ): Grid {
    const { rows, columns, channels } = cells;
    const isHigh = sort === "high";
    const level = (this.quality - 1) / 99;
    const known = grid(
      rows,
      columns,
      isHigh ? 1 : 2,
      (_y, _x, c) => c === 0 ? level : this.coarseness / 3,
    );
    let hidden = this.#real(join(cells, known), `${sort}/0`);
    hidden = plus(hidden, this.#twice(hidden, `${sort}/1`, `${sort}/2`));
    hidden = plus(hidden, this.#twice(hidden, `${sort}/3`, `${sort}/4`));
    const masked = (g: Grid, n: number) =>
      grid(
        g.rows,
        g.columns,
        g.channels,
        (y, x, c) =>
          plain(Math.floor(y / n), Math.floor(x / n)) ? 0 : at(g, y, x, c),
      );
    const correction = masked(this.#real(hidden, `${sort}/5`, true), 1);
    const norms = this.#numbers("real/norms");
    const sum = plus(cells, correction);
    const values = grid(
      rows,
      columns,
      channels,
      (y, x, c) => at(sum, y, x, c) * norms[c]!,
    );
    const image = toPixels(values, isHigh ? 8 : 4);
    if (!isHigh) return scale(image);
    const p = grid(2 * rows, 2 * columns, 48, (y, x, c) => {
      const [j, i] = [Math.floor(c / 12), Math.floor(c / 3) % 4];
      return at(image, 4 * y + j, 4 * x + i, c % 3) / 255;
    });
    const more = unfold(this.#real(hidden, "high/6"), 2);
    const c = this.#real(join(p, more), "detail/0");
    const d = plus(c, this.#twice(c, "detail/1", "detail/2"));
    const detail = masked(this.#real(d, "detail/3", true), 2);
    const fine = unfold(plus(p, detail), 4);
    return { ...fine, data: fine.data.map((value) => 255 * (value + 0.5)) };
  }

  /** The thumbnail of a tile, about 0..255. */
  thumbnail({ hyper, sizes }: FormatTile): Grid {
    const { rows, columns, channels } = hyper;
    const input = grid(
      rows,
      columns,
      channels,
      (y, x, c) => at(hyper, y, x, c) / 4,
    );
    const found = this.#real(input, "thumbnail", true);
    return grid(rows, columns, 3, (y, x, c) => {
      const isLargest = sizes[4 * (4 * y * columns + x)] === 3;
      const [j, i] = isLargest ? [y & ~1, x & ~1] : [y, x];
      return 255 * (at(found, j, i, c) + 0.5);
    });
  }

  #twice(input: Grid, one: string, two: string): Grid {
    return this.#real(this.#real(input, one), two, true);
  }

  #numbers(name: string) {
    return numbers(this.photo.tensors, name);
  }

  #real(input: Grid, layer: string, isLinear = false): Grid {
    const sum = layerSum(this.photo.tensors, input, `real/${layer}`);
    if (isLinear) return sum;
    return { ...sum, data: sum.data.map((value) => Math.max(0, value)) };
  }
}

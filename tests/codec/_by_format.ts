/**
 * A second decoder of tiles and images, written after FORMAT.md, in plain
 * loops and numbers of 64 bits. Slow, and as simple as the text.
 * `_draw_by_format.ts` makes pixels of tiles.
 *
 * @module
 */
import { RansDecoder } from "@/codec/entropy/rans.ts";
import { assert } from "@std/assert";
import { layerSum, type Model, numbers, readModel } from "./_format_model.ts";
import {
  readCopied,
  readVectors,
  said,
  saidIndex,
} from "./_frames_by_format.ts";
import {
  EMPTY,
  EXTENT,
  FIRST_PATH,
  multiple,
  nested,
  pathTable,
  PLAIN,
  stateAfter,
  table,
  value,
  valuesIn,
} from "./_format_tables.ts";
import { FormatPainter, type FormatTile, power } from "./_draw_by_format.ts";
import { at, BLOCKS, type Grid, grid, join, unfold } from "./_grids.ts";

const SIZES = [6, 18, 24, 48, 96];

const clip = (value: number, most: number, least = -most) =>
  Math.min(most, Math.max(least, value));

/** Fine values in a coarse one, by coarseness and group. */
const R = [[1, 1, 1], [1, 2, 2], [2, 2, 2], [2, 4, 4]];

/** The kind of a square's cell, of the first of a block or not. */
const squareKind = (side: number, isFirst: boolean) =>
  isFirst ? Math.log2(side) : 3 + Math.max(1, Math.log2(side));

/** Which superblocks have no values in a pass. */
function readEmpty(
  decoder: RansDecoder,
  rows: number,
  columns: number,
  copied: readonly boolean[],
): boolean[] {
  const extent = value(decoder, EXTENT, 0);
  const empty: boolean[] = [];
  for (let i = 0; i < rows * columns; i++) {
    if (extent === 0 || extent === 1) {
      empty.push(extent === 1);
      continue;
    }
    if (copied[i]) {
      empty.push(true);
      continue;
    }
    const left = i % columns > 0 && empty[i - 1] ? 1 : 0;
    const above = i >= columns && empty[i - columns] ? 1 : 0;
    empty.push(value(decoder, EMPTY, left + above) !== 0);
  }
  return empty;
}

/** A model, a quality and a coarseness. */
export class FormatDecoder extends FormatPainter {
  readonly #clip: Model | undefined;
  /** The model that predicts the present tile. */
  #model: Model;

  constructor(
    weights: Uint8Array,
    quality: number,
    coarseness: number,
    clipWeights?: Uint8Array,
  ) {
    const photo = readModel(weights);
    super(photo, quality, coarseness);
    this.#model = photo;
    this.#clip = clipWeights && readModel(clipWeights);
  }

  /** A tile of w x h pixels, of a photo or of a frame after another one. */
  tile(
    streams: readonly Uint8Array[],
    w: number,
    h: number,
    before?: FormatTile,
  ): FormatTile {
    const isLater = before !== undefined && this.#clip !== undefined;
    this.#model = isLater ? this.#clip : this.photo;
    const { tables: fineTables, splits } = this.#model;
    const [rows, columns] = [8 * Math.ceil(h / 64), 8 * Math.ceil(w / 64)];
    const used = (y: number, x: number) => 8 * y < h && 8 * x < w;
    const [zero, one, two] = streams.map((bytes) => new RansDecoder(bytes));
    const q = this.quality;

    const copied = before === undefined ? [] : readCopied(zero!, rows, columns);
    const superblock = (y: number, x: number) =>
      Math.floor(y / 8) * columns / 8 + Math.floor(x / 8);
    const isCopied = (cell: number) =>
      copied[superblock(Math.floor(cell / columns), cell % columns)] ?? false;
    const vectors = isLater &&
      readVectors(
        zero!,
        rows,
        columns,
        (y, x) => used(y, x) && !copied[superblock(y, x)],
      );

    const sizes = Array<number>(rows * columns).fill(0);
    const isFirst = Array<boolean>(rows * columns).fill(false);
    const coded = Array<boolean>(rows * columns).fill(false);
    const contexts = isLater ? 18 : 9;
    const anchors = splits.count / contexts;
    const anchor = Math.floor((2 * (q - 1) * (anchors - 1) + 99) / 198);
    const block = (y: number, x: number, size: number) => {
      const [m, n] = BLOCKS[size]!;
      for (let j = 0; j < m; j++) {
        for (let i = 0; i < n; i++) {
          const cell = (y + j) * columns + x + i;
          sizes[cell] = size;
          coded[cell] = used(y, x);
          isFirst[cell] = i + j === 0;
        }
      }
    };
    const square = (y: number, x: number, s: number) => {
      const below = (size: number) => {
        const [m, n] = BLOCKS[size]!;
        return m * n < 4 ** s;
      };
      const smaller = (y: number, x: number) =>
        y >= 0 && x >= 0 && below(sizes[y * columns + x]!) ? 1 : 0;
      if (s === 0 || !used(y, x)) return block(y, x, s);
      const context = smaller(y, x - 1) + smaller(y - 1, x);
      const was = isLater && below(before.sizes[y * columns + x]!) ? 9 : 0;
      const index = contexts * anchor + was + 3 * (s - 1) + context;
      const what = value(zero!, splits, index);
      const half = 2 ** (s - 1);
      if (what === 0) block(y, x, s);
      else if (what === -1 && s < 3) {
        for (const j of [0, half]) block(y + j, x, 2 + 2 * s);
      } else if (what === -2 && s < 3) {
        for (const i of [0, half]) block(y, x + i, 3 + 2 * s);
      } else {
        for (const [j, i] of [[0, 0], [0, half], [half, 0], [half, half]]) {
          square(y + j!, x + i!, s - 1);
        }
      }
    };
    for (let y = 0; y < rows; y += 8) {
      for (let x = 0; x < columns; x += 8) {
        if (!copied[superblock(y, x)]) {
          square(y, x, 3);
          continue;
        }
        for (let i = 0; i < 64; i++) {
          const cell = (y + (i >> 3)) * columns + x + i % 8;
          sizes[cell] = before!.sizes[cell]!;
          isFirst[cell] = before!.isFirst[cell]!;
        }
      }
    }
    const kind = (cell: number) =>
      isFirst[cell] ? sizes[cell]! : sizes[cell]! + 7;

    const norms = this.#numbers("kind_norms");
    const step = this.#numbers("log_steps")[q - 1]!;
    const logOf = (cell: number, c: number) =>
      step + norms[kind(cell) * 192 + c]!;
    const asInput = (latent: number, l: number) =>
      clip(Math.floor(latent * power(-l) * 2 + 1 / 2), 255);
    const saidOf = (latents: Grid) =>
      vectors === false ? undefined : said({
        ...{ before: latents, sizesBefore: before!.sizes, sizes, vectors },
        ...{ powers: [power(-step), power(step)], isCopied },
      });
    const heardOf = (said: Grid) =>
      grid(
        rows,
        columns,
        said.channels,
        (y, x, c) => asInput(at(said, y, x, c), logOf(y * columns + x, c)),
      );
    const first = before && saidOf(before.medium);
    const second = before && saidOf(before.high);

    const known = grid(rows / 4, columns / 4, 6, (y, x, c) => {
      if (c === 4) return q - 1;
      if (c === 5) return 32 * this.coarseness;
      let count = 0;
      for (let i = 0; i < 16; i++) {
        const cell = (4 * y + (i >> 2)) * columns + 4 * x + i % 4;
        for (const side of BLOCKS[sizes[cell]!]!) if (side === 2 ** c) count++;
      }
      return 4 * count;
    });
    const z =
      this.#model.tensors.get("integer/hyper_prior/1/filters")!.shape[3]! / 2;
    let hyper = grid(rows / 4, columns / 4, z, () => 0);
    for (const parity of [0, 1]) {
      const given = first === undefined
        ? join(known, hyper)
        : join(join(known, hyper), this.#summary(heardOf(first)));
      const prior = this.#whole(
        this.#whole(given, "hyper_prior/0"),
        "hyper_prior/1",
        true,
      );
      const earlier = hyper;
      hyper = grid(rows / 4, columns / 4, z, (y, x, c) => {
        if ((y + x) % 2 !== parity) return at(earlier, y, x, c);
        if (copied[superblock(4 * y, 4 * x)]) return at(before!.hyper, y, x, c);
        const v = used(4 * y, 4 * x)
          ? value(zero!, fineTables, table(at(prior, y, x, z + c)))
          : 0;
        return clip(at(prior, y, x, c) + 4 * v, 255);
      });
    }
    assert(zero!.atEnd);

    const name = "hyper_synthesis";
    let features = this.#whole(join(hyper, known), `${name}/0`);
    features = unfold(this.#whole(features, `${name}/1`), 2);
    features = this.#whole(features, `${name}/2`);
    features = unfold(this.#whole(features, `${name}/3`), 2);
    const planes = grid(rows, columns, 10, (y, x, c) => {
      const cell = y * columns + x;
      const [m, n] = BLOCKS[sizes[cell]!]!;
      if (c === 7) return 128 * Math.sign(n - m);
      if (c === 8) return 128 * (y % m) / m;
      if (c === 9) return 128 * (x % n) / n;
      const kinds = [m, n].map((side) => squareKind(side, isFirst[cell]!));
      return 64 * kinds.filter((one) => one === c).length;
    });

    const medium = grid(rows, columns, 48);
    const high = grid(rows, columns, 192);
    const means = grid(rows, columns, 192);
    const indices = grid(rows, columns, 192);
    const values = grid(rows, columns, 192);

    const follows = (t: number) => fineTables.count > 64 && t >= FIRST_PATH;
    /** What is added to means in layer 2, and the places in order. */
    const points = grid(rows, columns, 192);
    const order: number[][] = [[], [], []];

    /** Codes a group; returns the inputs that it makes. */
    const code = (g: number, known: readonly Grid[], from: number): Grid => {
      const [size, r] = [SIZES[g]!, g < 3 ? R[this.coarseness]![g]! : 1];
      const decoder = g < 3 ? one! : two!;
      const own = grid(rows, columns, size);
      let state = 0;
      const tables = r === 1 ? fineTables : nested(fineTables, r).coarse;
      const told = g < 3 ? first : second;
      const heard = told && heardOf(told);
      const parts = heard === undefined ? [] : g < 3 ? [heard] : [
        grid(rows, columns, 48, (y, x, c) => at(heard, y, x, c)),
        grid(rows, columns, size, (y, x, c) => at(heard, y, x, from + c)),
      ];
      for (const pass of g < 2 ? [0, 1] : [undefined]) {
        const input = join(
          ...known,
          ...(pass === undefined ? [] : [own]),
          ...parts,
        );
        const hidden = this.#whole(input, `group/${g}/0`);
        const found = this.#whole(
          this.#whole(hidden, `group/${g}/1`),
          `group/${g}/2`,
          true,
        );
        const empty = readEmpty(decoder, rows / 8, columns / 8, copied);
        for (let cell = 0; cell < rows * columns; cell++) {
          const [y, x] = [Math.floor(cell / columns), cell % columns];
          if (pass !== undefined && (y + x) % 2 !== pass) continue;
          const hasValues = coded[cell] && !empty[superblock(y, x)];
          for (let c = 0; c < size; c++) {
            const l = logOf(cell, from + c), place = cell * 192 + from + c;
            const m = at(found, y, x, c), s = at(found, y, x, size + c);
            const share = told === undefined
              ? 0
              : at(found, y, x, 2 * size + c) * at(told, y, x, from + c) / 256;
            const mean = Math.floor(m * power(l) / 16 + share + 1 / 2);
            const t = table(s + l);
            let v = 0, point = 0;
            if (hasValues && follows(t)) {
              v = clip(
                value(decoder, tables, pathTable(t, r === 1 ? state : 0)),
                4095,
              );
              if (r === 1) {
                point = 13 * multiple(v, state);
                state = stateAfter(state, v);
              } else {
                point = 13 * r * v + Math.sign(v) * (r === 2 ? 4 : 14);
              }
            } else if (hasValues) {
              v = value(decoder, tables, t);
              point = 16 * r * v + 6 * (r - 1) * Math.sign(v);
            }
            means.data[place] = mean;
            indices.data[place] = t;
            if (hasValues) order[g]?.push(place);
            values.data[place] = v;
            points.data[place] = point;
            const latent = isCopied(cell)
              ? at(g < 3 ? before!.medium : before!.high, y, x, from + c)
              : clip(point + mean, 32767);
            if (g < 3) medium.data[cell * 48 + from + c] = latent;
            high.data[place] = latent;
            own.data[cell * size + c] = asInput(latent, l);
          }
        }
      }
      return own;
    };
    const refine = (g: number, from: number): Grid => {
      const [size, r] = [SIZES[g]!, R[this.coarseness]![g]!];
      const tables = nested(fineTables, Math.max(2, r));
      let state = 0;
      for (const place of r > 1 ? order[g]! : []) {
        const j = values.data[place]!, t = indices.data[place]!;
        const size = Math.abs(j), sign = Math.sign(j);
        const least = Math.min(8, size);
        const of = follows(t) ? pathTable(t, state) : t;
        const w = second === undefined
          ? value(two!, tables.refinement, 9 * of + least)
          : value(
            two!,
            tables.said,
            saidIndex(t, least, second.data[place]! - means.data[place]!),
          );
        const i = w < 0 ? -2 * w - 1 : 2 * w;
        if (follows(t)) {
          const found = valuesIn(size, r, state % 2);
          const most = found.at(-1)!;
          const k = j === 0
            ? clip(w, most)
            : found[Math.min(i, found.length - 1)]!;
          points.data[place] = 13 * multiple((sign || 1) * k, state);
          state = stateAfter(state, k);
        } else {
          points.data[place] = 16 *
            (j === 0
              ? clip(w, r - 1)
              : (sign * (size * r + Math.min(i, r - 1))) | 0);
        }
      }
      return grid(rows, columns, size, (y, x, c) => {
        const cell = y * columns + x, place = cell * 192 + from + c;
        const latent = isCopied(cell)
          ? at(before!.high, y, x, from + c)
          : clip(points.data[place]! + means.data[place]!, 32767);
        high.data[place] = latent;
        return asInput(latent, logOf(cell, from + c));
      });
    };

    const froms = SIZES.map((_, g) =>
      SIZES.slice(0, g).reduce((sum, size) => sum + size, 0)
    );
    let inputs = [features, planes];
    for (const g of [0, 1, 2]) inputs.push(code(g, inputs, froms[g]!));
    const plain: boolean[] = [];
    for (let i = 0; i < rows * columns / 64; i++) {
      if (copied[i]) {
        plain.push(before!.plain[i]!);
        continue;
      }
      const across = columns / 8;
      const left = i % across > 0 && plain[i - 1] ? 1 : 0;
      const above = i >= across && plain[i - across] ? 1 : 0;
      plain.push(value(one!, PLAIN, left + above) !== 0);
    }
    assert(one!.atEnd);
    inputs = [features, planes];
    for (const g of [0, 1, 2]) inputs.push(refine(g, froms[g]!));
    for (const g of [3, 4]) inputs.push(code(g, inputs, froms[g]!));
    assert(two!.atEnd);
    return { rows, columns, sizes, isFirst, plain, hyper, medium, high };
  }

  /** Of the model for photos. */
  #numbers(name: string) {
    return numbers(this.photo.tensors, name);
  }

  /** The heard latents of 4 x 4 cells as one place. */
  #summary(heard: Grid): Grid {
    const { tensors } = this.#model;
    const { shape, data } = tensors.get("integer/before/0/filters")!;
    const bias = numbers(tensors, "integer/before/0/bias");
    const shifts = numbers(tensors, "integer/before/0/shifts");
    const [, , from, to] = shape as [number, number, number, number];
    return grid(heard.rows / 4, heard.columns / 4, to, (y, x, o) => {
      let sum = bias[o]!;
      for (let j = 0; j < 4; j++) {
        for (let i = 0; i < 4; i++) {
          for (let c = 0; c < from; c++) {
            sum += data[((4 * j + i) * from + c) * to + o]! *
              at(heard, 4 * y + j, 4 * x + i, c);
          }
        }
      }
      return clip(Math.floor(sum / 2 ** shifts[o]!), 255, 0);
    });
  }

  #whole(input: Grid, layer: string, isLinear = false): Grid {
    const { tensors } = this.#model;
    const shifts = numbers(tensors, `integer/${layer}/shifts`);
    const sum = layerSum(tensors, input, `integer/${layer}`);
    const data = sum.data.map((value, i) => {
      const shifted = Math.floor(value / 2 ** shifts[i % sum.channels]!);
      return isLinear ? clip(shifted, 32767) : clip(shifted, 255, 0);
    });
    return { ...sum, data };
  }
}

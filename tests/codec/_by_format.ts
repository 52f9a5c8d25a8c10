/**
 * A second decoder of tiles and images, written after FORMAT.md, in plain
 * loops and numbers of 64 bits. Slow, and as simple as the text.
 *
 * @module
 */
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { RansDecoder } from "@/codec/entropy/rans.ts";
import { readSafetensors, type StoredTensor } from "@/models/safetensors.ts";
import { assert } from "@std/assert";

/** Rows, columns and channels of numbers. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly data: Float64Array;
}

const SIZES = [6, 18, 24, 48, 96];

function grid(
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
function at(g: Grid, y: number, x: number, c: number): number {
  if (y < 0 || x < 0 || y >= g.rows || x >= g.columns) return 0;
  return g.data[(y * g.columns + x) * g.channels + c]!;
}

function join(...all: Grid[]): Grid {
  const channels = all.flatMap((g) =>
    Array.from({ length: g.channels }, (_, c) => [g, c] as const)
  );
  const { rows, columns } = all[0]!;
  return grid(rows, columns, channels.length, (y, x, c) => {
    const [g, own] = channels[c]!;
    return at(g, y, x, own);
  });
}

function plus(a: Grid, b: Grid): Grid {
  return { ...a, data: a.data.map((value, i) => value + b.data[i]!) };
}

function unfold(g: Grid, n: number): Grid {
  const channels = g.channels / n ** 2;
  return grid(g.rows * n, g.columns * n, channels, (y, x, c) => {
    const place = (y % n) * n + x % n;
    const [row, column] = [Math.floor(y / n), Math.floor(x / n)];
    return at(g, row, column, place * channels + c);
  });
}

const clip = (value: number, most: number, least = -most) =>
  Math.min(most, Math.max(least, value));

function power(l: number): number {
  const j = ((l % 48) + 48) % 48;
  return Math.round(2 ** (14 + j / 48)) * 2 ** (Math.floor(l / 48) - 14);
}

const table = (s: number) => clip(Math.floor((s + 4) / 8) + 21, 63, 0);

/** A model and a quality. */
export class FormatDecoder {
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #tables: FrequencyTables;
  readonly #quality: number;

  constructor(weights: Uint8Array, quality: number) {
    this.#tensors = readSafetensors(weights).tensors;
    this.#quality = quality;
    const cumulative = this.#numbers("tables/cumulative");
    let start = 0;
    const sizes = Array.from(this.#numbers("tables/sizes"));
    this.#tables = new FrequencyTables(sizes.map((n, i) => {
      const sums = cumulative.slice(start, start += n + 2);
      const frequencies = Array.from(sums.slice(1), (sum, k) => sum - sums[k]!);
      return { centre: this.#numbers("tables/centres")[i]!, frequencies };
    }));
  }

  /** The latents of a tile of w x h pixels. */
  latents(first: Uint8Array, second: Uint8Array, w: number, h: number): Grid {
    const [rows, columns] = [4 * Math.ceil(h / 32), 4 * Math.ceil(w / 32)];
    const [codedRows, codedColumns] = [Math.ceil(h / 8), Math.ceil(w / 8)];
    const [q, decoders] = [
      this.#quality,
      [new RansDecoder(first), new RansDecoder(second)] as const,
    ];
    const means = this.#numbers("hyper/means");
    const scales = this.#atQuality("hyper/scales");
    const hyper = grid(rows / 4, columns / 4, means.length, (_y, _x, c) => {
      const v = this.#value(decoders[0], table(scales[c]!));
      return clip(Math.floor((16 * v + means[c]!) / 4 + 1 / 2), 255);
    });
    const level = grid(rows / 4, columns / 4, 1, () => q - 1);
    const name = "hyper_synthesis";
    let features = this.#whole(join(hyper, level), `${name}/0`);
    features = unfold(this.#whole(features, `${name}/1`), 2);
    features = this.#whole(features, `${name}/2`);
    features = unfold(this.#whole(features, `${name}/3`), 2);

    const steps = this.#atQuality("log_steps");
    const latents = grid(rows, columns, 192);
    const known = [features];
    let from = 0;
    for (const [g, size] of SIZES.entries()) {
      const own = grid(rows, columns, size);
      for (const pass of g < 2 ? [0, 1] : [undefined]) {
        const input = join(...known, ...(pass === undefined ? [] : [own]));
        const hidden = this.#whole(input, `group/${g}/0`);
        const found = this.#whole(
          this.#whole(hidden, `group/${g}/1`),
          `group/${g}/2`,
          true,
        );
        for (let y = 0; y < rows; y++) {
          for (let x = 0; x < columns; x++) {
            if (pass !== undefined && (y + x) % 2 !== pass) continue;
            const isCoded = y < codedRows && x < codedColumns;
            for (let c = 0; c < size; c++) {
              const l = steps[from + c]!;
              const m = at(found, y, x, c), s = at(found, y, x, size + c);
              const mean = Math.floor(m * power(l) / 16 + 1 / 2);
              const v = isCoded
                ? this.#value(decoders[g < 3 ? 0 : 1], table(s + l))
                : 0;
              const latent = clip(16 * v + mean, 32767);
              const block = y * columns + x;
              latents.data[block * 192 + from + c] = latent;
              own.data[block * size + c] = clip(
                Math.floor(latent * power(-l) * 2 + 1 / 2),
                255,
              );
            }
          }
        }
      }
      known.push(own);
      from += size;
    }
    assert(decoders.every(({ atEnd }) => atEnd));
    return latents;
  }

  /** Values of all pixels of an image's blocks, about 0..255. */
  pixels(latents: Grid, sort: "medium" | "high"): Grid {
    const isHigh = sort === "high";
    const steps = this.#atQuality("log_steps");
    const { rows, columns } = latents;
    const x = grid(
      rows,
      columns,
      isHigh ? 192 : 48,
      (y, x, c) => at(latents, y, x, c) * power(-steps[c]!) / 16,
    );
    const level = grid(rows, columns, 1, () => (this.#quality - 1) / 99);
    const a = this.#real(join(x, level), `${sort}/0`);
    const b = plus(a, this.#twice(a, `${sort}/1`, `${sort}/2`));
    const norms = this.#numbers("real/norms");
    const sum = plus(x, this.#real(b, `${sort}/3`, true));
    const coefficients = grid(
      rows,
      columns,
      x.channels,
      (y, x, c) => at(sum, y, x, c) * norms[c]!,
    );
    const image = toPixels(coefficients, isHigh ? 8 : 4);
    if (!isHigh) return scale(image);
    const p = grid(2 * rows, 2 * columns, 48, (y, x, c) => {
      const [j, i] = [Math.floor(c / 12), Math.floor(c / 3) % 4];
      return at(image, 4 * y + j, 4 * x + i, c % 3) / 255;
    });
    const more = unfold(this.#real(b, "high/4"), 2);
    const c = this.#real(join(p, more), "detail/0");
    const d = plus(c, this.#twice(c, "detail/1", "detail/2"));
    const fine = unfold(plus(p, this.#real(d, "detail/3", true)), 4);
    return { ...fine, data: fine.data.map((value) => 255 * (value + 0.5)) };
  }

  #twice(input: Grid, one: string, two: string): Grid {
    return this.#real(this.#real(input, one), two, true);
  }

  #numbers(name: string): ArrayLike<number> & { slice: Int32Array["slice"] } {
    return this.#tensors.get(name)!.data as Int32Array;
  }

  #atQuality(name: string): number[] {
    const { shape, data } = this.#tensors.get(name)!;
    const [anchors, width] = [shape[0]!, shape[1]!];
    const place = (this.#quality - 1) * (anchors - 1);
    const i = Math.min(Math.floor(place / 99), anchors - 2);
    const share = place - 99 * i;
    return Array.from({ length: width }, (_, c) => {
      const [low, high] = [data[i * width + c]!, data[(i + 1) * width + c]!];
      return Math.floor((2 * (low * (99 - share) + high * share) + 99) / 198);
    });
  }

  #value(decoder: RansDecoder, table: number): number {
    const values = new Int32Array(1);
    decoder.decode(this.#tables, Uint16Array.of(table), values);
    return values[0]!;
  }

  #whole(input: Grid, layer: string, isLinear = false): Grid {
    const shifts = this.#numbers(`integer/${layer}/shifts`);
    const sum = this.#sum(input, `integer/${layer}`);
    const data = sum.data.map((value, i) => {
      const shifted = Math.floor(value / 2 ** shifts[i % sum.channels]!);
      return isLinear ? clip(shifted, 32767) : clip(shifted, 255, 0);
    });
    return { ...sum, data };
  }

  #real(input: Grid, layer: string, isLinear = false): Grid {
    const sum = this.#sum(input, `real/${layer}`);
    if (isLinear) return sum;
    return { ...sum, data: sum.data.map((value) => Math.max(0, value)) };
  }

  #sum(input: Grid, layer: string): Grid {
    const { shape, data } = this.#tensors.get(`${layer}/filters`)!;
    const bias = this.#numbers(`${layer}/bias`);
    const [k, , from, to] = shape as [number, number, number, number];
    assert(from === input.channels, layer);
    return grid(input.rows, input.columns, to, (y, x, o) => {
      let sum = bias[o]!;
      for (let j = 0; j < k; j++) {
        for (let i = 0; i < k; i++) {
          const [row, column] = [y + j - (k - 1) / 2, x + i - (k - 1) / 2];
          for (let c = 0; c < from; c++) {
            const weight = data[((j * k + i) * from + c) * to + o]!;
            sum += weight * at(input, row, column, c);
          }
        }
      }
      return sum;
    });
  }
}

function scale(image: Grid): Grid {
  return { ...image, data: image.data.map((value) => value + 127.5) };
}

/** Channels in the order of the table of groups. */
function coefficients(): { a: number; v: number; u: number }[] {
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

function toPixels({ rows, columns, channels, data }: Grid, n: number): Grid {
  const cosine = (f: number, i: number) =>
    Math.sqrt((f === 0 ? 1 : 2) / n) *
    Math.cos(Math.PI * (2 * i + 1) * f / (2 * n));
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
        cosine(v, y % n) * cosine(u, x % n);
    }
    return n === 4 ? sum / 2 : sum;
  });
}

/**
 * The colours and cosines of the transform, the order of the coefficients of a
 * cell, and the filters from coefficients of 8x8 pixels to these pixels:
 *
 *     8x8 pixels of 3 colours ▶ 3 colour axes ▶ 8x8 DCT ▶ 192 coefficients
 *
 * Both are orthonormal, so that an error of the coefficients is an error of the
 * pixels. The low 4x4 of each axis, 48 in all, are the image at half its size. They
 * come first, in groups, and the others after them.
 *
 * Colour axes: the DCT of (red, green, blue), near the principal components of
 * natural photos. DCT: N. Ahmed, T. Natarajan and K. R. Rao, "Discrete Cosine
 * Transform", 1974.
 *
 * @module
 */

import { BLOCK } from "@/codec/format/tiles.ts";

/** One coefficient. */
interface Coefficient {
  /** Colour axis: 0 is brightness, 1 red to blue, 2 green to purple. */
  readonly axis: number;
  /** Vertical frequency, 0..7. */
  readonly v: number;
  /** Horizontal frequency, 0..7. */
  readonly u: number;
}

/**
 * Channels that are coded together, by content:
 *
 * | group | channels | |
 * | --- | --- | --- |
 * | 0 | 6 | means of all axes, coarsest slopes of brightness |
 * | 1 | 18 | rest of the low brightness, coarsest slopes of colour |
 * | 2 | 24 | rest of the low colour |
 * | 3 | 48 | high brightness |
 * | 4 | 96 | high colour |
 *
 * Groups 0 to 2 are the medium image.
 */
export const GROUPS: readonly (readonly Coefficient[])[] = makeGroups();

/** The number of groups that make the medium image: the first ones. */
export const MEDIUM_GROUPS = 3;

/** The number of channels of the medium image. */
export const MEDIUM_CHANNELS: number =
  GROUPS.slice(0, MEDIUM_GROUPS).flat().length;

/** The number of all channels. */
export const CHANNELS: number = GROUPS.flat().length;

function makeGroups(): Coefficient[][] {
  const groups: Coefficient[][] = [[], [], [], [], []];
  for (const { v, u } of byFrequency()) {
    for (let axis = 0; axis < 3; axis++) {
      const isLow = v < BLOCK / 2 && u < BLOCK / 2;
      const isCoarse = v < 2 && u < 2;
      const group = !isLow
        ? (axis === 0 ? 3 : 4)
        : v + u === 0 || (axis === 0 && isCoarse)
        ? 0
        : axis === 0 || isCoarse
        ? 1
        : 2;
      groups[group]!.push({ axis, v, u });
    }
  }
  return groups;
}

function byFrequency(): { v: number; u: number }[] {
  const all = Array.from({ length: BLOCK ** 2 }, (_, i) => ({
    v: Math.floor(i / BLOCK),
    u: i % BLOCK,
  }));
  return all.sort((a, b) => a.v + a.u - b.v - b.u || a.v - b.v);
}

/** Orthonormal axes of colour, in red, green and blue. */
export const COLOURS: readonly (readonly number[])[] = [
  [1, 1, 1].map((x) => x / Math.sqrt(3)),
  [1, 0, -1].map((x) => x / Math.sqrt(2)),
  [1, -2, 1].map((x) => x / Math.sqrt(6)),
];

/**
 * A cosine of the orthonormal DCT.
 *
 * @param size The number of samples.
 * @param frequency 0..size - 1.
 * @param sample 0..size - 1.
 */
export function cosine(
  size: number,
  frequency: number,
  sample: number,
): number {
  const scale = Math.sqrt((frequency === 0 ? 1 : 2) / size);
  return scale *
    Math.cos(Math.PI * (2 * sample + 1) * frequency / (2 * size));
}

function basis(
  size: number,
  { axis, v, u }: Coefficient,
  [y, x, colour]: readonly [number, number, number],
): number {
  return COLOURS[axis]![colour]! * cosine(size, v, y) * cosine(size, u, x);
}

/**
 * The filters of a 1x1 convolution from coefficients to pixels, to be moved to
 * their places by `depthToSpace` by 2 and then by 4.
 *
 * @returns `[1, 1, 192, 192]`.
 */
export function highFilters(): Float32Array<ArrayBuffer> {
  const half = BLOCK / 2;
  const pixels = [...places(2)].filter(([, , colour]) => colour === 0)
    .flatMap(([top, left]) =>
      [...places(half)].map(([y, x, colour]) =>
        [top * half + y, left * half + x, colour] as const
      )
    );
  return Float32Array.from(
    GROUPS.flat().flatMap((one) =>
      pixels.map((place) => basis(BLOCK, one, place))
    ),
  );
}

/**
 * The filters of a 1x1 convolution from the first 48 coefficients to the
 * pixels of the image at half its size, to be moved to their places by
 * `depthToSpace` by 4. Half the size has half the norm.
 *
 * @returns `[1, 1, 48, 48]`.
 */
export function mediumFilters(): Float32Array<ArrayBuffer> {
  const half = BLOCK / 2;
  return Float32Array.from(
    GROUPS.slice(0, MEDIUM_GROUPS).flat().flatMap((one) =>
      [...places(half)].map((place) => basis(half, one, place) / 2)
    ),
  );
}

function* places(side: number): Generator<[number, number, number]> {
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let colour = 0; colour < 3; colour++) yield [y, x, colour];
    }
  }
}

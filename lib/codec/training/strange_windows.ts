/**
 * Pictures that are no photos, so that the networks meet them in training and
 * do not run away from them: noise, patterns of single pixels, two-level dither,
 * line art.
 *
 * @module
 */

import type { Batch } from "@/datasets/mod.ts";

/** The share of windows that are replaced. */
const SHARE = 0.04;

/** Draws a number in 0..1. */
type Random = () => number;

/** A picture: the value of a colour at a pixel, in 0..1, before clipping. */
type Picture = (y: number, x: number, colour: number, photo: number) => number;

const KINDS: readonly ((random: Random) => Picture)[] = [
  noisyPhoto,
  noise,
  pattern,
  dither,
  lineArt,
];

/**
 * Replaces some of a batch's windows.
 *
 * @param batch The step's windows; their images are changed.
 * @param side Side of the high windows in pixels.
 * @param random Draws which are replaced, and by what.
 */
export function addStrangeWindows(
  { indices, high, medium }: Batch,
  side: number,
  random: Random,
): void {
  for (let window = 0; window < indices.length; window++) {
    if (random() >= SHARE) continue;
    const picture = KINDS[Math.floor(random() * KINDS.length)]!(random);
    const first = window * side * side * 3;
    for (let i = 0; i < side * side * 3; i++) {
      const pixel = Math.floor(i / 3);
      const value = picture(
        Math.floor(pixel / side),
        pixel % side,
        i % 3,
        high[first + i]!,
      );
      high[first + i] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255;
    }
    halve(high, medium, window, side);
  }
}

/** The medium image of a window: means of 2x2 pixels. */
function halve(
  high: Float32Array,
  medium: Float32Array,
  window: number,
  side: number,
): void {
  const half = side / 2;
  const [from, to] = [window * side * side * 3, window * half * half * 3];
  const row = 3 * side;
  for (let i = 0; i < half * half * 3; i++) {
    const pixel = Math.floor(i / 3);
    const at = from + 2 * Math.floor(pixel / half) * row +
      6 * (pixel % half) + i % 3;
    medium[to + i] =
      (high[at]! + high[at + 3]! + high[at + row]! + high[at + row + 3]!) / 4;
  }
}

/** About normally distributed, with a standard deviation of 1. */
function normal(random: Random): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

function noisyPhoto(random: Random): Picture {
  const spread = 0.03 + 0.2 * random();
  return (_y, _x, _colour, photo) => photo + spread * normal(random);
}

function noise(random: Random): Picture {
  const spread = 0.05 + 0.4 * random();
  const isGrey = random() < 0.5;
  let last = 0;
  return (_y, _x, colour) => {
    if (colour === 0 || !isGrey) last = normal(random);
    return 0.5 + spread * last;
  };
}

/** Checks or stripes of one to four pixels in two colours. */
function pattern(random: Random): Picture {
  const colours = [0, 1].map(() => [random(), random(), random()]);
  const [width, height] = [size(random), size(random)];
  const isStriped = random() < 0.3;
  return (y, x, colour) => {
    const row = isStriped ? 0 : Math.floor(y / height);
    return colours[(Math.floor(x / width) + row) % 2]![colour]!;
  };
}

function size(random: Random): number {
  return 1 + Math.floor(4 * random());
}

/** A photo in two levels, by a random threshold for each pixel. */
function dither(random: Random): Picture {
  let threshold = 0;
  return (_y, _x, colour, photo) => {
    if (colour === 0) threshold = random();
    return photo > threshold ? 1 : 0;
  };
}

/** Lines and boxes of few colours on an even ground, as in text and charts. */
function lineArt(random: Random): Picture {
  const colour = () => [random(), random(), random()];
  const ground = random() < 0.5 ? [1, 1, 1] : colour();
  const boxes = Array.from({ length: 20 + Math.floor(60 * random()) }, () => {
    const isFlat = random() < 0.5;
    const [long, short] = [3 + 40 * random(), 1 + 3 * random()];
    return {
      top: 192 * random(),
      left: 192 * random(),
      height: isFlat ? short : long,
      width: isFlat ? long : short,
      colour: random() < 0.6 ? [0, 0, 0] : colour(),
    };
  });
  return (y, x, channel) => {
    const box = boxes.find(({ top, left, height, width }) =>
      y >= top && y < top + height && x >= left && x < left + width
    );
    return (box?.colour ?? ground)[channel]!;
  };
}

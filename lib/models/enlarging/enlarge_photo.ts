/**
 * Doubles the sides of a photo of any size, window by window, without seams.
 *
 *     mean, adversarial:  window with margin ▶ network ▶ kept part
 *     sampled:            mean of each window, once
 *                         noise of the whole photo ▶ in each step, window by
 *                         window: direction ▶ detail of the whole photo
 *                         mean + detail ▶ matched to the photo ▶ kept part
 *
 * A draw's steps add up to a wide view, so it is not drawn window by window:
 * each step is.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { cropImage, type Pixels, type Rectangle } from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  addDetail,
  DETAIL_CHANNELS,
  detailCondition,
} from "./detail_sampler.ts";
import { doubleSize } from "./double_size.ts";
import { detailNoise } from "./draw_detail.ts";
import type { EnlargingNetworks } from "./enlarging_weights.ts";
import { matchMedium } from "./halve_size.ts";
import {
  cutGrid,
  type Grid,
  type ImageWindow,
  imageWindows,
  pasteGrid,
} from "./image_windows.ts";

/** Ways to enlarge a photo. */
export const ENLARGING_METHODS = [
  "lanczos",
  "mean",
  "adversarial",
  "sampled",
] as const;

/**
 * A way to enlarge a photo: interpolation, the network of the least squared
 * error, the one that was trained against a discriminator, or one that draws
 * one of many possible images.
 */
export type EnlargingMethod = typeof ENLARGING_METHODS[number];

/** How a photo is enlarged. */
export interface EnlargePhotoOptions {
  /** The way. */
  readonly method: EnlargingMethod;
  /** Decides what is drawn; 1 by default. */
  readonly seed?: number;
  /** Side of the windows in pixels of the photo, even; 192 by default. */
  readonly window?: number;
  /** Called after each window of each step. */
  readonly onWindow?: (done: number, total: number) => void;
  /** Ends the work between two windows, with its reason. */
  readonly signal?: AbortSignal;
}

/** Passes of `matchMedium`; scaled down, the image is then the medium one. */
export const MATCH_PASSES = 3;

/** Pixels of the photo that a network of the mean sees, and to spare. */
const MEAN_MARGIN = 16;

/** Pixels that the sampler sees in one step. */
const STEP_MARGIN = 32;

/** Pixels that interpolation sees with all passes of matching. */
const MATCH_MARGIN = 8 * MATCH_PASSES;

/** Channels of what a sampler sees. */
const SEEN_CHANNELS = 16;

/**
 * Enlarges a photo.
 *
 * @param networks Of `readEnlargingWeights`.
 * @param photo Of any size.
 * @param options How.
 * @returns A photo of twice the width and height.
 * @throws {RangeError} If the window is not a positive even number.
 */
export function enlargePhoto(
  networks: EnlargingNetworks,
  photo: Pixels,
  options: EnlargePhotoOptions,
): Pixels {
  const { window = WINDOW } = options;
  if (!(window > 0 && window % 2 === 0)) {
    throw invalid("window", "a positive even number", window);
  }
  const { width, height } = photo;
  // The sampler works at half the photo's size, too.
  const even = continuePhoto(photo, width + width % 2, height + height % 2);
  const large = options.method === "sampled"
    ? drawPhoto(networks, even, options)
    : enlargeOnce(networks, even, options);
  return even === photo ? large : cropImage(large, {
    left: 0,
    top: 0,
    width: 2 * width,
    height: 2 * height,
  });
}

/** The side of a window by default. */
const WINDOW = 192;

type Once = (medium: tf.Tensor4D) => tf.Tensor4D;

function enlargeOnce(
  { mean, adversarial }: EnlargingNetworks,
  photo: Pixels,
  { method, window = WINDOW, onWindow, signal }: EnlargePhotoOptions,
): Pixels {
  const through: Once = method === "lanczos"
    ? (medium) => doubleSize(medium, "lanczos3")
    : method === "mean"
    ? (medium) => mean.enlarge(medium)
    : (medium) =>
      matchMedium(adversarial.enlarge(medium), medium, MATCH_PASSES);
  const large = emptyPhoto(photo);
  const margin = MEAN_MARGIN + MATCH_MARGIN;
  const windows = [
    ...imageWindows(photo.width, photo.height, window, margin),
  ];
  windows.forEach((part, i) => {
    signal?.throwIfAborted();
    keep(large, part, () => through(mediumOf(photo, part.seen)));
    onWindow?.(i + 1, windows.length);
  });
  return large;
}

function drawPhoto(
  { mean, sampler, steps }: EnlargingNetworks,
  photo: Pixels,
  { seed = 1, window = WINDOW, onWindow, signal }: EnlargePhotoOptions,
): Pixels {
  const { width, height } = photo;
  const grid = (channels: number, data?: Float32Array) => ({
    width,
    channels,
    data: data ?? new Float32Array(height * width * channels),
  });
  const windowsOf = (margin: number) => [
    ...imageWindows(width, height, window, margin),
  ];
  const [first, inner, last] = [
    MEAN_MARGIN,
    STEP_MARGIN,
    MEAN_MARGIN + MATCH_MARGIN,
  ].map(windowsOf) as [ImageWindow[], ImageWindow[], ImageWindow[]];
  const total = (steps + 2) * first.length;
  let done = 0;
  const each = (windows: ImageWindow[], work: (part: ImageWindow) => void) => {
    for (const part of windows) {
      signal?.throwIfAborted();
      work(part);
      onWindow?.(++done, total);
    }
  };
  const conditionOf = ({ seen }: ImageWindow) => {
    const medium = mediumOf(photo, seen);
    const image = mean.enlarge(medium);
    return { medium, image, ...detailCondition(medium, image) };
  };

  const condition = grid(SEEN_CHANNELS);
  each(
    first,
    (part) => pasteValues(condition, part, () => conditionOf(part).seen),
  );
  let state = grid(DETAIL_CHANNELS, detailNoise(height, width, seed));
  for (let step = 0; step < steps; step++) {
    const next = grid(DETAIL_CHANNELS);
    each(inner, (part) =>
      pasteValues(next, part, () => {
        const x = tensorOf(state, part.seen);
        const time = tf.tensor1d([step / steps]);
        const seen = tensorOf(condition, part.seen);
        return x.add(sampler.velocity(x, seen, time).div(steps));
      }));
    state = next;
  }
  const large = emptyPhoto(photo);
  each(last, (part) =>
    keep(large, part, () => {
      const { medium, image, scale } = conditionOf(part);
      const detail = tensorOf(state, part.seen);
      return matchMedium(addDetail(image, detail, scale), medium, MATCH_PASSES);
    }));
  return large;
}

function emptyPhoto({ width, height }: Pixels): Pixels {
  const data = new Uint8Array(4 * width * height * 3);
  return { width: 2 * width, height: 2 * height, data };
}

/** `[1, height, width, 3]` in 0..1. */
function mediumOf(photo: Pixels, rectangle: Rectangle): tf.Tensor4D {
  const { width, height, data } = cropImage(photo, rectangle);
  return tf.tensor4d(data, [1, height, width, 3], "float32").div(255);
}

function tensorOf(
  grid: Grid<Float32Array>,
  rectangle: Rectangle,
): tf.Tensor4D {
  const { width, height } = rectangle;
  return tf.tensor4d(cutGrid(grid, rectangle), [
    ...[1, height, width],
    grid.channels,
  ] as [number, number, number, number]);
}

/** The part of a window that is kept, `scale` times as large. */
function keptPart(
  values: tf.Tensor4D,
  { kept, seen }: ImageWindow,
  scale: number,
): tf.Tensor4D {
  return values.slice(
    [0, (kept.top - seen.top) * scale, (kept.left - seen.left) * scale, 0],
    [1, kept.height * scale, kept.width * scale, values.shape[3]],
  );
}

function pasteValues(
  grid: Grid<Float32Array>,
  part: ImageWindow,
  work: () => tf.Tensor,
): void {
  const kept = tf.tidy(() => keptPart(work() as tf.Tensor4D, part, 1));
  pasteGrid(grid, part.kept, kept.dataSync() as Float32Array);
  kept.dispose();
}

/** Puts the kept part of a window's high image into a photo. */
function keep(
  large: Pixels,
  part: ImageWindow,
  work: () => tf.Tensor4D,
): void {
  const kept = tf.tidy(() =>
    keptPart(work(), part, 2)
      .clipByValue(0, 1).mul(255).round()
  );
  const { left, top, width, height } = part.kept;
  pasteGrid(
    { width: large.width, channels: 3, data: large.data },
    { left: 2 * left, top: 2 * top, width: 2 * width, height: 2 * height },
    Uint8Array.from(kept.dataSync()),
  );
  kept.dispose();
}

/** Repeats the last row and the last column up to a size. */
function continuePhoto(photo: Pixels, width: number, height: number): Pixels {
  if (width === photo.width && height === photo.height) return photo;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = Math.min(y, photo.height - 1) * photo.width +
        Math.min(x, photo.width - 1);
      data.set(
        photo.data.subarray(from * 3, from * 3 + 3),
        (y * width + x) * 3,
      );
    }
  }
  return { width, height, data };
}

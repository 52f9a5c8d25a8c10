/**
 * The codec's networks as functions of tensors and weights. They run in
 * training and in coding, on TensorFlow and in a browser.
 *
 *     pixels ▶ blocks of 8 to 64 ▶ DCT ▶ / norms ▶ latents y, at 1/8
 *                     y ▶ hyper analysis ▶ round ▶ z, at 1/32
 *     z ▶ hyper synthesis ▶ features ─┬─▶ mean and scale of group 0
 *                latents of group 0 ──┼─▶ mean and scale of group 1 …
 *     first layer ▶ DCT⁻¹ ▶ 4x4 DCT ▶ + correction ▶ DCT⁻¹ ▶ medium image
 *     all latents ▶ DCT⁻¹ ▶ 8x8 DCT ▶ + correction ▶ DCT⁻¹ ▶ + detail ▶ high image
 *
 * Networks that correct images see them as coefficients of 8x8 blocks (4x4 for
 * the medium image), whatever the sizes of the blocks that are coded.
 *
 * Mean-scale hyperprior: D. Minnen, J. Ballé and G. Toderici, "Joint
 * Autoregressive and Hierarchical Priors for Learned Image Compression", 2018.
 * Groups of channels and two passes over the blocks: D. He et al., "ELIC",
 * 2022.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { fused, image, tidy } from "@tensorflow/tfjs";
import { SQUARES } from "@/codec/transform/block_sizes.ts";
import { MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";

/** Returns a weight by its name. */
export type Weights = (name: string) => Tensor;

/**
 * A convolution that keeps the size, or divides it.
 *
 * @param x `[n, h, w, c]`.
 * @param name The name of its weights.
 * @param options `relu` is true and `stride` is 1 by default.
 * @returns `[n, h / stride, w / stride, channels]`.
 */
export type Layer = (
  x: Tensor4D,
  name: string,
  options?: { readonly relu?: boolean; readonly stride?: number },
) => Tensor4D;

/**
 * Convolutions of real numbers.
 *
 * @param weights Filters and biases by name.
 * @returns The convolutions by name.
 */
export function realLayer(weights: Weights): Layer {
  return (x, name, { relu = true, stride = 1 } = {}) =>
    fused.conv2d({
      x,
      filter: weights(`${name}/filters`) as Tensor4D,
      bias: weights(`${name}/bias`),
      strides: stride,
      pad: "same",
      activation: relu ? "relu" : "linear",
    });
}

const LINEAR = { relu: false };

/** `x + conv(relu(conv(x)))`, with no more memory than it needs. */
function residual(x: Tensor4D, layer: Layer, a: string, b: string): Tensor4D {
  return tidy(() => x.add(layer(layer(x, a), b, LINEAR)));
}

/**
 * Latents to the hyper-latent before it is rounded.
 *
 * @param seen Latents in standard deviations, the quality and the coarseness in
 * 0..1, `[n, h, w, 194]`.
 * @param planes Of the cells' blocks, `[n, h, w, 10]`.
 * @param layer The convolutions.
 * @returns `[n, h/4, w/4, Z]`.
 */
export function hyperAnalyse(
  seen: Tensor4D,
  planes: Tensor4D,
  layer: Layer,
): Tensor4D {
  const name = "hyper_analysis";
  const hidden = layer(seen.concat(planes, 3), `${name}/0`);
  const half = layer(hidden, `${name}/1`, { stride: 2 });
  return layer(half, `${name}/2`, { stride: 2, relu: false });
}

/**
 * The hyper-latent to features for the entropy networks.
 *
 * @param hyper `[n, h/4, w/4, Z]`.
 * @param known What it was predicted from, `[n, h/4, w/4, 6]`.
 * @param layer The convolutions.
 * @returns `[n, h, w, F]`.
 */
export function hyperSynthesise(
  hyper: Tensor4D,
  known: Tensor4D,
  layer: Layer,
): Tensor4D {
  const name = "hyper_synthesis";
  const start = layer(hyper.concat(known, 3), `${name}/0`);
  const double = layer(start, `${name}/1`).depthToSpace(2, "NHWC");
  const hidden = layer(double, `${name}/2`);
  return layer(hidden, `${name}/3`).depthToSpace(2, "NHWC");
}

/**
 * Predicts means and scales of a group's latents.
 *
 * @param group Index of the group.
 * @param known Features, planes and all latents that are known, `[n, h, w, …]`.
 * @param layer The convolutions.
 * @returns `[n, h, w, 2 * channels]`: means, and binary logarithms of scales;
 * for a frame after another one `[n, h, w, 3 * channels]`, with the shares of
 * the frame before in the means.
 */
export function predictGroup(
  group: number,
  known: Tensor4D,
  layer: Layer,
): Tensor4D {
  const name = `group/${group}`;
  const hidden = layer(layer(known, `${name}/0`), `${name}/1`);
  return layer(hidden, `${name}/2`, LINEAR);
}

/**
 * What the hyper-latent is predicted from of the frame before.
 *
 * @param before What the frame before says of the first layer, `[n, h, w, 48]`.
 * @param layer The convolutions.
 * @returns `[n, h/4, w/4, channels]`.
 */
export function summariseBefore(before: Tensor4D, layer: Layer): Tensor4D {
  return layer(before, "before/0", { stride: 4 });
}

/**
 * Predicts the hyper-latent from what is known of it.
 *
 * @param known The share of each square, the quality, and the coarseness,
 * `[n, h/4, w/4, 6]`; then the hyper-latent of cells that are known, and 0 for
 * others, `[n, h/4, w/4, Z]`; for a frame after another one, then the result of
 * {@linkcode summariseBefore}.
 * @param layer The convolutions.
 * @returns `[n, h/4, w/4, 2 * Z]`: means, and binary logarithms of scales.
 */
export function predictHyper(known: Tensor4D, layer: Layer): Tensor4D {
  return layer(layer(known, "hyper_prior/0"), "hyper_prior/1", LINEAR);
}

/**
 * Makes the thumbnail. Of a block of 64 pixels, the first square of 32 holds all
 * low frequencies, so the pixels of the other three are that of the first.
 *
 * @param hyper The hyper-latent, `[n, h/4, w/4, Z]`.
 * @param shares The share of each square, `[n, h/4, w/4, 4]`; h and w are
 * multiples of 8.
 * @param weights The model's weights of real numbers.
 * @returns `[n, h/4, w/4, 3]`, about 0..1, not clipped.
 */
export function makeThumbnail(
  hyper: Tensor4D,
  shares: Tensor4D,
  weights: Weights,
): Tensor4D {
  const pixels = realLayer(weights)(hyper, "thumbnail", LINEAR).add(0.5);
  const [n, rows, columns] = hyper.shape;
  const firsts = pixels.reshape([n * rows / 2, 2, columns / 2, 6])
    .slice([0, 0, 0, 0], [-1, 1, -1, 3])
    .reshape([n, rows / 2, columns / 2, 3]);
  const spread = firsts.tile([1, 1, 1, 4]) as Tensor4D;
  const isLargest = shares.slice([0, 0, 0, SQUARES.length - 1]);
  return pixels.mul(isLargest.mul(-1).add(1))
    .add(spread.depthToSpace(2, "NHWC").mul(isLargest)) as Tensor4D;
}

/** What {@linkcode correctHigh} and {@linkcode correctMedium} begin with. */
function trunk(input: Tensor4D, layer: Layer, name: string): Tensor4D {
  const start = layer(input, `${name}/0`);
  const middle = residual(start, layer, `${name}/1`, `${name}/2`);
  return residual(middle, layer, `${name}/3`, `${name}/4`);
}

/** What the networks that correct an image are given beside coefficients. */
export interface CorrectionInputs {
  /**
   * The quality and, for the medium image, the coarseness, `[n, h, w, 1 or 2]`.
   */
  readonly known: Tensor4D;
  /** 1 for cells that are corrected, 0 for others, `[n, h, w, 1]`. */
  readonly corrected?: Tensor4D;
}

/**
 * Makes the medium image.
 *
 * @param coefficients Of 4x4 blocks, in units of the norms of 8x8 blocks,
 * `[n, h, w, 48]`.
 * @param inputs What the network is given besides.
 * @param weights The model's weights of real numbers.
 * @returns `[n, 4 h, 4 w, 3]`, about 0..1, not clipped.
 */
export function correctMedium(
  coefficients: Tensor4D,
  { known, corrected }: CorrectionInputs,
  weights: Weights,
): Tensor4D {
  const layer = realLayer(weights);
  const hidden = trunk(coefficients.concat(known, 3), layer, "medium");
  const correction = masked(layer(hidden, "medium/5", LINEAR), corrected);
  const norms = weights("norms").slice([0], [MEDIUM_CHANNELS]);
  return coefficients.add(correction).mul(norms)
    .conv2d(weights("medium_pixels") as Tensor4D, 1, "same")
    .depthToSpace(4, "NHWC").mul(1 / 255).add(0.5) as Tensor4D;
}

/**
 * Makes the high image.
 *
 * @param coefficients Of 8x8 blocks, in units of their norms, `[n, h, w, 192]`.
 * @param inputs What the networks are given besides.
 * @param weights The model's weights of real numbers.
 * @returns `[n, 8 h, 8 w, 3]`, about 0..1, not clipped.
 */
export function correctHigh(
  coefficients: Tensor4D,
  { known, corrected }: CorrectionInputs,
  weights: Weights,
): Tensor4D {
  const layer = realLayer(weights);
  const hidden = trunk(coefficients.concat(known, 3), layer, "high");
  const correction = masked(layer(hidden, "high/5", LINEAR), corrected);
  const pixels = inQuarters(coefficients.add(correction), weights);
  const detail = tidy(() => {
    const first = tidy(() => {
      const features = layer(hidden, "high/6").depthToSpace(2, "NHWC");
      return layer(pixels.concat(features, 3), "detail/0");
    });
    const last = residual(first, layer, "detail/1", "detail/2");
    return layer(last, "detail/3", LINEAR);
  });
  const [, rows, columns] = pixels.shape;
  const mask = corrected &&
    image.resizeNearestNeighbor(corrected, [rows, columns]);
  return pixels.add(masked(detail, mask))
    .depthToSpace(4, "NHWC").add(0.5) as Tensor4D;
}

/**
 * Makes the high image without corrections.
 *
 * @param coefficients Of 8x8 blocks, in units of their norms, `[n, h, w, 192]`.
 * @param weights The model's weights of real numbers.
 * @returns `[n, 8 h, 8 w, 3]`, about 0..1, not clipped.
 */
export function plainHigh(coefficients: Tensor4D, weights: Weights): Tensor4D {
  return inQuarters(coefficients, weights).depthToSpace(4, "NHWC")
    .add(0.5) as Tensor4D;
}

/** Coefficients to the pixels of quarters of blocks, `[n, 2 h, 2 w, 48]`. */
function inQuarters(coefficients: Tensor4D, weights: Weights): Tensor4D {
  return tidy(() =>
    coefficients.mul(weights("norms").mul(1 / 255))
      .conv2d(weights("high_pixels") as Tensor4D, 1, "same")
      .depthToSpace(2, "NHWC") as Tensor4D
  );
}

function masked(x: Tensor4D, mask?: Tensor4D): Tensor4D {
  return mask === undefined ? x : x.mul(mask);
}

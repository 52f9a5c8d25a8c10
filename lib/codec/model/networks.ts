/**
 * The codec's networks as functions of tensors and weights. They run in
 * training and in coding, on TensorFlow and in a browser.
 *
 *     pixels ▶ DCT ▶ + analysis ▶ y · gain ▶ round ▶ latents, at 1/8
 *                     y ▶ hyper analysis ▶ round ▶ z, at 1/32
 *     z ▶ hyper synthesis ▶ features ─┬─▶ mean and scale of group 0
 *                latents of group 0 ──┼─▶ mean and scale of group 1 …
 *     latents of groups 0..2 ▶ + medium synthesis ▶ DCT⁻¹ ▶ medium image
 *     all latents ▶ + high synthesis ▶ DCT⁻¹ ▶ + detail at 1/4 ▶ high image
 *
 * Mean-scale hyperprior: D. Minnen, J. Ballé and G. Toderici, "Joint
 * Autoregressive and Hierarchical Priors for Learned Image Compression", 2018.
 * Groups of channels and two passes over the blocks: D. He et al., "ELIC",
 * 2022.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { fused } from "@tensorflow/tfjs";
import { CHANNELS, MEDIUM_CHANNELS } from "./colour_dct.ts";

/** Returns a weight by its name. */
export type Weights = (name: string) => Tensor;

/**
 * A convolution that keeps the size, or halves it.
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

/** `x + conv(relu(conv(x)))`. */
function residual(x: Tensor4D, layer: Layer, a: string, b: string): Tensor4D {
  return x.add(layer(layer(x, a), b, LINEAR));
}

/**
 * Coefficients to latents, both in standard deviations.
 *
 * @param coefficients `[n, h, w, 192]`.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @param layer The convolutions.
 * @returns `[n, h, w, 192]`.
 */
export function analyse(
  coefficients: Tensor4D,
  level: Tensor4D,
  layer: Layer,
): Tensor4D {
  let hidden = coefficients.concat(level, 3);
  for (const i of [0, 1, 2]) {
    hidden = layer(hidden, `analysis/${i}`);
  }
  return coefficients.add(layer(hidden, "analysis/3", LINEAR));
}

/**
 * Latents to the hyper-latent before it is rounded.
 *
 * @param latents In standard deviations, `[n, h, w, 192]`.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @param layer The convolutions.
 * @returns `[n, h/4, w/4, Z]`.
 */
export function hyperAnalyse(
  latents: Tensor4D,
  level: Tensor4D,
  layer: Layer,
): Tensor4D {
  const name = "hyper_analysis";
  const hidden = layer(latents.concat(level, 3), `${name}/0`);
  const half = layer(hidden, `${name}/1`, { stride: 2 });
  return layer(half, `${name}/2`, { stride: 2, relu: false });
}

/**
 * The hyper-latent to features for the entropy networks.
 *
 * @param hyper `[n, h/4, w/4, Z]`.
 * @param level `[n, h/4, w/4, 1]`, the quality.
 * @param layer The convolutions.
 * @returns `[n, h, w, F]`.
 */
export function hyperSynthesise(
  hyper: Tensor4D,
  level: Tensor4D,
  layer: Layer,
): Tensor4D {
  const name = "hyper_synthesis";
  const start = layer(hyper.concat(level, 3), `${name}/0`);
  const double = layer(start, `${name}/1`).depthToSpace(2, "NHWC");
  const hidden = layer(double, `${name}/2`);
  return layer(hidden, `${name}/3`).depthToSpace(2, "NHWC");
}

/**
 * Predicts means and scales of a group's latents.
 *
 * @param group Index of the group.
 * @param known Features and all latents that are known, `[n, h, w, …]`.
 * @param layer The convolutions.
 * @returns `[n, h, w, 2 * channels]`: means, and binary logarithms of scales.
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
 * The number of channels that the medium image is made from: the first 48, or
 * all 192 in a model of one latent with two decoders.
 *
 * @param weights The model's weights of real numbers.
 * @returns 48 or 192.
 */
export function mediumReads(weights: Weights): number {
  return weights("medium/0/filters").shape[2]! - 1;
}

/**
 * Whether both images are made from all latents, in one layer.
 *
 * @param weights The model's weights of real numbers.
 * @returns Whether they are.
 */
export function hasOneLatent(weights: Weights): boolean {
  return mediumReads(weights) === CHANNELS;
}

/**
 * Makes the medium image.
 *
 * @param latents In standard deviations, `[n, h, w, 48 or 192]` according to
 * {@linkcode mediumReads}.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @param weights The model's weights of real numbers.
 * @returns `[n, 4 h, 4 w, 3]`, about 0..1, not clipped.
 */
export function synthesiseMedium(
  latents: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const layer = realLayer(weights);
  const start = layer(latents.concat(level, 3), "medium/0");
  const hidden = residual(start, layer, "medium/1", "medium/2");
  const norms = weights("norms").slice([0], [MEDIUM_CHANNELS]);
  const own = latents.slice([0, 0, 0, 0], [-1, -1, -1, MEDIUM_CHANNELS]);
  return own.add(layer(hidden, "medium/3", LINEAR)).mul(norms)
    .conv2d(weights("medium_pixels") as Tensor4D, 1, "same")
    .depthToSpace(4, "NHWC").mul(1 / 255).add(0.5) as Tensor4D;
}

/**
 * Makes the high image.
 *
 * @param latents In standard deviations, `[n, h, w, 192]`.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @param weights The model's weights of real numbers.
 * @returns `[n, 8 h, 8 w, 3]`, about 0..1, not clipped.
 */
export function synthesiseHigh(
  latents: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const layer = realLayer(weights);
  const start = layer(latents.concat(level, 3), "high/0");
  const hidden = residual(start, layer, "high/1", "high/2");
  const pixels = latents.add(layer(hidden, "high/3", LINEAR))
    .mul(weights("norms").mul(1 / 255))
    .conv2d(weights("high_pixels") as Tensor4D, 1, "same")
    .depthToSpace(2, "NHWC") as Tensor4D; // [n, 2 h, 2 w, 48]
  const features = layer(hidden, "high/4").depthToSpace(2, "NHWC");
  const first = layer(pixels.concat(features, 3), "detail/0");
  const detail = residual(first, layer, "detail/1", "detail/2");
  return pixels.add(layer(detail, "detail/3", LINEAR))
    .depthToSpace(4, "NHWC").add(0.5) as Tensor4D;
}

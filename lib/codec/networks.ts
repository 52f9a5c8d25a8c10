/**
 * The codec's networks as functions of tensors and weights. They use nothing
 * but the tensors' own methods, so they run in training and in coding, on
 * TensorFlow and in a browser.
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

/** Gives a weight by its name. */
export type Weights = (name: string) => Tensor;

/** `x * filters + bias`, padded to keep `h / stride`. */
export function conv(
  x: Tensor4D,
  weights: Weights,
  name: string,
  stride = 1,
): Tensor4D {
  return x.conv2d(weights(`${name}/filters`) as Tensor4D, stride, "same")
    .add(weights(`${name}/bias`)) as Tensor4D;
}

/** {@linkcode conv} and ReLU. */
export function convRelu(
  x: Tensor4D,
  weights: Weights,
  name: string,
  stride = 1,
): Tensor4D {
  return conv(x, weights, name, stride).relu();
}

/** `x + conv(relu(conv(x)))`. */
function residual(
  x: Tensor4D,
  weights: Weights,
  a: string,
  b: string,
): Tensor4D {
  return x.add(conv(convRelu(x, weights, a), weights, b));
}

/**
 * Coefficients to what is stored of them, both in standard deviations.
 *
 * @param coefficients `[n, h, w, 192]`.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 */
export function analyse(
  coefficients: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  let hidden = coefficients.concat(level, 3);
  for (const i of [0, 1, 2]) {
    hidden = convRelu(hidden, weights, `analysis/${i}`);
  }
  return coefficients.add(conv(hidden, weights, "analysis/3"));
}

/** Latents to the hyper-latent before it is rounded, `[n, h/4, w/4, Z]`. */
export function hyperAnalyse(
  latents: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const name = "hyper_analysis";
  const hidden = convRelu(latents.concat(level, 3), weights, `${name}/0`);
  return conv(
    convRelu(hidden, weights, `${name}/1`, 2),
    weights,
    `${name}/2`,
    2,
  );
}

/**
 * The hyper-latent to features for the entropy networks.
 *
 * @param hyper `[n, h/4, w/4, Z]`.
 * @param level `[n, h/4, w/4, 1]`, the quality in 0..1.
 * @returns `[n, h, w, F]`.
 */
export function hyperSynthesise(
  hyper: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const name = "hyper_synthesis";
  let hidden = convRelu(hyper.concat(level, 3), weights, `${name}/0`);
  hidden = convRelu(hidden, weights, `${name}/1`).depthToSpace(2, "NHWC");
  hidden = convRelu(hidden, weights, `${name}/2`);
  return convRelu(hidden, weights, `${name}/3`).depthToSpace(2, "NHWC");
}

/**
 * Mean and scale of a group's latents.
 *
 * @param known Features and all latents that are known, `[n, h, w, …]`.
 * @returns `[n, h, w, 2 * channels]`: means, in standard deviations, and
 * binary logarithms of scales in the same unit.
 */
export function predictGroup(
  group: number,
  known: Tensor4D,
  weights: Weights,
): Tensor4D {
  const name = `group/${group}`;
  const hidden = convRelu(
    convRelu(known, weights, `${name}/0`),
    weights,
    `${name}/1`,
  );
  return conv(hidden, weights, `${name}/2`);
}

/**
 * The medium image.
 *
 * @param latents The first 48 channels, in standard deviations.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @returns `[n, 4 h, 4 w, 3]`, about 0..1, not clipped.
 */
export function synthesiseMedium(
  latents: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const start = convRelu(latents.concat(level, 3), weights, "medium/0");
  const hidden = residual(start, weights, "medium/1", "medium/2");
  const norms = weights("norms").slice([0], [48]);
  return latents.add(conv(hidden, weights, "medium/3")).mul(norms)
    .conv2d(weights("medium_pixels") as Tensor4D, 1, "same")
    .depthToSpace(4, "NHWC").mul(1 / 255).add(0.5) as Tensor4D;
}

/**
 * The high image.
 *
 * @param latents All 192 channels, in standard deviations.
 * @param level `[n, h, w, 1]`, the quality in 0..1.
 * @returns `[n, 8 h, 8 w, 3]`, about 0..1, not clipped.
 */
export function synthesiseHigh(
  latents: Tensor4D,
  level: Tensor4D,
  weights: Weights,
): Tensor4D {
  const start = convRelu(latents.concat(level, 3), weights, "high/0");
  const hidden = residual(start, weights, "high/1", "high/2");
  const pixels = latents.add(conv(hidden, weights, "high/3"))
    .mul(weights("norms").mul(1 / 255))
    .conv2d(weights("high_pixels") as Tensor4D, 1, "same")
    .depthToSpace(2, "NHWC") as Tensor4D; // [n, 2 h, 2 w, 48]
  const features = convRelu(hidden, weights, "high/4").depthToSpace(2, "NHWC");
  const first = convRelu(
    pixels.concat(features as Tensor4D, 3),
    weights,
    "detail/0",
  );
  const detail = residual(first, weights, "detail/1", "detail/2");
  return pixels.add(conv(detail, weights, "detail/3"))
    .depthToSpace(4, "NHWC").add(0.5) as Tensor4D;
}

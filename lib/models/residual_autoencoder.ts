/**
 * Our autoencoder: a linear patch transform each way, and a network beside it
 * that corrects it. The transform starts as the principal components of the
 * training patches and the network at zero, so training begins at the best
 * linear code instead of at noise; all work is done at the code's own size.
 *
 *     x [n, S, S, 3] ──────────────┐
 *     │ conv PxP /P, ReLU          │ conv PxP /P
 *     │ residual blocks            │ (principal components)
 *     │ conv 3x3 (zero at first)   │
 *     └────────────▶ + ◀───────────┘
 *                    z [n, S/P, S/P, C]
 *     ┌──────────────┴─────────────┐
 *     │ conv 3x3, ReLU             │ transposed conv PxP ·P
 *     │ residual blocks            │ (principal components)
 *     │ transposed conv PxP ·P (0) │
 *     └────────────▶ + ◀───────────┘
 *                    x̂ [n, S, S, 3]
 *
 * Residual blocks: K. He et al., "Deep Residual Learning for Image
 * Recognition", 2016.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, joinAutoencoder } from "./autoencoder.ts";
import { conv2d, conv2dTranspose, residualBlocks, sum } from "./layers.ts";
import type { PatchPca } from "./patch_pca.ts";

/** What decides the shape of a residual autoencoder. */
export interface ResidualAutoencoderSettings {
  /** Side of the images, a multiple of the patch. */
  readonly size: number;
  /** Side of the patch that one position of the code stands for. */
  readonly patch: number;
  /** Channels inside the network. */
  readonly width: number;
  /** Residual blocks in the encoder, and as many in the decoder. */
  readonly blocks: number;
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/**
 * Makes a residual autoencoder.
 *
 * @param settings Its shape and seed.
 * @param pca Principal components of the training patches, C of them.
 * @returns The autoencoder.
 * @throws {RangeError} If the patch does not divide the size, or the
 * components do not fit the settings.
 */
export function residualAutoencoder(
  settings: ResidualAutoencoderSettings,
  pca: PatchPca,
): Autoencoder {
  checkSettings(settings, pca);
  const encoder = makeEncoder(settings);
  const decoder = makeDecoder(settings);
  startLinear(encoder, decoder, pca);
  return joinAutoencoder(encoder, decoder);
}

function checkSettings(
  { size, patch, latentChannels }: ResidualAutoencoderSettings,
  pca: PatchPca,
): void {
  if (size % patch !== 0) {
    throw invalid("size", `a multiple of the patch, ${patch}`, size);
  }
  const channels = pca.components.shape[1];
  if (pca.patch !== patch || channels !== latentChannels) {
    throw new RangeError(
      `A code of ${latentChannels} channels for ${patch}x${patch} patches ` +
        `cannot start from ${channels} components of ${pca.patch}x${pca.patch}.`,
    );
  }
}

function makeEncoder(settings: ResidualAutoencoderSettings): tf.LayersModel {
  const { size, patch, width, blocks, latentChannels, seed } = settings;
  const input = tf.input({ shape: [size, size, 3] });
  const first = conv2d(input, {
    name: "analysis_patch",
    filters: width,
    kernelSize: patch,
    strides: patch,
    activation: "relu",
    seed,
  }); // [n, side, side, width]
  const hidden = residualBlocks(first, {
    name: "analysis",
    filters: width,
    blocks,
    seed,
  });
  const correction = conv2d(hidden, {
    name: "analysis_code",
    filters: latentChannels,
    kernelSize: 3,
    seed: seed + 100,
    gain: 0,
  }); // [n, side, side, C]
  const linear = conv2d(input, {
    name: "analysis_linear",
    filters: latentChannels,
    kernelSize: patch,
    strides: patch,
    seed: seed + 101,
    useBias: false,
  }); // [n, side, side, C]
  const code = sum("analysis_sum", correction, linear);
  return tf.model({ inputs: input, outputs: code });
}

function makeDecoder(settings: ResidualAutoencoderSettings): tf.LayersModel {
  const { size, patch, width, blocks, latentChannels, seed } = settings;
  const side = size / patch;
  const input = tf.input({ shape: [side, side, latentChannels] });
  const first = conv2d(input, {
    name: "synthesis_code",
    filters: width,
    kernelSize: 3,
    activation: "relu",
    seed: seed + 200,
  }); // [n, side, side, width]
  const hidden = residualBlocks(first, {
    name: "synthesis",
    filters: width,
    blocks,
    seed: seed + 200,
  });
  const correction = conv2dTranspose(hidden, {
    name: "synthesis_patch",
    filters: 3,
    kernelSize: patch,
    strides: patch,
    seed: seed + 300,
    gain: 0,
  }); // [n, size, size, 3]
  const linear = conv2dTranspose(input, {
    name: "synthesis_linear",
    filters: 3,
    kernelSize: patch,
    strides: patch,
    seed: seed + 301,
    useBias: false,
  }); // [n, size, size, 3]
  const image = sum("synthesis_sum", correction, linear);
  return tf.model({ inputs: input, outputs: image });
}

/**
 * Both kernels are `[patch, patch, 3, C]`: a convolution takes it as height,
 * width, in, out; a transposed one as height, width, out, in.
 *
 * The mean patch is nearly one colour, so the biases carry it: the networks
 * see images minus 0.5.
 */
function startLinear(
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
  { patch, components, mean }: PatchPca,
): void {
  tf.tidy(() => {
    const channels = components.shape[1];
    const kernel = components.reshape([patch, patch, 3, channels]);
    encoder.getLayer("analysis_linear").setWeights([kernel]);
    decoder.getLayer("synthesis_linear").setWeights([kernel]);
    const offset = mean.sub(0.5).reshape([1, -1]);
    const shift = offset.matMul(components).neg().reshape([channels]);
    setBias(encoder.getLayer("analysis_code"), shift);
    const color = mean.sub(0.5).reshape([-1, 3]).mean(0);
    setBias(decoder.getLayer("synthesis_patch"), color);
  });
}

function setBias(layer: tf.layers.Layer, bias: tf.Tensor): void {
  const [kernel] = layer.getWeights();
  layer.setWeights([kernel!, bias]);
}

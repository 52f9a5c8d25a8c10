/**
 * The write-up's convolutional autoencoder: images to a small code and back.
 *
 *     x [n, S, S, 3]
 *     │ conv 3x3 /2, ReLU   once a width: S ▶ S/2 ▶ S/4 (▶ S/8)
 *     │ conv 3x3            [n, 43, 43, C]
 *     z                     the code; + linear path of x
 *     │ conv 3x3, ReLU      [n, 43, 43, widths.at(-1)]
 *     │ transposed conv 3x3 ·2, ReLU   once a width, mirrored
 *     │ conv 3x3            [n, S, S, 3]
 *     x̂                     + linear path of z
 *
 * The medium network (S = 172) halves its input twice and the high one
 * (S = 344) three times, so both have a code of 43x43xC.
 *
 * The linear path is one patch transform each way (4x4 or 8x8 pixels to C
 * numbers, and back), which starts as the principal components of the training
 * patches, with the rest starting at zero: training then begins at the best
 * linear code instead of at noise.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { conv2d, conv2dTranspose } from "./layers.ts";
import type { PatchPca } from "./patch_pca.ts";

/** What decides the shape of a convolutional autoencoder. */
export interface AutoencoderSettings {
  /** Side of the images, a multiple of `2 ** widths.length`. */
  readonly size: number;
  /** Channels after each halving. */
  readonly widths: readonly number[];
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Whether the linear path is there. */
  readonly linearPath: boolean;
  /** Seed of the first weights. */
  readonly seed: number;
}

/** An encoder and a decoder. */
export interface Autoencoder {
  /** What it was made from. */
  readonly settings: AutoencoderSettings;
  /** `[size, size, 3]` to the code. */
  readonly encoder: tf.LayersModel;
  /** The code to `[size, size, 3]`. */
  readonly decoder: tf.LayersModel;
  /** Shape of the code of one image: `[side, side, C]`. */
  readonly latentShape: readonly [number, number, number];
  /** Images `[n, size, size, 3]` in 0..1 to codes `[n, side, side, C]`. */
  encode(images: tf.Tensor4D): tf.Tensor4D;
  /** Codes to images; about 0..1, not clipped. */
  decode(codes: tf.Tensor4D): tf.Tensor4D;
  /** All weights by unique names, in a fixed order. */
  weights(): Map<string, tf.Variable>;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * Makes an autoencoder with random first weights.
 *
 * @param settings Its shape and seed.
 * @param pca What the linear path starts from; needed when there is one.
 * @throws {RangeError} When the size does not fit the number of halvings, or
 * the principal components do not fit the settings.
 *
 * @example
 * ```ts
 * import { convAutoencoder } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = convAutoencoder({
 *   size: 16,
 *   widths: [8, 8],
 *   latentChannels: 2,
 *   linearPath: false,
 *   seed: 1,
 * });
 * const codes = model.encode(tf.zeros([1, 16, 16, 3]));
 * assertEquals(codes.shape, [1, 4, 4, 2]);
 * assertEquals(model.decode(codes).shape, [1, 16, 16, 3]);
 * model.dispose();
 * ```
 */
export function convAutoencoder(
  settings: AutoencoderSettings,
  pca?: PatchPca,
): Autoencoder {
  checkSettings(settings, pca);
  const encoder = makeEncoder(settings);
  const decoder = makeDecoder(settings);
  if (pca !== undefined && settings.linearPath) {
    startLinearPath(encoder, decoder, pca);
  }
  return wrap(settings, encoder, decoder);
}

/** Side of the code of a network: the image's, halved once a width. */
export function latentSide(settings: AutoencoderSettings): number {
  return settings.size / 2 ** settings.widths.length;
}

function checkSettings(settings: AutoencoderSettings, pca?: PatchPca): void {
  const { size, widths, latentChannels, linearPath } = settings;
  const side = latentSide(settings);
  if (!Number.isInteger(side) || side < 1) {
    throw new RangeError(
      `Size ${size} cannot be halved ${widths.length} times; take a multiple of ${
        2 ** widths.length
      }.`,
    );
  }
  if (!linearPath) return;
  const patch = 2 ** widths.length;
  if (pca?.patch !== patch || pca.components.shape[1] !== latentChannels) {
    throw new RangeError(
      `The linear path needs ${latentChannels} principal components of ` +
        `${patch}x${patch} patches, not ${
          pca === undefined
            ? "none"
            : `${pca.components.shape[1]} of ${pca.patch}x${pca.patch}`
        }.`,
    );
  }
}

function makeEncoder(settings: AutoencoderSettings): tf.LayersModel {
  const { size, widths, latentChannels, linearPath, seed } = settings;
  const input = tf.input({ shape: [size, size, 3] });
  let hidden = input;
  widths.forEach((filters, i) => {
    hidden = conv2d({
      name: `analysis_${i}`,
      filters,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      seed: seed + i,
    }).apply(hidden) as tf.SymbolicTensor; // [n, size / 2^(i+1), …, filters]
  });
  const code = conv2d({
    name: "analysis_code",
    filters: latentChannels,
    kernelSize: 3,
    seed: seed + 100,
    zero: linearPath,
  }).apply(hidden) as tf.SymbolicTensor; // [n, side, side, C]
  if (!linearPath) return tf.model({ inputs: input, outputs: code });
  const patch = 2 ** widths.length;
  const linear = conv2d({
    name: "analysis_linear",
    filters: latentChannels,
    kernelSize: patch,
    strides: patch,
    seed: seed + 101,
    useBias: false,
  }).apply(input) as tf.SymbolicTensor; // [n, side, side, C]
  return tf.model({ inputs: input, outputs: sum("analysis", code, linear) });
}

function makeDecoder(settings: AutoencoderSettings): tf.LayersModel {
  const { widths, latentChannels, linearPath, seed } = settings;
  const side = latentSide(settings);
  const input = tf.input({ shape: [side, side, latentChannels] });
  let hidden = conv2d({
    name: "synthesis_code",
    filters: widths.at(-1)!,
    kernelSize: 3,
    activation: "relu",
    seed: seed + 200,
  }).apply(input) as tf.SymbolicTensor; // [n, side, side, widths.at(-1)]
  widths.toReversed().forEach((_, i) => {
    const filters = widths[Math.max(0, widths.length - 2 - i)]!;
    hidden = conv2dTranspose({
      name: `synthesis_${i}`,
      filters,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      seed: seed + 300 + i,
    }).apply(hidden) as tf.SymbolicTensor; // [n, side * 2^(i+1), …, filters]
  });
  const image = conv2d({
    name: "synthesis_image",
    filters: 3,
    kernelSize: 3,
    seed: seed + 400,
    zero: linearPath,
  }).apply(hidden) as tf.SymbolicTensor; // [n, size, size, 3]
  if (!linearPath) return tf.model({ inputs: input, outputs: image });
  const patch = 2 ** widths.length;
  const linear = conv2dTranspose({
    name: "synthesis_linear",
    filters: 3,
    kernelSize: patch,
    strides: patch,
    seed: seed + 401,
    useBias: false,
  }).apply(input) as tf.SymbolicTensor; // [n, size, size, 3]
  return tf.model({ inputs: input, outputs: sum("synthesis", image, linear) });
}

function sum(
  name: string,
  a: tf.SymbolicTensor,
  b: tf.SymbolicTensor,
): tf.SymbolicTensor {
  return tf.layers.add({ name: `${name}_sum` }).apply([
    a,
    b,
  ]) as tf.SymbolicTensor;
}

/**
 * Both kernels are `[patch, patch, 3, C]`: a convolution takes it as height,
 * width, in, out; a transposed one as height, width, out, in.
 */
function startLinearPath(
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
  { patch, components, mean }: PatchPca,
): void {
  tf.tidy(() => {
    const channels = components.shape[1];
    const kernel = components.reshape([patch, patch, 3, channels]);
    encoder.getLayer("analysis_linear").setWeights([kernel]);
    decoder.getLayer("synthesis_linear").setWeights([kernel]);
    // The mean patch is nearly flat, so one bias a colour serves: subtracted
    // before and added after by the offset of 0.5, and by these two biases.
    const offset = mean.sub(OFFSET).reshape([1, -1]);
    const shift = offset.matMul(components).neg().reshape([channels]);
    setBias(encoder.getLayer("analysis_code"), shift);
    const color = mean.sub(OFFSET).reshape([-1, 3]).mean(0);
    setBias(decoder.getLayer("synthesis_image"), color);
  });
}

function setBias(layer: tf.layers.Layer, bias: tf.Tensor): void {
  const [kernel] = layer.getWeights();
  layer.setWeights([kernel!, bias]);
}

/** Subtracted from images before the network and added after it. */
const OFFSET = 0.5;

function wrap(
  settings: AutoencoderSettings,
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
): Autoencoder {
  const side = latentSide(settings);
  return {
    settings,
    encoder,
    decoder,
    latentShape: [side, side, settings.latentChannels],
    encode: (images) =>
      tf.tidy(() => encoder.apply(images.sub(OFFSET)) as tf.Tensor4D),
    decode: (codes) =>
      tf.tidy(() => (decoder.apply(codes) as tf.Tensor4D).add(OFFSET)),
    weights: () => weightsOf([encoder, decoder]),
    dispose: () => {
      encoder.dispose();
      decoder.dispose();
    },
  };
}

/**
 * The weights of models by their layers' names, such as `analysis_0/kernel`.
 *
 * @param models Networks whose layers have different names.
 */
export function weightsOf(
  models: readonly tf.LayersModel[],
): Map<string, tf.Variable> {
  const weights = new Map<string, tf.Variable>();
  for (const model of models) {
    for (const layer of model.layers) {
      for (const weight of layer.weights) {
        const part = weight.originalName.split("/").at(-1)!;
        weights.set(`${layer.name}/${part}`, weight.read() as tf.Variable);
      }
    }
  }
  return weights;
}

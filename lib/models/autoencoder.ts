/**
 * What all autoencoders of the project have in common.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/** An encoder and a decoder. */
export interface Autoencoder {
  /** Shape of an image: `[size, size, 3]`. */
  readonly imageShape: readonly [number, number, number];
  /** Shape of its code: `[side, side, C]`. */
  readonly latentShape: readonly [number, number, number];
  /** Weights of both parts, counted. */
  readonly parameters: number;
  /** Images `[n, size, size, 3]` in 0..1 to codes `[n, side, side, C]`. */
  encode(images: tf.Tensor4D): tf.Tensor4D;
  /** Codes to images; about 0..1, not clipped. */
  decode(codes: tf.Tensor4D): tf.Tensor4D;
  /** All weights by unique names, in a fixed order. */
  weights(): Map<string, tf.Variable>;
  /** Frees the weights. */
  dispose(): void;
}

/** Subtracted from images before a network and added after it. */
export const IMAGE_OFFSET = 0.5;

/**
 * Joins an encoder and a decoder.
 *
 * @param encoder Takes images minus 0.5; the code is its first output.
 * @param decoder Gives images minus 0.5.
 */
export function joinAutoencoder(
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
): Autoencoder {
  return {
    imageShape: shapeOf(decoder),
    latentShape: shapeOf(encoder),
    parameters: encoder.countParams() + decoder.countParams(),
    encode: (images) =>
      tf.tidy(() => outputsOf(encoder, images.sub(IMAGE_OFFSET))[0]!),
    decode: (codes) =>
      tf.tidy(() => (decoder.apply(codes) as tf.Tensor4D).add(IMAGE_OFFSET)),
    weights: () => weightsOf([encoder, decoder]),
    dispose: () => {
      encoder.dispose();
      decoder.dispose();
    },
  };
}

/**
 * All outputs of a network, also where it has but one.
 *
 * @param model Its outputs are of four dimensions.
 * @param input What it takes.
 */
export function outputsOf(
  model: tf.LayersModel,
  input: tf.Tensor,
): tf.Tensor4D[] {
  return [model.apply(input)].flat() as tf.Tensor4D[];
}

/** Of the first output. */
function shapeOf(model: tf.LayersModel): [number, number, number] {
  const [, height, width, channels] = model.outputs[0]!.shape;
  return [height!, width!, channels!];
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

/**
 * Puts a prefix before names, so that several networks' values fit in one map.
 *
 * @param prefix Such as a network's name.
 * @param values Entries by name.
 * @returns The entries, with `prefix/` before their names.
 *
 * @example
 * ```ts
 * import { prefixed } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(prefixed("high", new Map([["bias", 1]])), [["high/bias", 1]]);
 * ```
 */
export function prefixed<Value>(
  prefix: string,
  values: Iterable<readonly [string, Value]>,
): [string, Value][] {
  return Array.from(values, ([name, value]) => [`${prefix}/${name}`, value]);
}

/**
 * What all autoencoders of the project have in common.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/** A network with weights to train. */
export interface Trainable extends Disposable {
  /** Number of weights. */
  readonly parameters: number;
  /** All weights by unique names, in a fixed order. */
  weights(): Map<string, tf.Variable>;
  /** Frees the weights. */
  dispose(): void;
}

/** A decoder of images. */
export interface ImageDecoder extends Trainable {
  /** Shape of an image: `[size, size, 3]`. */
  readonly imageShape: readonly [number, number, number];
  /**
   * Decodes images.
   *
   * @param codes `[n, side, side, C]`.
   * @returns `[n, size, size, 3]`; about 0..1, not clipped.
   */
  decode(codes: tf.Tensor4D): tf.Tensor4D;
}

/** An encoder and a decoder. */
export interface Autoencoder extends ImageDecoder {
  /** Shape of a code: `[side, side, C]`. */
  readonly latentShape: readonly [number, number, number];
  /**
   * Encodes images.
   *
   * @param images `[n, size, size, 3]` in 0..1.
   * @returns `[n, side, side, C]`.
   */
  encode(images: tf.Tensor4D): tf.Tensor4D;
}

/** Subtracted from images before a network and added after it. */
export const IMAGE_OFFSET = 0.5;

/**
 * Joins an encoder and a decoder.
 *
 * @param encoder Takes images minus 0.5; the code is its first output.
 * @param decoder Gives images minus 0.5.
 * @returns The autoencoder, which owns both.
 */
export function joinAutoencoder(
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
): Autoencoder {
  return {
    ...trainable([encoder, decoder]),
    imageShape: shapeOf(decoder),
    latentShape: shapeOf(encoder),
    encode: (images) =>
      tf.tidy(() => outputsOf(encoder, images.sub(IMAGE_OFFSET))[0]!),
    decode: (codes) =>
      tf.tidy(() => (decoder.apply(codes) as tf.Tensor4D).add(IMAGE_OFFSET)),
  };
}

/**
 * Takes the decoder of an autoencoder, which still owns it: the two share
 * their weights, and disposing one disposes the other.
 *
 * @param model Its decoder's layers have names that start with `synthesis`.
 * @returns The decoder, with its own weights only.
 */
export function decoderOf(model: Autoencoder): ImageDecoder {
  const weights = new Map(
    [...model.weights()].filter(([name]) => name.startsWith("synthesis")),
  );
  let parameters = 0;
  for (const { size } of weights.values()) parameters += size;
  return {
    imageShape: model.imageShape,
    parameters,
    decode: model.decode,
    weights: () => new Map(weights),
    dispose: model.dispose,
    [Symbol.dispose]: model.dispose,
  };
}

/**
 * Runs a network of one or more outputs.
 *
 * @param model Its outputs are of four dimensions.
 * @param input What it takes.
 * @returns All outputs.
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
 * Gathers the weights of models, by names such as `analysis_0/kernel`.
 *
 * @param models Their layers have different names.
 * @returns All weights, and what frees them.
 */
export function trainable(models: readonly tf.LayersModel[]): Trainable {
  const weights = () =>
    new Map(
      models.flatMap(({ layers }) =>
        layers.flatMap((layer) =>
          layer.weights.map((weight) => {
            const part = weight.originalName.split("/").at(-1)!;
            const name = `${layer.name}/${part}`;
            return [name, weight.read() as tf.Variable] as const;
          })
        )
      ),
    );
  const dispose = () => models.forEach((model) => model.dispose());
  return {
    parameters: models.reduce((sum, model) => sum + model.countParams(), 0),
    weights,
    dispose,
    [Symbol.dispose]: dispose,
  };
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
 * import { prefixed } from "@/models/mod.ts";
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

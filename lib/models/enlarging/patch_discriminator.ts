/**
 * A network that tells high images that were made from real ones, patch by
 * patch, and the losses of the game between it and the network that makes
 * them.
 *
 *     image [n, 2h, 2w, 3], smooth image of the same medium one
 *     │ the smooth image, and ten times what the image has beyond it
 *     │ 2x2 patches [n, h, w, 24]
 *     │ conv 3x3, conv 3x3, conv 4x4 every second position, conv 3x3
 *     └─▶ scores [n, h/2, w/2, 1]: how real each place looks
 *
 * P. Isola et al., "Image-to-Image Translation with Conditional Adversarial
 * Networks", 2017, for patches. The kernels are divided by their largest
 * singular value, so that scores cannot grow without bound: T. Miyato et al.,
 * "Spectral Normalization for Generative Adversarial Networks", 2018. Scores
 * only count relative to those of the real image of the same medium one: A.
 * Jolicoeur-Martineau, "The Relativistic Discriminator", 2019.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { IMAGE_OFFSET, type Trainable } from "@/models/autoencoder.ts";
import { toPatches } from "@/models/patch_pca.ts";
import { WeightSet } from "./weight_set.ts";

/** Slope of the activation below zero. */
const LEAK = 0.2;

/** By how much detail is larger for the network than in the image. */
const DETAIL_GAIN = 10;

/** What decides the shape of a discriminator. */
export interface PatchDiscriminatorSettings {
  /** Channels inside. */
  readonly width: number;
  /** Whether kernels are divided by their largest singular value. */
  readonly normalised: boolean;
}

/** What a discriminator says of images. */
export interface ImageJudgement {
  /** `[n, h / 2, w / 2, 1]`; higher where the image looks real. */
  readonly scores: tf.Tensor4D;
  /** What its inner layers saw, finest first. */
  readonly features: readonly tf.Tensor4D[];
}

/** A network that tells made images from real ones. */
export interface PatchDiscriminator extends Trainable {
  /** The estimated singular vectors, by name: state, but not trained. */
  state(): Map<string, tf.Variable>;
  /** Brings the singular vectors closer to those of the current kernels. */
  followKernels(): void;
  /**
   * Judges images.
   *
   * @param images `[n, 2h, 2w, 3]`, about 0..1; `2h` and `2w` divide by 4.
   * @param smooth Interpolation of the medium image, of the same shape.
   */
  judge(images: tf.Tensor4D, smooth: tf.Tensor4D): ImageJudgement;
}

/**
 * Makes a discriminator.
 *
 * @param settings Its shape.
 * @param seed Of the initial weights.
 * @returns The discriminator.
 */
export function patchDiscriminator(
  { width, normalised }: PatchDiscriminatorSettings,
  seed: number,
): PatchDiscriminator {
  const weights = new WeightSet(seed);
  const vectors = new Map<string, tf.Variable>();
  const layers = [
    ["judge_0", [3, 3, 24, width], 1],
    ["judge_1", [3, 3, width, width], 1],
    ["judge_2", [4, 4, width, width], 2],
    ["judge_3", [3, 3, width, 1], 1],
  ] as const;
  for (const [name, shape] of layers) {
    weights.add(name, shape);
    const start = tf.tidy(() =>
      tf.variable(tf.ones([1, shape[3]]).div(Math.sqrt(shape[3])), false)
    );
    vectors.set(`${name}/vector`, start);
  }
  /** One step of the power method: the left vector and the right one. */
  const singular = (name: string) => {
    const kernel = weights.kernel(name);
    const flat = kernel.reshape([-1, kernel.shape.at(-1)!]) as tf.Tensor2D;
    const right = vectors.get(`${name}/vector`)! as tf.Tensor2D;
    const left = unit(right.matMul(flat, false, true));
    return { flat, left, right: unit(left.matMul(flat)) };
  };
  const kernelOf = (name: string): tf.Tensor4D => {
    const kernel = weights.kernel(name) as tf.Tensor4D;
    if (!normalised) return kernel;
    const { flat, left, right } = singular(name);
    const norm = left.matMul(flat).mul(right).sum();
    return kernel.div(norm);
  };
  return {
    parameters: weights.parameters,
    weights: () => weights.weights(),
    state: () => new Map(vectors),
    followKernels: () =>
      tf.tidy(() => {
        for (const [name] of layers) {
          vectors.get(`${name}/vector`)!.assign(singular(name).right);
        }
      }),
    judge: (images, smooth) => {
      const detail = images.sub(smooth).mul(DETAIL_GAIN);
      const seen = tf.concat([smooth.sub(IMAGE_OFFSET), detail], 3);
      let x = toPatches(seen as tf.Tensor4D, 2);
      const features: tf.Tensor4D[] = [];
      layers.forEach(([name, , stride], i) => {
        if (i > 0) x = tf.leakyRelu(x, LEAK);
        if (i > 1) features.push(x);
        x = tf.conv2d(x, kernelOf(name), stride, "same")
          .add(weights.bias(name));
      });
      return { scores: x, features };
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
  function dispose() {
    weights.dispose();
    tf.dispose([...vectors.values()]);
  }
}

function unit(vector: tf.Tensor): tf.Tensor2D {
  return vector.div(vector.norm().add(1e-12)) as tf.Tensor2D;
}

/**
 * The discriminator's loss: that real images do not look more real than those
 * that were made.
 *
 * @param real Scores of real images.
 * @param made Scores of images that were made from the same medium ones.
 * @returns A scalar; log 2 if it cannot tell them apart.
 */
export function discriminatorLoss(
  real: tf.Tensor4D,
  made: tf.Tensor4D,
): tf.Scalar {
  return tf.tidy(() => tf.softplus(made.sub(real)).mean() as tf.Scalar);
}

/**
 * The adversarial loss of what makes images: the same with the sides
 * exchanged.
 *
 * @param real Scores of real images.
 * @param made Scores of images that were made from the same medium ones.
 * @returns A scalar; log 2 if the discriminator cannot tell them apart.
 */
export function adversarialLoss(
  real: tf.Tensor4D,
  made: tf.Tensor4D,
): tf.Scalar {
  return discriminatorLoss(made, real);
}

/**
 * How differently the discriminator's inner layers see two images.
 *
 * @param real Features of real images.
 * @param made Features of images that were made.
 * @returns A scalar, the mean absolute difference over the layers.
 */
export function featureLoss(
  real: readonly tf.Tensor4D[],
  made: readonly tf.Tensor4D[],
): tf.Scalar {
  return tf.tidy(() => {
    const each = made.map((features, i) => features.sub(real[i]!).abs().mean());
    return tf.addN(each).div(each.length) as tf.Scalar;
  });
}

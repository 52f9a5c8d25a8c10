/**
 * The variants that can be trained: the codec itself, and those that it is
 * compared with, which start from its weights and are trained a little longer.
 *
 *     layered        a prefix of the file is the medium image
 *     high-only      trained for the high image alone
 *     two-decoders   one latent; both decoders read all of it
 *
 * @module
 */

import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import { tf } from "@/tensorflow/mod.ts";

/** The names of all variants. */
export const CODEC_VARIANTS = ["layered", "high-only", "two-decoders"] as const;

/** The name of a variant. */
export type CodecVariant = typeof CODEC_VARIANTS[number];

/**
 * Lets the medium synthesis read all latents. Its results do not change at
 * first: the weights of the latents that it did not read are 0.
 *
 * @param weights By name; `medium/0/filters` is replaced.
 */
export function readAllLatents(weights: Map<string, tf.Variable>): void {
  const name = "medium/0/filters";
  const old = weights.get(name)!;
  const [side, , from, to] = old.shape as [number, number, number, number];
  if (from !== MEDIUM_CHANNELS + 1) return;
  const wide = tf.tidy(() => {
    const filters = old as tf.Variable<tf.Rank.R4>;
    const latents = filters.slice([0, 0, 0, 0], [-1, -1, MEDIUM_CHANNELS, -1]);
    const level = filters.slice([0, 0, MEDIUM_CHANNELS, 0], [-1, -1, 1, -1]);
    const others = tf.zeros([side, side, CHANNELS - MEDIUM_CHANNELS, to]);
    return tf.variable(tf.concat([latents, others, level], 2), true);
  });
  weights.set(name, wide);
  old.dispose();
}

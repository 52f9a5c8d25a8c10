/**
 * The weights of the networks that predict a frame from the one before: those
 * for photos, with further inputs and results whose weights begin at 0. So
 * training begins with what photos take.
 *
 * @module
 */
import { beforeInputs, CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import { BEFORE_CHANNELS } from "@/codec/model/codec_settings.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { HYPER_BLOCKS } from "@/codec/format/tiles.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Weights that clips have of their own. */
const OWN = /^(hyper_analysis|hyper_prior|hyper_synthesis|group)\//;

/**
 * Makes the weights.
 *
 * @param photo The weights for photos by name, which are not changed.
 * @param seed Seed of the random values.
 * @returns Variables by name, `kind_norms` included; to be disposed.
 */
export function clipWeights(
  photo: ReadonlyMap<string, tf.Variable>,
  seed: number,
): Map<string, tf.Variable> {
  const inputs = new Map([
    ["hyper_analysis/0", CHANNELS],
    ["hyper_prior/0", BEFORE_CHANNELS],
  ]);
  const results = new Map<string, number>();
  for (const group of CHANNEL_GROUPS) {
    inputs.set(`group/${group.index}/0`, beforeInputs(group));
    results.set(`group/${group.index}/2`, group.size);
  }
  const weights = new Map<string, tf.Variable>();
  for (const [name, weight] of photo) {
    if (!OWN.test(name) && name !== "kind_norms") continue;
    const layer = name.replace(/\/[a-z]+$/, "");
    const isFilter = name.endsWith("/filters");
    const axes = weight.shape.map((_, axis) => {
      if (axis === weight.shape.length - 1) return results.get(layer) ?? 0;
      return isFilter && axis === 2 ? inputs.get(layer) ?? 0 : 0;
    });
    weights.set(
      name,
      tf.tidy(() =>
        tf.variable(
          tf.pad(weight, axes.map((more): [number, number] => [0, more])),
          weight.trainable,
        )
      ),
    );
  }
  const random = seededRandom(seed, "before");
  const shape: [number, number, number, number] = [
    ...[HYPER_BLOCKS, HYPER_BLOCKS] as const,
    ...[MEDIUM_CHANNELS, BEFORE_CHANNELS] as const,
  ];
  const bound = Math.sqrt(6 / (HYPER_BLOCKS ** 2 * MEDIUM_CHANNELS));
  tf.tidy(() => {
    const filters = tf.tensor4d(
      Float32Array.from(
        { length: shape.reduce((a, b) => a * b) },
        () => bound * (2 * random() - 1),
      ),
      shape,
    );
    weights.set("before/0/filters", tf.variable(filters));
    weights.set("before/0/bias", tf.variable(tf.zeros([BEFORE_CHANNELS])));
  });
  return weights;
}

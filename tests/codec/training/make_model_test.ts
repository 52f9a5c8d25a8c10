/** From trained weights to whole numbers. */
import {
  type Activations,
  makeCodecModel,
  observeActivations,
} from "@/codec/training/make_model.ts";
import { codecLoss } from "@/codec/training/objective.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals } from "@std/assert";
import {
  batchOf,
  drawPicture,
  tinySettings,
  tinyWeights,
} from "../_tiny_model.ts";

/** Makes a model of tiny weights that are changed before. */
function modelOf(
  change: (weights: ReadonlyMap<string, tf.Variable>) => void,
) {
  const weights = tinyWeights();
  tf.tidy(() => change(weights));
  const batch = batchOf(drawPicture(64, 64, "activations"), 0.5);
  const activations: Activations = observeActivations(
    (name) => weights.get(name)!,
    [batch],
  );
  const values = new Map(
    Array.from(weights, ([name, weight]) => [
      name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ]),
  );
  const { bpp, ...rest } = codecLoss(batch, (name) => weights.get(name)!);
  const rate = bpp.dataSync()[0]!;
  tf.dispose([bpp, { ...rest }, { ...batch }, ...weights.values()]);
  return { model: makeCodecModel(tinySettings, values, activations), rate };
}

Deno.test("a channel that is idle may have great weights", () => {
  const name = "hyper_synthesis/0";
  const { model } = modelOf((weights) => {
    const filters = weights.get(`${name}/filters`)!;
    filters.assign(filters.mul(1000));
    weights.get(`${name}/bias`)!.assign(tf.fill([4], -1e5));
  });
  const { filters, bias } = model.integer.get(name)!;
  assert(filters.some((value) => Math.abs(value) > 1000));
  assert(bias.every((value) => value < 0));
});

Deno.test("the hyper-latent's means are as coarse in training as in files", () => {
  const withMean = (mean: number) =>
    modelOf((weights) => weights.get("hyper/mean")!.assign(tf.fill([3], mean)));
  const [low, middle, high] = [0.4, 0.5, 0.6].map(withMean);
  assertEquals([low!.rate, high!.rate], [middle!.rate, middle!.rate]);
  for (const { model } of [low!, middle!, high!]) {
    assertEquals(model.hyperMeans, new Int16Array(3).fill(8));
  }
});

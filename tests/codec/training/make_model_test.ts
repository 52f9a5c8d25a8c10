/** From trained weights to whole numbers. */
import {
  type Activations,
  makeCodecModel,
  observeActivations,
} from "@/codec/training/make_model.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert } from "@std/assert";
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
  const batch = batchOf([drawPicture(64, 64, "activations")], [0.5]);
  const activations: Activations = observeActivations(
    (name) => weights.get(name)!,
    [batch],
  );
  const model = makeCodecModel(tinySettings, weights, activations);
  tf.dispose([{ ...batch }, ...weights.values()]);
  return model;
}

Deno.test("a channel that is idle may have great weights", () => {
  const name = "hyper_synthesis/0";
  const model = modelOf((weights) => {
    const filters = weights.get(`${name}/filters`)!;
    filters.assign(filters.mul(1000));
    weights.get(`${name}/bias`)!.assign(tf.fill([4], -1e5));
  });
  const { filters, bias } = model.integer.get(name)!;
  assert(filters.some((value) => Math.abs(value) > 1000));
  assert(bias.every((value) => value < 0));
});

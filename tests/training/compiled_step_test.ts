import { convAutoencoder, squaredError } from "@/models/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import { assertEquals, assertLess } from "@std/assert";

const SIDE = 16;

function tinyModel() {
  return convAutoencoder({
    size: SIDE,
    widths: [8],
    latentChannels: 2,
    seed: 1,
  });
}

type TinyModel = ReturnType<typeof tinyModel>;

/** Images of random pixels, the same for the same number. */
function batch(number: number): tf.Tensor4D {
  const random = seededRandom(number, "compiled step");
  const pixels = Float32Array.from({ length: 4 * SIDE ** 2 * 3 }, random);
  return tf.tensor4d(pixels, [4, SIDE, SIDE, 3]);
}

const lossOf = (model: TinyModel, images: tf.Tensor4D) =>
  squaredError(model.decode(model.encode(images)), images);

Deno.test("50 steps have the same losses compiled and op by op", () => {
  const losses = [true, false].map((compiled) => {
    const model = tinyModel();
    using adam = new Adam(model.weights());
    const plain = (images: tf.Tensor4D, rate: tf.Scalar) =>
      adam.minimize(rate, () => ({ loss: lossOf(model, images) })).loss;
    const step = compiled ? compile(plain) : plain;
    const found = Array.from(
      { length: 50 },
      (_, i) => tf.tidy(() => step(batch(i), tf.scalar(0.01)).dataSync()[0]!),
    );
    model.dispose();
    return found;
  });
  const [fast, plain] = losses as [number[], number[]];
  assertLess(plain[49]!, 0.9 * plain[0]!, "it learns");
  const apart = fast.map((loss, i) => Math.abs(loss / plain[i]! - 1));
  assertLess(Math.max(...apart), 1e-5);
});

Deno.test("a compiled network's gradients are those of finite differences", () => {
  const model = tinyModel();
  const images = batch(0);
  const weights = Array.from(model.weights().values());
  const gradients = compile((images: tf.Tensor4D) => {
    const { grads } = tf.variableGrads(() => lossOf(model, images), weights);
    return weights.map(({ name }) => grads[name]!);
  });
  const found = gradients(images);
  const loss = () => tf.tidy(() => lossOf(model, images).dataSync()[0]!);
  const random = seededRandom(2, "directions");
  for (const [i, weight] of weights.entries()) {
    const direction = tf.tensor(
      Float32Array.from({ length: weight.size }, () => random() - 0.5),
      weight.shape,
    );
    const before = weight.clone();
    const at = (distance: number) => {
      tf.tidy(() => weight.assign(before.add(direction.mul(distance))));
      return loss();
    };
    // So near that few activations pass the kink of their ReLU.
    const slope = (at(5e-4) - at(-5e-4)) / 1e-3;
    weight.assign(before as tf.Variable);
    const expected = tf.tidy(() =>
      found[i]!.mul(direction).sum().dataSync()[0]!
    );
    const error = Math.abs(slope - expected);
    assertLess(error, 0.05 * Math.abs(expected) + 2e-5, weight.name);
    tf.dispose([before, direction]);
  }
  assertEquals(found.length, weights.length);
  tf.dispose([images, ...found]);
  model.dispose();
});

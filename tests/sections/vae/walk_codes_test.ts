import { convAutoencoder } from "@/models/mod.ts";
import { reconstruct } from "@/training/mod.ts";
import { drawImages, walkImages } from "@/sections/vae/walk_codes.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { drawPairs } from "../../experiment/_photos.ts";

const shape = { widths: [4], latentChannels: 2, seed: 1 };

Deno.test("a walk leads from the first photo's image to the last one's", () => {
  const before = tf.memory().numTensors;
  const pairs = drawPairs(3, 16);
  const model = convAutoencoder({ size: 8, ...shape });
  const walk = walkImages(model, "medium", pairs, 5);
  const images = reconstruct(
    pairs,
    "medium",
    (x) => model.decode(model.encode(x)),
  );
  assertEquals(walk.length, 5);
  assertEquals([walk[0], walk[4]], [images[0]!, images[2]!]);
  assertNotEquals(walk[2], walk[0]);
  assertNotEquals(walk[2], walk[4]);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a walk takes the images of the size that is asked for", () => {
  const model = convAutoencoder({ size: 16, ...shape });
  const [first] = walkImages(model, "high", drawPairs(2, 16), 2);
  assertEquals([first!.width, first!.height], [16, 16]);
  model.dispose();
});

Deno.test("with one photo a walk stays where it is", () => {
  const model = convAutoencoder({ size: 8, ...shape });
  const [from, to] = walkImages(model, "medium", drawPairs(1, 16), 2);
  assertEquals(from, to);
  model.dispose();
});

Deno.test("the noise decides the images that are drawn", () => {
  const before = tf.memory().numTensors;
  const model = convAutoencoder({ size: 8, ...shape });
  const [first, second] = drawImages(model, 2, 1);
  assertEquals([first!.width, first!.height], [8, 8]);
  assertNotEquals(first, second);
  assertEquals(drawImages(model, 2, 1), [first, second]);
  assertNotEquals(drawImages(model, 2, 2), [first, second]);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

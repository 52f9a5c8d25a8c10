import { convAutoencoder } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { smoothImages } from "./_images.ts";

const small = { size: 8, widths: [4, 6], latentChannels: 2, seed: 1 };

Deno.test("a convolutional autoencoder halves its images once a width", () => {
  const cases = [
    [{ size: 8, widths: [4], latentChannels: 3 }, [4, 4, 3]],
    [{ size: 24, widths: [2, 3, 4], latentChannels: 1 }, [3, 3, 1]],
    [{ size: 172, widths: [2, 2], latentChannels: 8 }, [43, 43, 8]],
    [{ size: 344, widths: [2, 2, 2], latentChannels: 8 }, [43, 43, 8]],
  ] as const;
  for (const [settings, latentShape] of cases) {
    const model = convAutoencoder({ ...settings, seed: 1 });
    const { size } = settings;
    assertEquals(model.imageShape, [size, size, 3]);
    assertEquals(model.latentShape, [...latentShape]);
    tf.tidy(() => {
      const codes = model.encode(tf.zeros([2, size, size, 3]));
      assertEquals(codes.shape, [2, ...latentShape]);
      assertEquals(model.decode(codes).shape, [2, size, size, 3]);
    });
    model.dispose();
  }
});

Deno.test("a convolutional autoencoder counts its weights", () => {
  const model = convAutoencoder(small);
  const conv = (from: number, to: number) => 9 * from * to + to;
  const encoder = conv(3, 4) + conv(4, 6) + conv(6, 2);
  const decoder = conv(2, 6) + conv(6, 4) + conv(4, 4) + conv(4, 3);
  assertEquals(model.parameters, encoder + decoder);
  let sizes = 0;
  for (const weight of model.weights().values()) sizes += weight.size;
  assertEquals(sizes, model.parameters);
  model.dispose();
});

Deno.test("a size that cannot be halved is named in the error", () => {
  const cases = [
    [{ ...small, size: 10 }, "size must be a multiple of 4, got 10."],
    [{ ...small, size: 0 }, "size must be a multiple of 4, got 0."],
    [{ ...small, size: 8.5 }, "size must be a multiple of 4, got 8.5."],
    [
      { ...small, widths: [] },
      "widths must be a list of at least one, got [].",
    ],
  ] as const;
  for (const [settings, message] of cases) {
    assertThrows(() => convAutoencoder(settings), RangeError, message);
  }
});

Deno.test("the seed alone decides the first weights", () => {
  const values = (seed: number) => {
    const model = convAutoencoder({ ...small, seed });
    const entries = Array.from(
      model.weights(),
      ([name, weight]) => [name, Array.from(weight.dataSync())] as const,
    );
    model.dispose();
    return new Map(entries);
  };
  const first = values(7);
  assertEquals(values(7), first);
  const other = values(8);
  for (const [name, kernel] of first) {
    if (name.endsWith("/bias")) continue;
    assertNotEquals(other.get(name), kernel, name);
  }
});

Deno.test("layers of one network start with different weights", () => {
  const model = convAutoencoder({ ...small, widths: [3, 3] });
  const starts = Array.from(model.weights())
    .filter(([name]) => name.endsWith("/kernel"))
    .map(([, weight]) => weight.dataSync()[0]);
  assertEquals(new Set(starts).size, starts.length);
  model.dispose();
});

Deno.test("weights have their layers' names, encoder first", () => {
  const [a, b] = [convAutoencoder(small), convAutoencoder(small)];
  const layers = [
    "analysis_0",
    "analysis_1",
    "analysis_code",
    "synthesis_code",
    "synthesis_1",
    "synthesis_0",
    "synthesis_image",
  ];
  const names = layers.flatMap((name) => [`${name}/kernel`, `${name}/bias`]);
  assertEquals([...a.weights().keys()], names);
  // Also of a second network in the same process.
  assertEquals([...b.weights().keys()], names);
  a.dispose();
  b.dispose();
});

Deno.test("a convolutional autoencoder keeps and leaves no tensors", () => {
  const before = tf.memory().numTensors;
  const model = convAutoencoder(small);
  const kept = tf.memory().numTensors;
  assertEquals(kept - before, model.weights().size);
  const images = smoothImages(2, 8);
  const codes = model.encode(images);
  tf.dispose([images, model.decode(codes), codes]);
  assertEquals(tf.memory().numTensors, kept);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

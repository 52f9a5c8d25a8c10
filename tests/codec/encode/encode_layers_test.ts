import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import {
  type EncodedLayers,
  encodeLayers,
} from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { levelOf } from "@/codec/model/quality.ts";
import { codecPass } from "@/codec/training/objective.ts";
import { psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";
import {
  batchOf,
  drawPicture,
  tinyModel,
  tinyWeights,
  withTinyModel,
} from "../_tiny_model.ts";

const both = { medium: true, high: true };

Deno.test("pictures of any size come back in both sizes", async () => {
  const before = tf.memory().numTensors;
  await withTinyModel(async (loaded) => {
    for (const [width, height] of [[1, 1], [31, 65], [40, 16]] as const) {
      const picture = drawPicture(width, height, "size");
      const layers = await encodeLayers(loaded, picture, { quality: 90 });
      const { medium, high } = await decodeLayers(
        loaded,
        { ...picture, ...layers, quality: 90 },
        both,
      );
      assertEquals([high!.width, high!.height], [width, height]);
      assertEquals(
        [medium!.width, medium!.height],
        [Math.ceil(width / 2), Math.ceil(height / 2)],
      );
      assertGreater(psnr(high!.data, picture.data), 20);
    }
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("the first layer alone gives the same medium image", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(64, 40, "layers");
    const { first, second } = await encodeLayers(loaded, picture, {
      quality: 60,
    });
    const layers = { ...picture, first, quality: 60 };
    const [a, b] = [
      await decodeLayers(loaded, { ...layers, second: second! }, both),
      await decodeLayers(loaded, layers, both),
    ];
    assertEquals(b.high, undefined);
    assertEquals(b.medium, a.medium);
  });
});

Deno.test("a higher quality takes more bytes and loses less", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(96, 64, "quality");
    let bytes = 0, decibels = 0;
    for (const quality of [1, 34, 67, 100]) {
      const layers = await encodeLayers(loaded, picture, { quality });
      const { high } = await decodeLayers(
        loaded,
        { ...picture, ...layers, quality },
        both,
      );
      const size = layers.first.length + layers.second!.length;
      assertGreater(size, bytes);
      const quality8 = psnr(high!.data, picture.data);
      assertGreater(quality8, decibels);
      [bytes, decibels] = [size, quality8];
    }
  });
});

Deno.test("files have the bits that training estimates, and its images", async () => {
  const picture = drawPicture(128, 96, "estimate");
  const weights = tinyWeights();
  const quality = 80;
  const expected = tf.tidy(() => {
    const batch = batchOf(picture, levelOf(quality));
    const pass = codecPass(batch, (name) => weights.get(name)!);
    return {
      first: pass.mediumBits.dataSync()[0]! / 8,
      second: pass.highBits.dataSync()[0]! / 8,
      pixels: pass.high.clipByValue(0, 1).mul(255).round().dataSync(),
    };
  });
  tf.dispose([...weights.values()]);
  await withTinyModel(async (loaded) => {
    const { first, second } = await encodeLayers(loaded, picture, { quality });
    // Tables are of normal distributions, training's are logistic.
    const share = (found: number, wanted: number) => found / wanted;
    assertAlmostEquals(share(first.length, expected.first), 1, 0.25);
    assertAlmostEquals(share(second!.length, expected.second), 1, 0.25);
    const { high } = await decodeLayers(
      loaded,
      { ...picture, first, second: second!, quality },
      both,
    );
    const close = psnr(high!.data, Uint8Array.from(expected.pixels));
    assertGreater(close, 35);
  });
});

Deno.test("another backend decodes the same latents, and pixels within 1", async () => {
  const picture = drawPicture(64, 64, "backend");
  const model = tinyModel();
  const on = async (
    backend: string,
    made?: EncodedLayers,
  ) => {
    await tf.setBackend(backend);
    const loaded = loadModel(model);
    try {
      const layers = made ??
        await encodeLayers(loaded, picture, { quality: 70 });
      const images = await decodeLayers(
        loaded,
        { ...picture, ...layers, quality: 70 },
        both,
      );
      return { layers, images };
    } finally {
      loaded.dispose();
    }
  };
  try {
    const native = await on("tensorflow");
    const plain = await on("cpu", native.layers);
    for (const size of ["medium", "high"] as const) {
      const [a, b] = [native.images[size]!.data, plain.images[size]!.data];
      const worst = a.reduce(
        (most, x, i) => Math.max(most, Math.abs(x - b[i]!)),
        0,
      );
      assertLess(worst, 2, size);
    }
    // Pixels that far off would not tell of one wrong value: all would be.
    assert(psnr(native.images.high!.data, plain.images.high!.data) > 45);
  } finally {
    await tf.setBackend("tensorflow");
  }
});

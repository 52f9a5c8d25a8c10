import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import {
  type EncodedLayers,
  encodeLayers,
} from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { levelOf } from "@/codec/model/quality.ts";
import { codecPass } from "@/codec/training/objective.ts";
import { halveImage } from "@/images/mod.ts";
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
  drawHalves,
  drawPicture,
  tinyModel,
  tinyWeights,
  withTinyModel,
} from "../_tiny_model.ts";

const both = { medium: true, high: true };

Deno.test("files have the bits that training estimates, and its images", async () => {
  const before = tf.memory().numTensors;
  const quality = 60;
  const weights = tinyWeights();
  const photo = drawHalves(128, 128, "alike");
  await withTinyModel(async (loaded) => {
    for (const coarseness of COARSENESS.keys()) {
      const expected = tf.tidy(() => {
        const batch = batchOf([photo], [levelOf(quality)], [coarseness]);
        const pass = codecPass(batch, (name) => weights.get(name)!);
        const bytes = (image: tf.Tensor4D) =>
          Uint8Array.from(
            image.mul(255).dataSync(),
            (value) => Math.max(0, Math.min(255, value + 0.5)),
          );
        const bits = pass.bits.dataSync()[0]!;
        return { bits, high: bytes(pass.high), medium: bytes(pass.medium) };
      });
      const options = { quality, coarseness };
      const layers = await encodeLayers(loaded, photo, {
        ...{ ...options, rateWeight: 0.7 },
      });
      const { high, medium } = await decodeLayers(
        loaded,
        { ...photo, ...options, layers },
        both,
      );
      // Rounded networks predict other means, so values fall in other cells, and
      // superblocks that random networks make worse are not corrected.
      const half = await halveImage(photo);
      const psnrs = (high: Uint8Array, medium: Uint8Array) => [
        psnr(high, photo.data),
        psnr(medium, half.data),
      ];
      const wanted = psnrs(expected.high, expected.medium);
      psnrs(high!.data, medium!.data).forEach((found, i) =>
        // A path through the trellis does better than rounding each value.
        assertAlmostEquals(found, wanted[i]! + 0.6, 0.9)
      );
      const stored = 8 * layers.reduce((sum, { length }) => sum + length, 0);
      // Random networks predict other distributions than the tables have.
      assertAlmostEquals(stored / expected.bits, 1.2, 0.4);
    }
  });
  tf.dispose([...weights.values()]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a higher quality takes more bytes and loses less", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(96, 64, "quality");
    let bytes = 0, decibels = 0;
    for (const quality of [1, 34, 67, 100]) {
      const options = { quality, coarseness: 1 };
      const layers = await encodeLayers(loaded, picture, {
        ...{ ...options, rateWeight: 0 },
      });
      const { high } = await decodeLayers(
        loaded,
        { ...picture, ...options, layers },
        both,
      );
      const size = layers.reduce((sum, { length }) => sum + length, 0);
      assertGreater(size, bytes);
      const found = psnr(high!.data, picture.data);
      assertGreater(found, decibels);
      [bytes, decibels] = [size, found];
    }
  });
});

Deno.test("a coarser first layer takes fewer bytes, and all layers few more", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawHalves(128, 64, "coarseness");
    const sizes: number[][] = [];
    for (const coarseness of COARSENESS.keys()) {
      const layers = await encodeLayers(loaded, picture, {
        ...{ quality: 70, coarseness, rateWeight: 0 },
      });
      sizes.push([
        layers[0].length + layers[1].length,
        layers.reduce((sum, { length }) => sum + length, 0),
      ]);
    }
    const [finest] = sizes;
    sizes.slice(1).forEach(([medium, all], i) => {
      assertLess(medium!, sizes[i]![0]!);
      assertLess(all!, 1.05 * finest![1]!);
    });
  });
});

Deno.test("another backend decodes the same latents, and pixels within 1", async () => {
  const picture = drawPicture(64, 64, "backend");
  const model = tinyModel();
  const options = { quality: 70, coarseness: 1 };
  const on = async (backend: string, made?: EncodedLayers) => {
    await tf.setBackend(backend);
    const loaded = loadModel(model);
    try {
      const layers = made ??
        await encodeLayers(loaded, picture, { ...options, rateWeight: 0.5 });
      const source = { ...picture, ...options, layers };
      return { layers, images: await decodeLayers(loaded, source, both) };
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

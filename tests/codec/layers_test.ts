/** Photos to layers and back, with random weights. */
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import {
  type EncodedLayers,
  encodeLayers,
} from "@/codec/encode/encode_layers.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { codecPass } from "@/codec/training/objective.ts";
import { psnr } from "@/metrics/mod.ts";
import type { Pixels } from "@/images/pixels.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertRejects,
} from "@std/assert";
import { batchOf, drawHalves, tinyModel, tinyWeights } from "./_tiny_model.ts";
import { loadModel } from "@/codec/mod.ts";

const quality = 60;

/** How far two pictures differ at most. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b[i]!)),
    0,
  );
}

Deno.test("a file decodes to what the networks make in training", async () => {
  const weights = tinyWeights();
  const loaded = loadModel(tinyModel());
  const photo = drawHalves(128, 128, "same");
  for (const coarseness of COARSENESS.keys()) {
    const batch = batchOf([photo], [(quality - 1) / 99], [coarseness]);
    const pass = codecPass(batch, (name) => weights.get(name)!);
    const layers = await encodeLayers(loaded, photo, {
      ...{ quality, coarseness },
      rateWeight: 0.5,
    });
    const { high, medium, thumbnail } = await decodeLayers(loaded, {
      ...{ width: 128, height: 128, quality, coarseness, layers },
    }, { high: true, medium: true, thumbnail: true });
    const bytes = (image: tf.Tensor4D) =>
      Uint8Array.from(
        image.mul(255).dataSync(),
        (value) => Math.max(0, Math.min(255, value + 0.5)),
      );
    // Rounded networks predict other means, so values fall in other cells.
    const half = halve(photo);
    const psnrs = (
      high: Uint8Array,
      medium: Uint8Array,
    ) => [psnr(high, photo.data), psnr(medium, half)];
    const wanted = psnrs(bytes(pass.high), bytes(pass.medium));
    psnrs(high!.data, medium!.data).forEach((found, i) =>
      assertAlmostEquals(found, wanted[i]!, 0.3)
    );
    assertEquals([thumbnail!.width, thumbnail!.height], [4, 4]);
    const bits = pass.bits.dataSync()[0]!;
    const stored = 8 * layers.reduce((sum, { length }) => sum + length, 0);
    // Random networks predict other distributions than the tables have.
    assertAlmostEquals(stored / bits, 1.2, 0.4);
    tf.dispose([{ ...batch }, { ...pass }]);
  }
  tf.dispose([...weights.values()]);
  loaded.dispose();
});

/** Means of 2x2 pixels. */
function halve({ width, data }: Pixels): Uint8Array {
  const row = 3 * width;
  return Uint8Array.from({ length: data.length / 4 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const at = Math.floor(2 * pixel / width) * 2 * row +
      2 * pixel % width * 3 + i % 3;
    const sum = data[at]! + data[at + 3]! + data[at + row]! +
      data[at + row + 3]!;
    return Math.round(sum / 4);
  });
}

/** An image whose sides are no multiples of anything, in several tiles. */
async function encodeOdd(): Promise<
  { layers: EncodedLayers; size: { width: number; height: number } }
> {
  const loaded = loadModel(tinyModel());
  const photo = drawHalves(150, 77, "odd");
  const options = { quality, coarseness: 1, rateWeight: 0.5, tileSide: 64 };
  const layers = await encodeLayers(loaded, photo, options);
  loaded.dispose();
  return { layers, size: { width: 150, height: 77 } };
}

Deno.test("each prefix of the layers decodes by itself, to the same image", async () => {
  const loaded = loadModel(tinyModel());
  const { layers, size } = await encodeOdd();
  const source = { ...size, quality, coarseness: 1 };
  const options = { tileSide: 64 };
  const all = await decodeLayers(loaded, { ...source, layers }, {
    ...options,
    ...{ high: true, medium: true, thumbnail: true },
  });
  assertEquals([all.high!.width, all.high!.height], [150, 77]);
  assertEquals([all.medium!.width, all.medium!.height], [75, 39]);
  assertEquals([all.thumbnail!.width, all.thumbnail!.height], [5, 3]);
  const two = { ...source, layers: layers.slice(0, 2) };
  const { medium } = await decodeLayers(loaded, two, {
    ...options,
    medium: true,
  });
  assertEquals(medium, all.medium);
  const one = { ...source, layers: layers.slice(0, 1) };
  const { thumbnail } = await decodeLayers(loaded, one, {
    ...options,
    thumbnail: true,
  });
  assertEquals(thumbnail, all.thumbnail);
  loaded.dispose();
});

Deno.test("tiles leave no seams: pixels far from an edge do not depend on tiles", async () => {
  const loaded = loadModel(tinyModel());
  const photo = drawHalves(192, 64, "tiles");
  const decode = async (tileSide: number) => {
    const options = { quality, coarseness: 1, rateWeight: 0, tileSide };
    const layers = await encodeLayers(loaded, photo, options);
    const source = { width: 192, height: 64, quality, coarseness: 1, layers };
    const { high } = await decodeLayers(loaded, source, {
      ...{ high: true, tileSide },
    });
    return high!.data;
  };
  const [whole, tiled] = [await decode(192), await decode(64)];
  // Predictions differ at the edges of tiles, by less than a step.
  assertLess(difference(whole, tiled), 80);
  loaded.dispose();
});

Deno.test("damaged streams are refused, or decode to other images", async () => {
  const loaded = loadModel(tinyModel());
  const { layers, size } = await encodeOdd();
  const random = seededRandom("damage");
  let refused = 0;
  for (let i = 0; i < 60; i++) {
    const changed = layers.map((layer) => layer.slice()) as EncodedLayers;
    const layer = changed[Math.floor(3 * random())]!;
    layer[Math.floor(random() * layer.length)]! ^= 1 +
      Math.floor(255 * random());
    try {
      await decodeLayers(
        loaded,
        { ...size, quality, coarseness: 1, layers: changed },
        { high: true, tileSide: 64 },
      );
    } catch (error) {
      assert(error instanceof CodecError, `${error}`);
      assertEquals(error.code, "damaged");
      refused++;
    }
  }
  assert(refused > 50, `${refused} of 60`);
  loaded.dispose();
});

Deno.test("a file of weights holds the whole model", async () => {
  const loaded = loadModel(tinyModel());
  const bytes = await writeWeights(loaded.model);
  const model = readWeights(bytes);
  assertEquals(await writeWeights(model), bytes);
  assertEquals({ ...model, id: 0, real: 0 }, {
    ...{ ...loaded.model, id: 0, real: 0 },
  });
  loaded.dispose();
});

Deno.test("a signal ends encoding and decoding", async () => {
  const loaded = loadModel(tinyModel());
  const photo = drawHalves(64, 64, "signal");
  const signal = AbortSignal.abort(new Error("stop"));
  const options = { quality, coarseness: 1, rateWeight: 0, signal };
  await assertRejects(
    () => encodeLayers(loaded, photo, options),
    Error,
    "stop",
  );
  loaded.dispose();
});

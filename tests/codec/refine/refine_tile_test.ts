/** Windows that latents are refined in. */
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import { LatentRefiner } from "@/codec/refine/refine_latents.ts";
import {
  countWindows,
  latentsOf,
  refiningAnalysis,
  targetOf,
} from "@/codec/refine/refine_tile.ts";
import { resizeImage } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import {
  drawHalves,
  drawPicture,
  tinyModel,
  withTinyModel,
} from "../_tiny_model.ts";

const options = { quality: 60, coarseness: 1 };

Deno.test("windows together are the tile", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const refiner = new LatentRefiner(loaded);
    const picture = drawPicture(850, 60, "windows");
    const medium = await resizeImage(picture, 425, 30);
    assertEquals(countWindows(picture), 2);
    const tile = cutTiles(picture).list[0]!;
    // The first trial is what the analysis finds.
    const asIs = refiningAnalysis(refiner, medium, { steps: 1 });
    const found = await asIs(loaded, picture, tile, options);
    const expected = await analyseTile(loaded, picture, tile, options);
    assertEquals(found.sizes, expected.sizes);
    for (const name of ["hyper", "coefficients"] as const) {
      assertEquals(found[name].length, expected[name].length);
      let worst = 0;
      for (let i = 0; i < found[name].length; i++) {
        worst = Math.max(worst, Math.abs(found[name][i]! - expected[name][i]!));
      }
      assertLess(worst, 1e-3, name);
    }
    refiner[Symbol.dispose]();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("refined tiles cost less", async () => {
  const costs = { 1: 0, 8: 0 };
  // One random model alone may gain less than others.
  for (const seed of [1, 2, 3]) {
    const loaded = loadModel(tinyModel(seed));
    using refiner = new LatentRefiner(loaded);
    const picture = drawHalves(190, 90, "tiles");
    const medium = await resizeImage(picture, 95, 45);
    const size = { width: 190, height: 90 }, tileSide = 128;
    const lambda = lambdaAt(levelOf(options.quality));
    for (const steps of [1, 8] as const) {
      let told = 0;
      const analyse = refiningAnalysis(refiner, medium, {
        steps,
        onStep: () => told++,
      });
      const layers = await encodeLayers(loaded, picture, {
        ...options,
        ...{ tileSide, analyse, rateWeight: 0.8 },
      });
      assertEquals(told, 2 * steps);
      const decoded = await decodeLayers(
        loaded,
        { ...size, ...options, layers },
        { medium: true, high: true, tileSide },
      );
      const bits = 8 * layers.reduce((sum, { length }) => sum + length, 0);
      const errors = mse(decoded.high!.data, picture.data) +
        mse(decoded.medium!.data, medium.data) / 4;
      costs[steps] += bits / (190 * 90) + lambda * errors;
    }
    loaded.dispose();
  }
  assertLess(costs[8], 0.997 * costs[1]);
});

Deno.test("each superblock keeps the cheaper trial", async () => {
  await withTinyModel(async (loaded) => {
    using refiner = new LatentRefiner(loaded);
    const picture = drawHalves(128, 64, "keep");
    const medium = await resizeImage(picture, 64, 32);
    const window = { top: 0, left: 0, rows: 8, columns: 16 };
    const target = targetOf(picture, medium, window);
    const whole = await latentsOf(loaded, picture, window, options);
    // Two trials: without the left superblock, and without the right one.
    const analyse = async (lean: number) => {
      const latents = await latentsOf(loaded, picture, window, options);
      const isLeft = lean === 1;
      const y = tf.tidy(() => {
        const half = (left: number) =>
          latents.y.slice([0, 0, left, 0], [1, 8, 8, -1]).mul(
            (left === 0) === isLeft ? 0 : 1,
          );
        return tf.concat([half(0), half(8)], 2) as tf.Tensor4D;
      });
      latents.y.dispose();
      return { ...latents, y };
    };
    const task = { analyse, target, ...options };
    const found = await refiner.refine(task, { steps: 2 });
    assertEquals(found.y.dataSync(), whole.y.dataSync());
    tf.dispose([{ ...found }, { ...whole }, { ...target }]);
  });
});

Deno.test("the hyper-latent and coefficients are refined, but not high colours", async () => {
  await withTinyModel(async (loaded) => {
    using refiner = new LatentRefiner(loaded);
    const picture = drawHalves(128, 64, "stay");
    const medium = await resizeImage(picture, 64, 32);
    const tile = cutTiles(picture).list[0]!;
    const found = [];
    for (const steps of [1, 7, 7]) {
      const analyse = refiningAnalysis(refiner, medium, { steps });
      found.push(await analyse(loaded, picture, tile, options));
    }
    const [plain, refined, again] = found;
    assertEquals(refined, again);
    assertNotEquals(refined!.hyper, plain!.hyper);
    const changed = new Set<number>();
    for (let i = 0; i < plain!.coefficients.length; i++) {
      if (
        plain!.sizes[Math.floor(i / CHANNELS)] !==
          refined!.sizes[Math.floor(i / CHANNELS)]
      ) continue;
      const change = refined!.coefficients[i]! - plain!.coefficients[i]!;
      if (Math.abs(change) > 1e-2) changed.add(i % CHANNELS);
    }
    assertEquals([...changed].filter((channel) => channel >= 96), []);
    assertGreater(changed.size, 60);
  });
});

import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { cheapestValue, errorCosts } from "@/codec/encode/choose_value.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { gaussianScale } from "@/codec/entropy/gaussian_tables.ts";
import { atQuality, OCTAVE } from "@/codec/entropy/log_steps.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import {
  refineCost,
  type RefineQuality,
  roundHyper,
  stepsOf,
} from "@/codec/refine/refine_cost.ts";
import {
  bitsOf,
  bitsOfTables,
  roundCheapest,
} from "@/codec/refine/refine_rounding.ts";
import { resizeImage } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";
import { drawPicture, tinyModel, withTinyModel } from "../_tiny_model.ts";

Deno.test("the cost is what the file will have", async () => {
  await withTinyModel(async (loaded) => {
    const { model } = loaded;
    const size = { width: 64, height: 64 }, quality = 70;
    const picture = drawPicture(64, 64, "cost");
    const medium = await resizeImage(picture, 32, 32);
    const tiles = cutTiles(picture), tile = tiles.list[0]!;
    const found = await analyseTile(
      loaded,
      { photo: picture, quality, tiles },
      tile,
    );
    const image = ({ data, width, height }: typeof picture) =>
      tf.tensor4d(Float32Array.from(data), [1, height, width, 3]).div(255);
    const level = levelOf(quality), lambda = lambdaAt(level);
    const cost = (lambda: number) =>
      tf.tidy(() => {
        const logs = Float32Array.from(
          atQuality(model.logSteps, quality),
          (log) => log / OCTAVE,
        );
        const ofQuality: RefineQuality = {
          lambda: tf.scalar(lambda),
          level: tf.scalar(level),
          stepLogs: tf.tensor1d(logs),
          errorCosts: tf.tensor1d(
            Float32Array.from(errorCosts(model, quality)),
          ),
        };
        const y = tf.tensor4d(Float32Array.from(found.latents), [1, 8, 8, 192])
          .mul(stepsOf(ofQuality)) as tf.Tensor4D;
        const hyper = tf.tensor4d(Float32Array.from(found.hyper), [1, 2, 2, 3]);
        const used = (side: number) => tf.ones([1, side, side, 1]);
        const target = {
          high: image(picture) as tf.Tensor4D,
          medium: image(medium) as tf.Tensor4D,
          highUsed: used(64) as tf.Tensor4D,
          mediumUsed: used(32) as tf.Tensor4D,
          blocksUsed: used(8) as tf.Tensor4D,
        };
        return refineCost(
          loaded,
          { y, hyper: roundHyper(loaded, hyper), target, quality: ofQuality },
          { rateWeight: 0.7, tableBits: bitsOfTables(model) },
        ).dataSync()[0]!;
      });
    const layers = await encodeLayers(loaded, picture, {
      quality,
      choose: cheapestValue(model, quality, 0.7),
    });
    const bits = cost(0);
    const coded = 8 * (layers.first.length + layers.second!.length);
    // The hyper-latent and the ends of the streams are beside it.
    assertGreater(coded, bits);
    assertLess(coded - bits, 0.02 * bits + 100);
    const decoded = await decodeLayers(
      loaded,
      { ...size, quality, ...layers },
      { medium: true, high: true },
    );
    const errors = 64 * 64 * lambda *
      (mse(decoded.high!.data, picture.data) +
        0.25 * mse(decoded.medium!.data, medium.data));
    assertLess(Math.abs((cost(lambda) - bits) / errors - 1), 0.02);
  });
});

Deno.test("rounding is the encoder's", async () => {
  await withTinyModel((loaded) => {
    const { model } = loaded;
    const quality = 60, table = 25;
    const choose = cheapestValue(model, quality, 0.7);
    const wanted = Array.from({ length: 81 }, (_, i) => (i - 40.3) / 9);
    const channel = 10;
    const found = tf.tidy(() => {
      const latents = tf.tensor1d(wanted).add(2.5).reshape([1, 81, 1, 1]);
      const mean = tf.fill([1, 81, 1, 1], 2.5);
      const log = tf.fill([1, 81, 1, 1], Math.log2(gaussianScale(table)));
      const errorCost = tf.tensor1d([errorCosts(model, quality)[channel]!]);
      const used = tf.ones([1, 81, 1, 1]);
      const tableBits = bitsOfTables(model);
      const { whole, value } = roundCheapest(
        latents,
        { mean, log },
        { errorCost, rateWeight: 0.7, used, tableBits },
      );
      return [whole, value, bitsOf(whole, log, tableBits)].map((tensor) =>
        Array.from(tensor.dataSync())
      );
    });
    const expected = wanted.map((one) => choose(one, table, channel) + 0);
    assertEquals(found[0]!.map((value) => value + 0), expected);
    assertEquals(found[1], expected.map((value) => value + 2.5));
    const { starts, cumulative } = model.tables;
    found[2]!.forEach((bits, i) => {
      const value = expected[i]!;
      const place = starts[table]! + (value < 0 ? -2 * value - 1 : 2 * value);
      const share = cumulative[place + 1]! - cumulative[place]!;
      assertAlmostEquals(bits, 16 - Math.log2(share), 1e-4);
    });
    return Promise.resolve();
  });
});

Deno.test("the latent's gradient passes rounding, and the mean's where it is 0", () => {
  const model = tinyModel();
  const [ofLatents, ofMeans, ofWholes] = tf.tidy(() => {
    const tableBits = bitsOfTables(model);
    const shape = [1, 2, 1, 1];
    const log = tf.zeros(shape);
    const errorCost = tf.tensor1d([100]);
    const make = (read: "value" | "whole") => (y: tf.Tensor, mean: tf.Tensor) =>
      roundCheapest(y, { mean, log }, {
        errorCost,
        rateWeight: 0.5,
        used: tf.ones(shape),
        tableBits,
      })[read];
    const latents = tf.tensor([0.2, 3.2], shape);
    const mean = tf.zeros(shape);
    const [y, ofMean] = tf.grads(make("value"))([latents, mean]);
    const [, ofWhole] = tf.grads(make("whole"))([latents, mean]);
    return [y!, ofMean!, ofWhole!].map((one) => Array.from(one.dataSync()));
  });
  assertEquals(ofLatents, [1, 1]);
  assertEquals(ofMeans, [1, 0]);
  assertEquals(ofWholes!.map((one) => one + 0), [0, -1]);
});

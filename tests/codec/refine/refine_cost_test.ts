/** What refinement thinks that latents cost, beside what they cost in a file. */
import { cellsOf } from "@/codec/decode/cell_coefficients.ts";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { findPlain } from "@/codec/decode/draw_cells.ts";
import { cheapestValues } from "@/codec/encode/choose_value.ts";
import {
  analyseTile,
  type AnalysisOptions,
  cutPixels,
} from "@/codec/encode/analyse_tile.ts";
import {
  gaussianScale,
  gaussianTables,
} from "@/codec/entropy/gaussian_tables.ts";
import { coarsen } from "@/codec/entropy/nested_tables.ts";
import { RansEncoder } from "@/codec/entropy/rans.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { BLOCK, cutTiles } from "@/codec/format/tiles.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import type { ValueCoder } from "@/codec/model/latent_units.ts";
import { codeMarks, PLAIN_TABLES } from "@/codec/model/size_map.ts";
import type { Pixels } from "@/images/pixels.ts";
import { COARSE_OFFSET, COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import { refineCost } from "@/codec/refine/refine_cost.ts";
import { refineQuality } from "@/codec/refine/refine_latents.ts";
import {
  bitsOf,
  bitsOfTables,
  coarsePoint,
  decoded,
  roundCheapest,
} from "@/codec/refine/refine_rounding.ts";
import { latentsOf, targetOf } from "@/codec/refine/refine_tile.ts";
import { resizeImage } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";
import { drawHalves, tinyModel, withTinyModel } from "../_tiny_model.ts";

const rateWeight = 0.7;

/** A photo of one tile to layers from which only zeros are left out. */
async function encodeAll(
  loaded: LoadedModel,
  photo: Pixels,
  options: AnalysisOptions,
): Promise<Uint8Array[]> {
  const { quality } = options;
  const tile = cutTiles(photo).list[0]!;
  const pixels = cutPixels(photo, tile);
  const latents = await analyseTile(loaded, photo, tile, options);
  const { choose, path } = cheapestValues(loaded.model, quality, rateWeight);
  const wanted = { ...latents, choose, path };
  const coder = new LatentCoder(loaded, {
    ...{ ...options, tile, layers: 2, wanted },
  });
  const encoders = [0, 1, 2].map(() => new RansEncoder());
  const [start, first, second] = encoders.map((encoder): ValueCoder => ({
    code: (...[tables, of, values]) => encoder.push(tables, of, values),
  }));
  await coder.start(start!);
  await coder.code(1, first!);
  await coder.code(2, second!);
  const units = kindUnits(loaded.model, quality);
  const cells = cellsOf(loaded, coder, units, BLOCK);
  coder.dispose();
  const found = await findPlain(loaded, cells, tile, quality, pixels);
  codeMarks(tile, first!, PLAIN_TABLES, { wanted: found });
  return encoders.map((encoder) => joinStreams([encoder.finish()]));
}

Deno.test("the cost is what the file will have without the trellis", async () => {
  const tables = gaussianTables();
  await withTinyModel(async (loaded) => {
    const quality = 70;
    const size = { width: 120, height: 64 };
    const photo = drawHalves(120, 64, "cost");
    const medium = await resizeImage(photo, 60, 32);
    const window = { top: 0, left: 0, rows: 8, columns: 16 };
    const tableBits = bitsOfTables(loaded.model.tables);
    for (const coarseness of COARSENESS.keys()) {
      const options = { quality, coarseness };
      const latents = await latentsOf(loaded, photo, window, options);
      const target = targetOf(photo, medium, window);
      const ofQuality = refineQuality(loaded, quality, coarseness);
      const cost = (lambda: tf.Scalar) =>
        tf.tidy(() =>
          refineCost(
            ...[loaded, latents, target, { ...ofQuality, lambda }] as const,
            { rateWeight, tableBits },
          ).sum().dataSync()[0]!
        );
      const layers = await encodeAll(loaded, photo, options);
      const { high, medium: half } = await decodeLayers(
        loaded,
        { ...size, ...options, layers },
        { medium: true, high: true },
      );
      const pixels = 120 * 64, lambda = lambdaAt(levelOf(quality));
      const errors = pixels * lambda *
        (mse(high!.data, photo.data) + mse(half!.data, medium.data) / 4);
      const coded = 8 * layers.reduce((sum, { length }) => sum + length, 0);
      // The sizes of blocks and the ends of the streams are beside it.
      const found = cost(ofQuality.lambda);
      assertGreater(coded + errors, found);
      assertLess(coded + errors - found, 0.02 * found + 200);
      tf.dispose([{ ...latents }, { ...target }, { ...ofQuality }]);
    }
    tableBits.dispose();
  }, { tables });
});

Deno.test("rounding is the encoder's", async () => {
  await withTinyModel((loaded) => {
    const { model } = loaded;
    const quality = 60, table = 25;
    const { choose } = cheapestValues(model, quality, 0.7);
    const wanted = Array.from({ length: 81 }, (_, i) => (i - 40.3) / 9);
    const { greyLevels } = kindUnits(model, quality);
    const found = tf.tidy(() => {
      const latents = tf.tensor1d(wanted).add(2.5).reshape([1, 81, 1, 1]);
      const mean = tf.fill([1, 81, 1, 1], 2.5);
      const log = tf.fill([1, 81, 1, 1], Math.log2(gaussianScale(table)));
      const whole = roundCheapest(latents, { mean, log }, {
        errorCost: tf.scalar(lambdaAt(levelOf(quality)) / 3 * greyLevels ** 2),
        rateWeight: 0.7,
        used: tf.ones([1, 81, 1, 1]),
        tableBits: bitsOfTables(model.tables),
      });
      const bits = bitsOf(whole, log, bitsOfTables(model.tables));
      return [whole, decoded(latents, mean, whole), bits].map((tensor) =>
        Array.from(tensor.dataSync())
      );
    });
    const expected = wanted.map((one) => choose(one, table) + 0);
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

Deno.test("coarse cells lie where the decoder puts them", () => {
  const values = Array.from({ length: 41 }, (_, i) => i - 20);
  for (const cells of [1, 2, 4]) {
    const found = tf.tidy(() =>
      coarsePoint(tf.tensor1d(values), tf.scalar(cells)).dataSync()
    );
    const expected = values.map((value) => {
      const coarse = coarsen(value, cells);
      const middle = Math.sign(coarse) * COARSE_OFFSET * (cells - 1) / 16;
      return coarse * cells + middle;
    });
    assertEquals(Array.from(found, (value) => value + 0), expected);
  }
});

Deno.test("the latent's gradient passes rounding, and the mean's where it is 0", () => {
  const model = tinyModel();
  const [ofLatents, ofMeans, ofWholes] = tf.tidy(() => {
    const shape = [1, 2, 1, 1];
    const log = tf.zeros(shape);
    const round = (y: tf.Tensor, mean: tf.Tensor) =>
      roundCheapest(y, { mean, log }, {
        errorCost: tf.scalar(100),
        rateWeight: 0.5,
        used: tf.ones(shape),
        tableBits: bitsOfTables(model.tables),
      });
    const latents = tf.tensor([0.2, 3.2], shape);
    const mean = tf.zeros(shape);
    const [y, ofMean] = tf.grads((y, mean) =>
      decoded(y!, mean!, round(y!, mean!))
    )([latents, mean]);
    const [, ofWhole] = tf.grads((y, mean) => round(y!, mean!))([
      latents,
      mean,
    ]);
    return [y!, ofMean!, ofWhole!].map((one) => Array.from(one.dataSync()));
  });
  assertEquals(ofLatents, [1, 1]);
  assertEquals(ofMeans, [1, 0]);
  assertEquals(ofWholes!.map((one) => one + 0), [0, -1]);
});

/** Windows that latents are refined in, and what refinement thinks they cost. */
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { cheapestValue } from "@/codec/encode/choose_value.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { LatentRefiner } from "@/codec/refine/refine_latents.ts";
import { countWindows, refiningAnalysis } from "@/codec/refine/refine_tile.ts";
import { resizeImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("windows together are the tile", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const refiner = new LatentRefiner(loaded);
    const picture = drawPicture(850, 60, "windows");
    const medium = await resizeImage(picture, 425, 30);
    const tiles = cutTiles(picture);
    assertEquals(countWindows(tiles), 2);
    const tile = tiles.list[0]!;
    const asIs = refiningAnalysis(refiner, medium, { steps: 0 });
    const source = { photo: picture, quality: 60, tiles };
    const found = await asIs(loaded, source, tile);
    const expected = await analyseTile(loaded, source, tile);
    for (const name of ["hyper", "latents"] as const) {
      assertEquals(found[name].length, expected[name].length);
      let worst = 0;
      for (let i = 0; i < found[name].length; i++) {
        worst = Math.max(worst, Math.abs(found[name][i]! - expected[name][i]!));
      }
      assertLess(worst, 1e-4, name);
    }
    refiner[Symbol.dispose]();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("refined latents of tiles make a better picture of it", async () => {
  await withTinyModel(async (loaded) => {
    using refiner = new LatentRefiner(loaded);
    const picture = drawPicture(90, 41, "tiles");
    const medium = await resizeImage(picture, 45, 21);
    const quality = 80, tileSide = 64;
    const choose = cheapestValue(loaded.model, quality, 0.6);
    const found = [];
    for (const steps of [0, 8]) {
      let told = 0;
      const analyse = refiningAnalysis(refiner, medium, {
        steps,
        onStep: () => told++,
      });
      const options = { quality, choose, tileSide, analyse };
      const layers = await encodeLayers(loaded, picture, options);
      assertEquals(told, 2 * steps);
      const { high } = await decodeLayers(
        loaded,
        { width: 90, height: 41, quality, ...layers },
        { medium: false, high: true, tileSide },
      );
      found.push(psnr(high!.data, picture.data));
    }
    assertGreater(found[1]!, found[0]! + 0.05);
  });
});

Deno.test("high colours and the hyper-latent stay as they are", async () => {
  await withTinyModel(async (loaded) => {
    using refiner = new LatentRefiner(loaded);
    const picture = drawPicture(32, 32, "stay");
    const medium = await resizeImage(picture, 16, 16);
    const tiles = cutTiles(picture);
    const [before, after] = await Promise.all([0, 3].map((steps) => {
      const analyse = refiningAnalysis(refiner, medium, { steps });
      const source = { photo: picture, quality: 70, tiles };
      return analyse(loaded, source, tiles.list[0]!);
    }));
    assertEquals(after!.hyper, before!.hyper);
    const changed = new Set<number>();
    for (let i = 0; i < before!.latents.length; i++) {
      const change = Math.abs(after!.latents[i]! - before!.latents[i]!);
      if (change > 1e-3) changed.add(i % CHANNELS);
    }
    assertEquals([...changed].filter((channel) => channel >= 96), []);
    assertGreater(changed.size, 60);
  });
});

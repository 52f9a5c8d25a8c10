import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import type { Pixels } from "@/images/pixels.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertLess } from "@std/assert";
import { drawHalves, drawPicture, withTinyModel } from "../_tiny_model.ts";

const options = { quality: 40, coarseness: 1 };

Deno.test("a tile's blocks and coefficients are those of the whole image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawHalves(150, 130, "analysis");
    const whole = cutTiles(picture);
    const expected = await analyseTile(
      loaded,
      picture,
      whole.list[0]!,
      options,
    );
    const tiles = cutTiles(picture, 64);
    assertEquals(tiles.list.length, 9);
    for (const tile of tiles.list) {
      const { hyper, sizes, coefficients } = await analyseTile(
        loaded,
        picture,
        tile,
        options,
      );
      assertEquals(hyper.length, 4 * loaded.model.settings.hyperChannels);
      let worst = 0;
      for (let at = 0; at < coefficients.length; at++) {
        const [cell, c] = [Math.floor(at / CHANNELS), at % CHANNELS];
        const y = tile.top + Math.floor(cell / tile.columns);
        const x = tile.left + cell % tile.columns;
        const there = y * whole.columns + x;
        assertEquals(sizes[cell], expected.sizes[there]);
        const wanted = expected.coefficients[there * CHANNELS + c]!;
        worst = Math.max(worst, Math.abs(coefficients[at]! - wanted));
      }
      assertLess(worst, 1e-2);
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("an image goes on beyond its edge with its last pixels", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(3, 5, "edge");
    const full = { width: 64, height: 64, data: new Uint8Array(3 * 64 ** 2) };
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 192; x++) {
        const from = Math.min(y, 4) * 9 + Math.min(Math.floor(x / 3), 2) * 3;
        full.data[y * 192 + x] = picture.data[from + x % 3]!;
      }
    }
    const analyse = (photo: Pixels) =>
      analyseTile(loaded, photo, cutTiles(photo).list[0]!, options);
    assertEquals(await analyse(picture), await analyse(full));
  });
});

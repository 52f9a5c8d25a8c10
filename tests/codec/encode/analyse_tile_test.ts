import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("the latents of tiles are those of the whole image", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(70, 66, "analysis");
    const analyse = (tiles: ReturnType<typeof cutTiles>, i: number) =>
      analyseTile(
        loaded,
        { photo: picture, quality: 40, tiles },
        tiles.list[i]!,
      );
    const whole = cutTiles(picture);
    const expected = await analyse(whole, 0);
    const tiles = cutTiles(picture, 32);
    assertEquals(tiles.list.length, 9);
    for (const [i, tile] of tiles.list.entries()) {
      const { hyper, latents } = await analyse(tiles, i);
      assertEquals(hyper.length, loaded.model.settings.hyperChannels);
      let worst = 0;
      for (let at = 0; at < latents.length; at++) {
        const [block, c] = [Math.floor(at / CHANNELS), at % CHANNELS];
        const y = tile.top + Math.floor(block / tile.columns);
        const x = tile.left + block % tile.columns;
        const wanted = expected
          .latents[(y * whole.columns + x) * CHANNELS + c]!;
        worst = Math.max(worst, Math.abs(latents[at]! - wanted));
      }
      assertLess(worst, 1e-4);
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("an image goes on beyond its edge with its last pixels", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(3, 5, "edge");
    const full = { width: 32, height: 32, data: new Uint8Array(3 * 32 ** 2) };
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 96; x++) {
        const from = Math.min(y, 4) * 9 + Math.min(Math.floor(x / 3), 2) * 3;
        full.data[y * 96 + x] = picture.data[from + x % 3]!;
      }
    }
    const [a, b] = await Promise.all([picture, full].map((photo) => {
      const tiles = cutTiles(photo);
      const source = { photo, quality: 40, tiles };
      return analyseTile(loaded, source, tiles.list[0]!);
    }));
    for (let i = 0; i < a!.latents.length; i++) {
      assertAlmostEquals(a!.latents[i]!, b!.latents[i]!, 1e-6);
    }
  });
});

/** Photos to look at: squares, sizes and figures of two small photos. */
import { readImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { others, ours } from "@/evaluation/contestants.ts";
import { codecFigures } from "@/evaluation/figures.ts";
import {
  readViews,
  viewStrip,
  writeCodecResult,
} from "@/evaluation/results.ts";
import { viewPhotos } from "@/evaluation/views.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { withToy } from "./_codec_measurement.ts";

Deno.test("photos are shown at about the same bytes, and both sizes of a file", async () => {
  await withToy(async (toy) => {
    const folder = `${toy.out}/codec`;
    const own = ours(toy.loaded);
    const measurement = await toy.open();
    const views = await viewPhotos(folder, measurement, {
      own,
      others: others.filter(({ id }) => id === "webp"),
      count: 5,
      quality: 60,
      side: 32,
    });
    await writeCodecResult(folder, "views", views);
    assertEquals(views.views.map(({ name }) => name), ["a.png", "b.png"]);
    for (const [i, { path }] of measurement.set.photos.entries()) {
      const photo = await readImage(path);
      const file = await own.encode(photo, 60);
      const { width, height, mediumBytes, files } = views.views[i]!;
      assertEquals([width, height], [photo.width, photo.height]);
      assertEquals(mediumBytes, own.halfOf!(file).length);
      assertEquals(files.map(({ id }) => id), ["ours", "webp"]);
      assertEquals(files[0]!.bytes, file.length);
      assert(Math.abs(files[1]!.bytes / file.length - 1) < 0.2);
      const whole = await own.decode(file);
      assertAlmostEquals(files[0]!.psnrDb, psnr(whole.data, photo.data), 1e-9);
    }
    for (const [id, side] of [["original", 32], ["webp", 32], ["medium", 16]]) {
      const squares = await readStrip(`${folder}/${viewStrip(`${id}`)}`);
      const sizes = squares.map(({ width, height }) => [width, height]);
      assertEquals(sizes, [[side, side], [side, side]]);
    }
    assertEquals((await readViews(folder)).views.length, 2);
    const names = Object.keys(await codecFigures(folder));
    assertEquals(names, ["same_bytes", "both_sizes"]);
  });
});

import { readResult, writeFigures, writeResult } from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import { data } from "@/sections/data/mod.ts";
import type { DataMetrics, DataSettings } from "@/sections/data/types.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { makeContext, withWorkplace } from "../../experiment/_photos.ts";

Deno.test("section data counts, measures and draws a photo set", async () => {
  await withWorkplace(async (place) => {
    const context = makeContext("data", place);
    const { folder } = context;
    const result = await data.run(context);
    await writeResult(folder, result);
    const { metrics, dataset } = result;
    assertEquals(result.settings, data.settings("quick"));
    assertEquals(result.history, []);
    assertEquals(dataset.counts, { train: 128, valid: 1, test: 1, skipped: 1 });
    const size = [360, 360] as const;
    assertEquals(metrics.splits, {
      train: { photos: 6, pairs: 128, smallest: size, largest: size },
      valid: { photos: 1, pairs: 1, smallest: size, largest: size },
      test: { photos: 1, pairs: 1, smallest: size, largest: size },
    });
    assertEquals(metrics.skipped.map(({ file }) => file), ["broken.jpg"]);
    assertEquals(metrics.examples.length, 1);
    const { red } = metrics.values;
    assert(red.length >= 2000 && red.length < 2300, `${red.length}`);
    const mean = red.reduce((sum, value) => sum + value, 0) / red.length / 255;
    // The sample and all of the pixels.
    assertAlmostEquals(mean, metrics.channels.medium.mean[0]!, 0.02);

    const read = await readResult(folder) as SectionResult<
      DataSettings,
      DataMetrics
    >;
    const draw = async () => {
      const files = await writeFigures(
        folder,
        data.figures(read, folder),
      );
      return await Promise.all(
        files.map(async ({ path }) => [path, await Deno.readFile(path)]),
      );
    };
    const figures = await draw();
    assertEquals(figures.map(([path]) => path), [
      `${folder}/figures/pairs.jpg`,
      `${folder}/figures/channels.svg`,
    ]);
    assertEquals(await draw(), figures);
  });
});

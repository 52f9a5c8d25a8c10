/** The parts of a file: all values and about all bytes of it. */
import { encodeImage, parseHeader } from "@/codec/mod.ts";
import { checkTable } from "@/charts/table.ts";
import {
  fileLayout,
  fileLayoutTable,
  type FilePart,
} from "@/evaluation/file_layout.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { drawPicture, withTinyModel } from "../codec/_tiny_model.ts";

Deno.test("the parts of a file are all of it", async () => {
  await withTinyModel(async (loaded) => {
    const photo = drawPicture(96, 64, "parts");
    const parts = await fileLayout(loaded, photo, 90);
    assertEquals(parts.map(({ layer }) => layer), [1, 1, 1, 1, 1, 1, 2, 2]);
    const blocks = 96 * 64 / 64;
    const values = parts.reduce((sum, part) => sum + part.values, 0);
    // 192 channels a block, and the tiny model's three of the hyper-latent.
    assertEquals(values, blocks * 192 + 3 * blocks / 16);
    // A coarser quality rounds more values to 0, though not all of them.
    const zeros = (parts: readonly FilePart[]) =>
      parts.reduce((sum, part) => sum + part.zeros, 0);
    const coarse = await fileLayout(loaded, photo, 10);
    assertLess(zeros(parts), zeros(coarse));
    assertLess(zeros(coarse), values);
    assertLess(0, zeros(parts));

    const file = await encodeImage(loaded, photo, {
      quality: 90,
      rateWeight: 0,
    });
    const { layerBytes } = parseHeader(file);
    for (const layer of [1, 2] as const) {
      const bytes = parts.filter((part) => part.layer === layer)
        .reduce((sum, part) => sum + part.bytes, 0);
      const ratio = bytes / layerBytes[layer - 1]!;
      assert(ratio > 0.9 && ratio < 1.25, `layer ${layer}: ${ratio}`);
    }
    checkTable(fileLayoutTable(parts));
  });
});

/** The parts of a file: all values and about all bytes of it. */
import { decodeImage, encodeImage, parseHeader } from "@/codec/mod.ts";
import { checkTable } from "@/charts/table.ts";
import {
  fileLayout,
  fileLayoutTable,
  type FilePart,
  mediumQualityTable,
  workTable,
} from "@/evaluation/file_layout.ts";
import { halveImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { drawPicture, withTinyModel } from "../codec/_tiny_model.ts";

Deno.test("the parts of a file are all of it", async () => {
  await withTinyModel(async (loaded) => {
    const photo = drawPicture(128, 64, "parts");
    const parts = await fileLayout(loaded, photo, 90);
    const cells = 128 * 64 / 64;
    const sum = (
      parts: readonly FilePart[],
      read: (part: FilePart) => number,
    ) => parts.reduce((total, part) => total + read(part), 0);
    const latents = (parts: readonly FilePart[]) =>
      parts.filter(({ name }) =>
        name.startsWith("Channels") && !name.endsWith("refined")
      );
    const coded = sum(latents(parts), ({ values }) => values);
    assert(coded > 0 && coded <= cells * 192, `${coded} values`);
    // A coarser quality rounds more values to 0, though not all of them.
    const others = (parts: readonly FilePart[]) =>
      sum(latents(parts), ({ values, zeros }) => values - zeros);
    const coarse = await fileLayout(loaded, photo, 10);
    assertLess(others(coarse), others(parts));
    assertLess(others(parts), cells * 192);
    assertLess(0, others(coarse));

    const file = await encodeImage(loaded, photo, { quality: 90 });
    const { layerBytes } = parseHeader(file);
    for (const [layer, found] of layerBytes.entries()) {
      const ofLayer = parts.filter((part) => part.layer === layer);
      const bytes = sum(ofLayer, ({ bytes }) => bytes);
      // Each part alone takes up to five bytes more than in a stream.
      const most = 1.1 * found + 5 * ofLayer.length;
      assert(
        bytes > 0.9 * found && bytes < most,
        `layer ${layer}: ${bytes} for ${found}`,
      );
    }
    checkTable(fileLayoutTable(parts));

    // By hand, from the layers' shapes and how often each is computed.
    const layer = (name: string) => {
      const { shape } = loaded.model.integer.get(name)!;
      return shape.reduce((product, side) => product * side);
    };
    const [, hyper, between, first, second] = parts;
    const ofGroup = [0, 1, 2].reduce(
      (sum, i) => sum + layer(`group/0/${i}`),
      0,
    );
    const features = (layer("hyper_synthesis/0") + layer("hyper_synthesis/1")) /
        16 + (layer("hyper_synthesis/2") + layer("hyper_synthesis/3")) / 4;
    const prior = (layer("hyper_prior/0") + layer("hyper_prior/1")) / 1024;
    assertEquals(
      [hyper, between, first, second].map((part) => part!.multiplications),
      [
        prior,
        prior,
        (ofGroup + features) / 64,
        ofGroup / 64,
      ],
    );
    const work = workTable(loaded, parts);
    checkTable(work);
    const shape = (name: string) =>
      loaded.model.real.get(`${name}/filters`)!.shape
        .reduce((product, side) => product * side);
    const { rows } = work;
    assertEquals(rows[0]![2], shape("thumbnail") / 1024);
    assertEquals(
      rows[1]![2],
      [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + shape(`medium/${i}`), 0) / 64,
    );
    assertEquals(
      rows[2]![2],
      [0, 1, 2, 3, 4, 5, 6].reduce((sum, i) => sum + shape(`high/${i}`), 0) /
          64 +
        [0, 1, 2, 3].reduce((sum, i) => sum + shape(`detail/${i}`), 0) / 16,
    );
  });
});

Deno.test("each quality of the medium image is measured on a real file", async () => {
  await withTinyModel(async (loaded) => {
    const full = drawPicture(96, 64, "medium qualities");
    const half = await halveImage(full);
    const photo = { name: "a photo", full, half };
    const { rows } = await mediumQualityTable(loaded, photo, 50);
    assertEquals(rows.map(([name]) => name), [
      "higher",
      "equal",
      "lower",
      "lowest",
    ]);
    const file = await encodeImage(loaded, full, {
      quality: 50,
      coarseness: 3,
    });
    const { mediumBytes } = parseHeader(file);
    const { medium } = await decodeImage(loaded, file, { size: "medium" });
    const [, bytes, prefix, share, mediumDb] = rows[3]!;
    assertEquals([bytes, prefix], [file.length, mediumBytes]);
    assertEquals(share, 100 * mediumBytes / file.length);
    assertEquals(mediumDb, psnr(medium!.data, half.data));
    // The coarser the medium layer, the smaller the prefix.
    assertLess(Number(rows[3]![2]), Number(rows[0]![2]));
  });
});

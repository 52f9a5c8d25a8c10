import { ImageError } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { readStrip, writeStrip } from "@/experiment/photo_strip.ts";
import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { drawPhoto } from "./_photos.ts";

Deno.test("a strip gives back its photos in order, nearly unchanged", async () => {
  const folder = await Deno.makeTempDir();
  const photos = ["a", "b", "c"].map((key) => drawPhoto(48, key));
  await writeStrip(`${folder}/new/strip.webp`, photos);
  const again = await readStrip(`${folder}/new/strip.webp`);
  assertEquals(again.length, 3);
  again.forEach(({ width, height, data }, i) => {
    assertEquals([width, height], [48, 48]);
    assertGreater(psnr(data, photos[i]!.data), 33);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a strip of PNG gives back its photos unchanged", async () => {
  const folder = await Deno.makeTempDir();
  const photos = ["a", "b"].map((key) => drawPhoto(8, key));
  await writeStrip(`${folder}/strip.png`, photos);
  assertEquals(await readStrip(`${folder}/strip.png`), photos);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a strip that is missing or broken is named in the error", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/strip.webp`;
  await assertRejects(() => readStrip(path), ImageError, path);
  await Deno.writeTextFile(path, "no photo");
  await assertRejects(() => readStrip(path), ImageError, path);
  await Deno.remove(folder, { recursive: true });
});

import { UserError } from "@/errors/user_error.ts";
import { ImageError, readImage, writeImage } from "@/images/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { noise } from "./_samples.ts";

Deno.test("writeImage() and readImage() go by the file's ending", async () => {
  const folder = await Deno.makeTempDir();
  for (const name of ["a.png", "b.JPG", "c.jpeg", "d.webp"]) {
    await writeImage(`${folder}/${name}`, noise(16, 8), { quality: 100 });
    const { width, height } = await readImage(`${folder}/${name}`);
    assertEquals([width, height], [16, 8]);
  }
  assertEquals([...Deno.readDirSync(folder)].length, 4, "nothing else is left");
  await assertRejects(
    () => writeImage(`${folder}/e.bmp`, noise(2, 2)),
    ImageError,
    "e.bmp",
  );
  await assertRejects(
    () => writeImage(`${folder}/a.png/e.png`, noise(2, 2)),
    UserError,
    `Could not write "${folder}/a.png/e.png": a part of its path is not`,
  );
  await Deno.remove(folder, { recursive: true });
});

import { ImageError, readImage } from "@/images/mod.ts";
import { assert, assertRejects } from "@std/assert";

Deno.test("readImage() names a file that is missing or damaged", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/$&.jpg`; // not a pattern
  await assertRejects(
    () => readImage(path),
    ImageError,
    `Image "${path}" does not exist`,
  );
  await Deno.writeTextFile(path, "no photo");
  const error = await assertRejects(() => readImage(path), ImageError);
  assert(error.message.startsWith(`Image "${path}" cannot be read`));
  await assertRejects(
    () => readImage(folder),
    ImageError,
    `Image "${folder}" could not be opened: it is a folder.`,
  );
  await Deno.remove(folder, { recursive: true });
});

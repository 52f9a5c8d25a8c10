import { servedPhotos } from "@/edge/served_photos.ts";
import { UserError } from "@/errors/user_error.ts";
import { join } from "node:path";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { writePhoto } from "./_photo_files.ts";

Deno.test("photos of a folder are found with the ends of their layers", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "of birds"));
    await writePhoto(join(folder, "a.onecode"), [10, 500, 900]);
    await writePhoto(join(folder, "of birds", "b.onecode"), [10, 20, 30], 1);
    await writePhoto(join(folder, "of birds", "c.onecode"), [10, 20, 30]);
    await Deno.writeTextFile(join(folder, "d.onecode"), "no photo");
    await Deno.writeTextFile(join(folder, "e.txt"), "no photo");
    const problems: string[] = [];
    const photos = await servedPhotos(folder, problems);
    assertEquals(photos[0], {
      name: "a",
      path: "a.onecode",
      medium: 28 + 14 + 504,
      high: 28 + 14 + 504 + 904,
    });
    const [, other] = photos;
    assertEquals([other!.name, other!.path], [
      "of birds/c",
      "of%20birds/c.onecode",
    ]);
    assertEquals(photos.length, 2);
    assertEquals(problems.length, 2);
    assertMatch(problems[0]!, /^Skipped ".*d\.onecode": /);
    assertMatch(problems[1]!, /b\.onecode": It has \d+ of \d+ bytes\.$/);
  });
});

Deno.test("a folder without photos is named", async () => {
  await withFolder(async (folder) => {
    await assertRejects(
      () => servedPhotos(folder, []),
      UserError,
      `There is no complete .onecode file in "${folder}"`,
    );
  });
});

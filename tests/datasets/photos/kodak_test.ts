import { encodePixels } from "@/images/mod.ts";
import {
  DatasetError,
  fetchKodak,
  kodakFiles,
  openKodak,
  preparePairs,
} from "@/datasets/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { listFiles } from "../_photos.ts";
import { serveFiles } from "../_server.ts";

function plainPng(width: number, height: number, value: number) {
  const data = new Uint8Array(width * height * 3).fill(value);
  return encodePixels({ width, height, data }, "png");
}

const files: Record<string, Uint8Array> = {};
for (const [i, file] of kodakFiles.entries()) {
  const [width, height] = i % 4 === 0 ? [512, 768] : [768, 512];
  files[file] = await plainPng(width!, height!, i);
}

Deno.test("fetchKodak() brings 24 photos, and openKodak() tests on all of them", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files, [{ dropAfter: 50 }]);
    const options = { url: server.url, folder: `${folder}/kodak`, waitMs: 1 };
    await fetchKodak(options);
    assertEquals(server.requests.length, 25);
    await fetchKodak(options);
    assertEquals(server.requests.length, 25);
    assertEquals(listFiles(`${folder}/kodak`), kodakFiles);
    const set = await openKodak(`${folder}/kodak`);
    assertEquals(set.photos.length, 24);
    assert(set.photos.every(({ split }) => split === "test"));
    assertEquals(set.photos[0]?.name, "kodim01");
    const { test } = await preparePairs(
      set,
      { highSize: 344, trainPairs: 0, seed: 1 },
      { cacheFolder: `${folder}/cache` },
    );
    assertEquals(test.count, 24);
    assertEquals(test.high(23)[0], 23);
  });
});

Deno.test("fetchKodak() refuses anything but 768 by 512 photos", async () => {
  await withFolder(async (folder) => {
    const page = new TextEncoder().encode("<html>Please log in</html>");
    await using server = serveFiles(files, [
      { other: page },
      { other: await plainPng(768, 511, 0) },
    ]);
    const options = { url: server.url, folder };
    await assertRejects(
      () => fetchKodak(options),
      DatasetError,
      "cannot be read",
    );
    await assertRejects(
      () => fetchKodak(options),
      DatasetError,
      "measures 768 by 511, not 768 by 512 as all Kodak photos. The file was removed.",
    );
    assertEquals(listFiles(folder), []);
    await fetchKodak(options);
    assertEquals(listFiles(folder), kodakFiles);
  });
});

Deno.test("openKodak() names the photo that is missing", async () => {
  await withFolder(async (folder) => {
    for (const [file, bytes] of Object.entries(files)) {
      if (file !== "kodim07.png") {
        await Deno.writeFile(`${folder}/${file}`, bytes);
      }
    }
    await assertRejects(
      () => openKodak(folder),
      DatasetError,
      '"kodim07.png" is missing; run deno task data kodak',
    );
  });
});

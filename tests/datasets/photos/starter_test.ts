import { DatasetError, openPhotoSet, openStarter } from "@/datasets/mod.ts";
import { sha256File, sha256Hex } from "@/files/sha256.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";

Deno.test("openPhotoSet() opens the starter photos by default", async () => {
  const set = await openPhotoSet();
  assertEquals(set, await openPhotoSet("starter"));
  const counts = Map.groupBy(set.photos, ({ split }) => split);
  assertEquals(counts.get("train")?.length, 91);
  assertEquals(counts.get("valid")?.length, 12);
  assertEquals(counts.get("test")?.length, 12);
  assertEquals(set.skipped, []);
  assertEquals(new Set(set.photos.map(({ name }) => name)).size, 115);
});

Deno.test("every starter photo matches its checksum", async () => {
  const { photos } = await openStarter();
  for (const { path, sha256 } of photos) {
    assertEquals(await sha256File(path), sha256, path);
  }
});

Deno.test("openStarter() reads quoted fields of the list", async () => {
  await withFolder(async (folder) => {
    const hash = sha256Hex("");
    await Deno.writeTextFile(
      `${folder}/SOURCES.csv`,
      "file,split,source,author,sha256\r\n" +
        `"a, b.webp",train,"He said ""so"",\r\nthen left",x,${hash}\r\n` +
        `c.webp,test,,"",${hash}\r\n`,
    );
    await Deno.writeTextFile(`${folder}/a, b.webp`, "");
    await Deno.writeTextFile(`${folder}/c.webp`, "");
    const { photos } = await openStarter(folder);
    assertEquals(photos.map(({ name, split }) => [name, split]), [
      ["a, b", "train"],
      ["c", "test"],
    ]);
  });
});

Deno.test("openStarter() says what is wrong with the list", async () => {
  await withFolder(async (folder) => {
    const list = `${folder}/SOURCES.csv`;
    const open = () => openStarter(folder);
    await assertRejects(
      open,
      DatasetError,
      `"${list}" could not be read: it does not exist.`,
    );
    const hash = sha256Hex("");
    const cases = [
      [
        `a.webp,train,${hash}`,
        `"${folder}/a.webp" is listed in SOURCES.csv but missing`,
      ],
      [`a.webp,learn,${hash}`, 'it holds the split "learn"'],
      [`../a.webp,train,${hash}`, 'it holds the file "../a.webp"'],
      ["a.webp,train,123", 'it holds the checksum "123"'],
      [`"a.webp,train,${hash}`, "is damaged"],
    ] as const;
    for (const [row, message] of cases) {
      await Deno.writeTextFile(list, `file,split,sha256\n${row}\n`);
      const error = await assertRejects(open, DatasetError, message);
      assert(!error.message.includes("\n"), error.message);
    }
  });
});

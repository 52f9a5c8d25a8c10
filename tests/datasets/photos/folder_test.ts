import {
  DatasetError,
  openFolder,
  openPhotoSet,
  type PhotoSet,
} from "@/datasets/mod.ts";
import { assignSplits } from "@/datasets/photos/folder.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { listFiles, noisePng } from "../_photos.ts";

function openAt(folder: string, minSide = 16): Promise<PhotoSet> {
  return openFolder(`${folder}/photos`, {
    minSide,
    cacheFolder: `${folder}/cache`,
  });
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(path, bytes);
}

Deno.test("openFolder() finds photos in subfolders and lists what it skips", async () => {
  await withFolder(async (folder) => {
    const png = await noisePng(20, 20, "a");
    await write(`${folder}/photos/a.png`, png);
    await write(`${folder}/photos/deep/er/b.PNG`, await noisePng(20, 20, "b"));
    await write(`${folder}/photos/c.png`, await noisePng(20, 20, "c"));
    await write(`${folder}/photos/copy.png`, png);
    await write(`${folder}/photos/cut.png`, png.subarray(0, 700));
    await write(`${folder}/photos/small.png`, await noisePng(30, 15, "s"));
    await write(`${folder}/photos/text.jpg`, new TextEncoder().encode("hello"));
    await write(`${folder}/photos/empty.jpg`, new Uint8Array());
    await write(`${folder}/photos/notes.txt`, new Uint8Array(5));
    await write(`${folder}/photos/phone.HEIC`, new Uint8Array(5));
    await write(`${folder}/photos/.hidden.png`, png);
    await write(`${folder}/photos/.trash/d.png`, await noisePng(20, 20, "d"));
    const set = await openAt(folder);
    assertEquals(set.photos.map(({ name }) => name), [
      "a.png",
      "c.png",
      "deep/er/b.PNG",
    ]);
    const reasons = Object.fromEntries(
      set.skipped.map(({ file, reason }) => [file, reason]),
    );
    assertEquals(Object.keys(reasons), [
      "copy.png",
      "cut.png",
      "empty.jpg",
      "phone.HEIC",
      "small.png",
      "text.jpg",
    ]);
    assertEquals(reasons["copy.png"], 'it has the same bytes as "a.png"');
    assertEquals(
      reasons["small.png"],
      "its shorter side of 15 pixels is below 16",
    );
    assertEquals(reasons["phone.HEIC"], "HEIC files are not read");
    assertEquals(reasons["empty.jpg"], "Image is empty");
    assertEquals(set.photos.map(({ split }) => split).toSorted(), [
      "test",
      "train",
      "valid",
    ]);
  });
});

Deno.test("openFolder() follows links, and survives circles and dead ones", async () => {
  await withFolder(async (folder) => {
    for (const [i, name] of ["a", "b", "c"].entries()) {
      const path = i === 0 ? "photos/a" : `elsewhere/${name}`;
      await write(`${folder}/${path}.png`, await noisePng(20, 20, name));
    }
    await Deno.symlink("../elsewhere", `${folder}/photos/linked`);
    await Deno.symlink("../elsewhere/b.png", `${folder}/photos/b link.png`);
    await Deno.symlink("..", `${folder}/elsewhere/circle`);
    await Deno.symlink(".", `${folder}/photos/self`);
    await Deno.symlink("nowhere", `${folder}/photos/dead.png`);
    await Deno.symlink("nowhere", `${folder}/photos/dead`);
    const { photos, skipped } = await openAt(folder);
    assertEquals(photos.map(({ name }) => name), [
      "a.png",
      "b link.png",
      "linked/c.png",
    ]);
    assertEquals(skipped.map(({ file, reason }) => `${file}: ${reason}`), [
      "dead.png: could not be read: it does not exist",
      'linked/b.png: it has the same bytes as "b link.png"',
    ]);
  });
});

Deno.test("openFolder() reads no photo twice, but every changed one", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/photos/a.png`;
    await write(path, await noisePng(20, 20, "a"));
    await write(`${folder}/photos/b.png`, await noisePng(20, 20, "b"));
    const first = await openAt(folder);
    const { mtime } = await Deno.stat(path);
    // Same size and time: what is remembered counts.
    const size = (await Deno.stat(path)).size;
    await Deno.writeFile(path, new Uint8Array(size));
    await Deno.utime(path, mtime!, mtime!);
    assertEquals(await openAt(folder), first);
    await Deno.utime(path, mtime!, new Date(mtime!.getTime() + 5000));
    assertEquals((await openAt(folder)).skipped.map(({ file }) => file), [
      "a.png",
    ]);
    const [memory = ""] = listFiles(`${folder}/cache`);
    await Deno.writeTextFile(`${folder}/cache/${memory}`, '{"version":1,');
    assertEquals((await openAt(folder)).photos.length, 1);
  });
});

Deno.test("openFolder() says in one sentence that there is nothing to use", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/photos`);
    await assertRejects(
      () => openAt(folder),
      DatasetError,
      `Folder "${folder}/photos" holds no JPEG`,
    );
    await write(`${folder}/photos/a.png`, await noisePng(20, 20, "a"));
    await assertRejects(
      () => openAt(folder, 21),
      DatasetError,
      'the first of 1 skipped is "a.png": its shorter side of 20 pixels',
    );
    await assertRejects(
      () => openPhotoSet(`${folder}/photos/a.png`),
      DatasetError,
      "is neither starter, div2k, kodak nor a folder",
    );
    await assertRejects(
      () => openFolder(`${folder}/none`),
      DatasetError,
      `Folder "${folder}/none" does not exist`,
    );
  });
});

const files = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = `photo ${i}`;
    return { name, path: name, sha256: sha256Hex(name) };
  });

Deno.test("assignSplits() gives about 80, 10 and 10 percent", () => {
  const photos = assignSplits(files(4000));
  const share = (split: string) =>
    photos.filter((photo) => photo.split === split).length / 4000;
  assert(Math.abs(share("train") - 0.8) < 0.02, `${share("train")}`);
  assert(Math.abs(share("valid") - 0.1) < 0.02, `${share("valid")}`);
});

Deno.test("assignSplits() fills all three splits from three photos on", () => {
  for (let count = 3; count <= 60; count++) {
    const photos = assignSplits(files(count));
    const used = new Set(photos.map(({ split }) => split));
    assertEquals([photos.length, used.size], [count, 3]);
  }
  // Even where all checksums fall into one split.
  for (const digit of ["0", "d", "f"]) {
    const same = [1, 2, 3, 4].map((i) => ({
      name: `${i}`,
      path: "",
      sha256: `${digit}${i}`.padEnd(64, "0"),
    }));
    assertEquals(
      new Set(assignSplits(same).map(({ split }) => split)).size,
      3,
      digit,
    );
  }
  assertEquals(assignSplits(files(2)).map((f) => f.split), ["train", "test"]);
  assertEquals(assignSplits(files(1)).map((f) => f.split), ["test"]);
});

Deno.test("assignSplits() keeps a photo's split when others come and go", () => {
  const splitOf = (photos: ReturnType<typeof assignSplits>) =>
    new Map(photos.map(({ name, split }) => [name, split]));
  const before = splitOf(assignSplits(files(100)));
  const after = splitOf(assignSplits(files(150).slice(10).toReversed()));
  const both = [...before].filter(([name]) => after.has(name));
  assertEquals(both.length, 90);
  for (const [name, split] of both) assertEquals(after.get(name), split);
});

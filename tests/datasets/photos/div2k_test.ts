import {
  type Archive,
  DatasetError,
  fetchArchives,
  openDiv2k,
  preparePairs,
} from "@/datasets/mod.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import {
  killAtFirstLine,
  listFiles,
  noisePhoto,
  noisePng,
} from "../_photos.ts";
import { serveFiles } from "../_server.ts";
import { makeZip } from "../_zip.ts";

/** DIV2K in its own layout, but small: 6 train photos and 4 for validation. */
async function smallDiv2k() {
  const zip = async (name: string, from: number, to: number) => {
    const entries = [];
    for (let i = from; i <= to; i++) {
      const file = `${name}/${String(i).padStart(4, "0")}.png`;
      entries.push({ name: file, data: await noisePng(40, 30, file) });
    }
    return makeZip(entries);
  };
  const files = {
    "DIV2K_train_HR.zip": await zip("DIV2K_train_HR", 1, 6),
    "DIV2K_valid_HR.zip": await zip("DIV2K_valid_HR", 801, 804),
  };
  const archives: Archive[] = Object.entries(files).map(([file, bytes]) => ({
    file,
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
  }));
  return { files, archives };
}

const { files, archives } = await smallDiv2k();
const unpacked = [
  ".lock",
  ...[1, 2, 3, 4, 5, 6].map((i) => `DIV2K_train_HR/000${i}.png`),
  "DIV2K_train_HR.json",
  ...[1, 2, 3, 4].map((i) => `DIV2K_valid_HR/080${i}.png`),
  "DIV2K_valid_HR.json",
].toSorted();

Deno.test("fetchArchives() brings, unpacks and removes the archives, once", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files, [{ dropAfter: 9000 }]);
    const options = { url: server.url, folder, archives, waitMs: 1 };
    await fetchArchives(options);
    assertEquals(listFiles(folder), unpacked);
    assertEquals(server.requests.length, 3);
    await fetchArchives(options);
    assertEquals(server.requests.length, 3);
  });
});

Deno.test("openDiv2k() trains on train, validates on odd and tests on even photos", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files);
    await fetchArchives({ url: server.url, folder, archives });
    const set = await openDiv2k(folder, archives);
    assertEquals(set.photos.map(({ name, split }) => `${name} ${split}`), [
      "0001 train",
      "0002 train",
      "0003 train",
      "0004 train",
      "0005 train",
      "0006 train",
      "0801 valid",
      "0802 test",
      "0803 valid",
      "0804 test",
    ]);
    const { train, valid, test } = await preparePairs(
      set,
      { highSize: 16, trainPairs: 12, seed: 1 },
      { cacheFolder: `${folder}/cache` },
    );
    assertEquals([train.count, valid.count, test.count], [12, 2, 2]);
  });
});

Deno.test("fetchArchives() uses an archive that was put there by hand", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles({});
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await fetchArchives({ url: server.url, folder, archives });
    assertEquals(listFiles(folder), unpacked);
    assertEquals(server.requests, []);
  });
});

Deno.test("fetchArchives() brings lost photos back", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files);
    const options = { url: server.url, folder, archives };
    await fetchArchives(options);
    const lost = `${folder}/DIV2K_valid_HR/0803.png`;
    await Deno.truncate(lost, 100);
    await assertRejects(
      () => openDiv2k(folder, archives),
      DatasetError,
      `Photo "${lost}" of div2k is missing or cut off; run deno task data div2k`,
    );
    await fetchArchives(options);
    assertEquals((await openDiv2k(folder, archives)).photos.length, 10);
    assertEquals(server.requests.at(-1), "/DIV2K_valid_HR.zip");
  });
});

Deno.test("fetchArchives() resumes after it was killed while unpacking", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files);
    const options = { url: server.url, folder, archives };
    await killAtFirstLine(`
      import { fetchArchives } from "@/datasets/mod.ts";
      await fetchArchives({
        ...${JSON.stringify(options)},
        onProgress: ({ phase, done }) => {
          if (!phase.startsWith("Unpacking") || done < 3) return;
          console.log("half");
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        },
      });
    `);
    await assertRejects(
      () => openDiv2k(folder, archives),
      DatasetError,
      `Photo set "div2k" is not complete in "${folder}"`,
    );
    await fetchArchives(options);
    assertEquals(listFiles(folder), unpacked);
    assertEquals(server.requests.length, 2, "what had come was used");
    assertEquals((await openDiv2k(folder, archives)).photos.length, 10);
  });
});

Deno.test("fetchArchives() removes wrong bytes and keeps nothing of them", async () => {
  await withFolder(async (folder) => {
    const other = files["DIV2K_train_HR.zip"].slice();
    other.set(noisePhoto(10, 10, "wrong").data, 500);
    await using server = serveFiles(files, [{ other }]);
    const options = { url: server.url, folder, archives };
    await assertRejects(
      () => fetchArchives(options),
      DatasetError,
      " The file was removed.",
    );
    assertEquals(listFiles(folder), [".lock"]);
    await fetchArchives(options);
    assertEquals(listFiles(folder), unpacked);
  });
});

Deno.test("fetchArchives() in two places at once brings everything once", async () => {
  await withFolder(async (folder) => {
    await using server = serveFiles(files);
    const options = { url: server.url, folder, archives };
    await Promise.all([fetchArchives(options), fetchArchives(options)]);
    assertEquals(listFiles(folder), unpacked);
    assertEquals(server.requests.length, 2);
  });
});

import { resizeImage } from "@/images/mod.ts";
import {
  DatasetError,
  makePhotoSet,
  pairFingerprint,
  type PairSettings,
  type PhotoSet,
  type PreparedPairs,
  type PrepareOptions,
  preparePairs,
} from "@/datasets/mod.ts";
import { centreCrop, cutPair } from "@/datasets/pairs/crop.ts";
import { sha256Hex } from "@/files/sha256.ts";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { withFolder } from "../../_folder.ts";
import {
  canMountDisk,
  killAtFirstLine,
  listFiles,
  noisePhoto,
  noisePng,
  runProcess,
  withSmallDisk,
  writePhotoSet,
} from "../_photos.ts";

const settings: PairSettings = { highSize: 16, trainPairs: 7, seed: 1 };
const counts = { train: 3, valid: 2, test: 2 };
const mountable = await canMountDisk();

/** Prepares without progress or signal. */
function prepare(
  set: PhotoSet,
  options: PrepareOptions,
  changes: Partial<PairSettings> = {},
): Promise<PreparedPairs> {
  const all = { ...settings, ...changes };
  return preparePairs(set, all, options);
}

/** Everything in the pairs, summed up. */
function checksum({ train, valid, test }: PreparedPairs): string {
  return sha256Hex(
    [train, valid, test].map((pairs) =>
      [pairs.names.join(), sha256Hex(pairs.bytes)].join()
    ).join(),
  );
}

Deno.test("preparePairs() cuts the pairs that its settings ask for", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const { train, valid, test, skipped } = await prepare(set, {
      cacheFolder: `${folder}/cache`,
    });
    assertEquals([train.count, valid.count, test.count], [7, 2, 2]);
    assertEquals([train.highSize, train.mediumSize], [16, 8]);
    assertEquals(skipped, []);
    assertEquals(valid.names, ["valid0", "valid1"]);
    const perPhoto = Map.groupBy(train.names, (name) => name);
    assertEquals(
      [...perPhoto.values()].map((names) => names.length).toSorted(),
      [2, 2, 3],
    );
    const all = Array.from({ length: 7 }, (_, i) => sha256Hex(train.high(i)));
    assertEquals(new Set(all).size, 7, "every crop is another");
  });
});

Deno.test("preparePairs() makes the medium image of the high one by Lanczos", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const { train } = await prepare(set, { cacheFolder: `${folder}/cache` });
    for (let i = 0; i < train.count; i++) {
      const high = { width: 16, height: 16, data: train.high(i) };
      const { data } = await resizeImage(high, 8, 8, "lanczos3");
      assertEquals(train.medium(i), data);
    }
  });
});

Deno.test("preparePairs() tests on the centre of each photo", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const { test } = await prepare(set, { cacheFolder: `${folder}/cache` });
    const photo = noisePhoto(40, 30, "test1");
    const { high } = await cutPair(photo, centreCrop(40, 30, 16), 16);
    assertEquals(test.names[1], "test1");
    assertEquals(test.high(1), high);
  });
});

Deno.test("preparePairs() tests on more of each photo where that is asked for", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const options = { cacheFolder: `${folder}/cache` };
    const one = await prepare(set, options);
    const { train, valid, test } = await prepare(set, options, {
      testPairs: 3,
    });
    assertEquals(train.bytes, one.train.bytes);
    assertEquals(valid.count, 6);
    assertEquals(test.names, [
      ...["test0", "test0", "test0"],
      ...["test1", "test1", "test1"],
    ]);
    // The centre comes first.
    assertEquals(test.high(0), one.test.high(0));
    assertEquals(test.high(3), one.test.high(1));
    const all = Array.from({ length: 6 }, (_, i) => sha256Hex(test.high(i)));
    assertEquals(new Set(all).size, 6, "every crop is another");
  });
});

Deno.test("preparePairs() gives the same bytes with 1 and 5 photos at once", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const one = await prepare(set, { cacheFolder: `${folder}/1`, atOnce: 1 });
    const five = await prepare(set, { cacheFolder: `${folder}/5`, atOnce: 5 });
    assertEquals(checksum(one), checksum(five));
  });
});

Deno.test("preparePairs() depends on the seed, the sizes and the photos", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const fewer = makePhotoSet("mine", set.photos.slice(1));
    const prints = [
      pairFingerprint(set, settings),
      pairFingerprint(set, { ...settings, seed: 2 }),
      pairFingerprint(set, { ...settings, highSize: 18 }),
      pairFingerprint(set, { ...settings, trainPairs: 8 }),
      pairFingerprint(set, { ...settings, testPairs: 2 }),
      pairFingerprint(fewer, settings),
    ];
    assertEquals(new Set(prints).size, prints.length);
    const cacheFolder = `${folder}/cache`;
    const one = await prepare(set, { cacheFolder });
    const two = await prepare(set, { cacheFolder }, { seed: 2 });
    assertNotEquals(one.train.high(0), two.train.high(0));
    assertEquals(one.test.high(0), two.test.high(0));
  });
});

Deno.test("preparePairs() loads what it has kept without reading a photo", async () => {
  await withFolder(async (folder) => {
    const cacheFolder = `${folder}/cache`;
    const set = await writePhotoSet(folder, counts);
    const made = await prepare(set, { cacheFolder });
    for (const { path } of set.photos) await Deno.remove(path);
    const loaded = await prepare(set, { cacheFolder });
    assertEquals(checksum(loaded), checksum(made));
  });
});

Deno.test("preparePairs() notices a torn or changed cache and cuts again", async () => {
  await withFolder(async (folder) => {
    const cacheFolder = `${folder}/cache`;
    const set = await writePhotoSet(folder, counts);
    const expected = checksum(await prepare(set, { cacheFolder }));
    const path = `${cacheFolder}/${pairFingerprint(set, settings)}/pairs.bin`;
    const good = await Deno.readFile(path);
    const flipped = (at: number) => {
      const bytes = good.slice();
      bytes[at]! ^= 1;
      return bytes;
    };
    const damages = [
      new Uint8Array(),
      good.subarray(0, 100),
      good.subarray(0, good.length - 1),
      good.subarray(1),
      flipped(0), // a pixel of the first pair
      flipped(11 * 960 - 1), // a pixel of the last pair
      flipped(11 * 960 + 30), // the manifest
      flipped(good.length - 16), // its length
      flipped(good.length - 12), // its checksum
      flipped(good.length - 1), // the end
    ];
    for (const [i, damaged] of damages.entries()) {
      await Deno.writeFile(path, damaged);
      assertEquals(checksum(await prepare(set, { cacheFolder })), expected);
      assertEquals(await Deno.readFile(path), good, `damage ${i} is mended`);
    }
  });
});

Deno.test("preparePairs() is whole after a process was killed in the middle", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const cacheFolder = `${folder}/cache`;
    const expected = checksum(
      await prepare(set, { cacheFolder: `${folder}/other` }),
    );
    await killAtFirstLine(`
      import { preparePairs } from "@/datasets/mod.ts";
      let printed = false;
      await preparePairs(${JSON.stringify(set)}, ${JSON.stringify(settings)},
        { cacheFolder: ${JSON.stringify(cacheFolder)}, onProgress({ done }) {
          if (done < 3 || printed) return;
          printed = true;
          Deno.stdout.writeSync(new TextEncoder().encode("half\\n"));
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        } });
    `);
    const key = pairFingerprint(set, settings);
    assertEquals(
      listFiles(cacheFolder).map((name) => name.replace(/\.\w+\.\d+/, "")),
      [`${key}/.tmp`, `${key}/lock`].toSorted(),
    );
    assertEquals(checksum(await prepare(set, { cacheFolder })), expected);
    assertEquals(listFiles(cacheFolder), [`${key}/lock`, `${key}/pairs.bin`]);
  });
});

Deno.test("preparePairs() cuts once when several ask at the same time", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, counts);
    const cacheFolder = `${folder}/cache`;
    const phases: string[] = [];
    const all = await Promise.all(
      [1, 2, 3].map(() =>
        preparePairs(set, settings, {
          cacheFolder,
          onProgress: ({ phase, done }) => done === 0 && phases.push(phase),
        })
      ),
    );
    assertEquals(new Set(all.map(checksum)).size, 1);
    const cuts = phases.filter((phase) => phase === "Preparing pairs");
    assertEquals(cuts.length, 1);
  });
});

Deno.test("preparePairs() cuts once when two processes ask at the same time", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, { train: 12, valid: 2, test: 2 });
    const cacheFolder = `${folder}/cache`;
    const code = `
      import { preparePairs } from "@/datasets/mod.ts";
      let cut = false;
      const { train } = await preparePairs(${JSON.stringify(set)},
        { highSize: 16, trainPairs: 48, seed: 1 },
        { cacheFolder: ${JSON.stringify(cacheFolder)},
          onProgress: ({ phase }) => cut ||= phase === "Preparing pairs" });
      console.log(cut, train.count, train.high(47).join());
    `;
    const outputs = (await Promise.all([code, code].map(runProcess)))
      .map((output) => output.split(" "));
    assertEquals(outputs.map(([cut]) => cut).toSorted(), ["false", "true"]);
    assertEquals(outputs[0]?.slice(1), outputs[1]?.slice(1));
    assertEquals(outputs[0]?.[1], "48");
  });
});

Deno.test("preparePairs() skips damaged and small photos and names them", async () => {
  await withFolder(async (folder) => {
    const good = await writePhotoSet(folder, counts);
    const png = await noisePng(40, 30, "cut");
    const files = {
      cut: png.subarray(0, png.length / 2),
      small: await noisePng(100, 15, "small"),
      text: new TextEncoder().encode("no photo"),
    };
    const photos = [...good.photos];
    for (const [name, bytes] of Object.entries(files)) {
      const path = `${folder}/${name}.png`;
      await Deno.writeFile(path, bytes);
      const split = name === "text" ? "valid" : "train";
      photos.push({ name, path, split, sha256: sha256Hex(bytes) });
    }
    const set = makePhotoSet("mixed", photos, [{
      file: "z.jpg",
      reason: "before",
    }]);
    const cacheFolder = `${folder}/cache`;
    const made = await prepare(set, { cacheFolder }, { trainPairs: 10 });
    const names = made.skipped.map(({ file }) => file);
    assertEquals(names, ["z.jpg", "cut", "small", "text"]);
    assertEquals(made.skipped[2]?.reason, "100 by 15 is too small for 16");
    assertEquals(made.valid.names, ["valid0", "valid1"]);
    assertEquals(made.train.count, 10);
    const crops = made.train.names.map((name, i) =>
      `${name} ${sha256Hex(made.train.high(i))}`
    );
    assertEquals(new Set(crops).size, 10, "no crop comes twice");
    assert(made.train.names.every((name) => name.startsWith("train")));
    const loaded = await prepare(set, { cacheFolder }, { trainPairs: 10 });
    assertEquals(loaded.skipped, made.skipped);
  });
});

Deno.test("preparePairs() says which split has no usable photo", async () => {
  await withFolder(async (folder) => {
    const set = await writePhotoSet(folder, { train: 0, valid: 0, test: 2 });
    const cacheFolder = `${folder}/cache`;
    await assertRejects(
      () => prepare(set, { cacheFolder }),
      DatasetError,
      'Photo set "mine" has no usable photo to train on: of its 2 files 2',
    );
    const { train, test } = await prepare(set, { cacheFolder }, {
      trainPairs: 0,
    });
    assertEquals([train.count, test.count], [0, 2]);
    await assertRejects(
      () => prepare(set, { cacheFolder }, { trainPairs: 0, highSize: 32 }),
      DatasetError,
      "has no usable photo to test on: of its 2 files 0",
    );
  });
});

Deno.test("preparePairs() refuses a photo that has changed or gone", async () => {
  await withFolder(async (folder) => {
    const cacheFolder = `${folder}/cache`;
    const set = await writePhotoSet(folder, counts);
    const { path } = set.photos[0]!;
    await Deno.writeFile(path, await noisePng(40, 30, "another"));
    await assertRejects(
      () => prepare(set, { cacheFolder }),
      DatasetError,
      `Photo "${path}" does not match its checksum`,
    );
    await Deno.remove(path);
    await assertRejects(
      () => prepare(set, { cacheFolder }),
      DatasetError,
      `Photo "${path}" could not be read: it does not exist.`,
    );
    const key = pairFingerprint(set, settings);
    assertEquals(listFiles(cacheFolder), [`${key}/lock`]);
  });
});

Deno.test("preparePairs() quotes invalid settings", async () => {
  const set = makePhotoSet("none", []);
  for (
    const [changes, message] of [
      [{ highSize: 15 }, "highSize must be even and at least 2, got 15."],
      [{ highSize: 0 }, "got 0."],
      [{ trainPairs: -1 }, "got -1."],
      [{ trainPairs: 1.5 }, "got 1.5."],
      [{ testPairs: 0 }, "testPairs must be a whole number of at least 1"],
      [{ seed: NaN }, "seed must be a whole number, got NaN."],
    ] as const
  ) {
    await assertRejects(() => prepare(set, {}, changes), RangeError, message);
  }
});

Deno.test("preparePairs() stops with its signal and leaves no unfinished file", async () => {
  await withFolder(async (folder) => {
    const cacheFolder = `${folder}/cache`;
    const set = await writePhotoSet(folder, counts);
    const controller = new AbortController();
    const reason = new Error("enough");
    const error = await assertRejects(() =>
      preparePairs(set, settings, {
        cacheFolder,
        onProgress: ({ done }) => done === 3 && controller.abort(reason),
        signal: controller.signal,
      })
    );
    assertEquals(error, reason);
    const key = pairFingerprint(set, settings);
    assertEquals(listFiles(cacheFolder), [`${key}/lock`]);
    assertEquals((await prepare(set, { cacheFolder })).train.count, 7);
  });
});

Deno.test({
  name: "preparePairs() says that the disk is full and leaves nothing torn" +
    (mountable ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !mountable,
  fn: async () => {
    await withFolder(async (folder) => {
      const set = await writePhotoSet(folder, counts);
      await withSmallDisk(64 << 10, async (cacheFolder) => {
        await assertRejects(
          () => prepare(set, { cacheFolder }, { trainPairs: 200 }),
          DatasetError,
          "the disk is full",
        );
        const key = pairFingerprint(set, { ...settings, trainPairs: 200 });
        assertEquals(listFiles(cacheFolder), [`${key}/lock`]);
        const { train } = await prepare(set, { cacheFolder });
        assertEquals(train.count, 7, "fewer pairs still fit");
      });
    });
  },
});

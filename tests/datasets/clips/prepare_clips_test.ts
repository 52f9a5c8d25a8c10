import {
  type ClipSettings,
  clipsFingerprint,
  DatasetError,
  openClips,
  prepareClips,
  type PreparedClips,
} from "@/datasets/mod.ts";
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
  withSmallDisk,
} from "../_photos.ts";
import { greySet, needsFfmpeg, writeClip } from "./_clips.ts";

const settings: ClipSettings = {
  side: 8,
  frames: 3,
  trainPerClip: 2,
  testPerClip: 1,
  seed: 1,
};
const counts = { train: 3, valid: 2, test: 2 };
const mountable = await canMountDisk();

function checksum({ train, valid, test }: PreparedClips): string {
  return sha256Hex(
    [train, valid, test].flatMap((segments) =>
      segments.names.map((name, i) => name + sha256Hex(segments.view(i)))
    ).join(),
  );
}

Deno.test("prepareClips() cuts the segments that its settings ask for, once", async () => {
  await withFolder(async (cacheFolder) => {
    const set = greySet(counts);
    const done: number[] = [];
    const onProgress = (progress: { done: number }) => done.push(progress.done);
    const made = await prepareClips(set, settings, { cacheFolder, onProgress });
    assertEquals(done, [0, 1, 2, 3, 4, 5, 6, 7]);
    const { train, valid, test } = made;
    assertEquals([train.count, valid.count, test.count], [6, 2, 2]);
    assertEquals(train.names.slice(0, 3), ["train0", "train0", "train1"]);
    assertEquals(train.view(5).length, 3 * 8 * 8 * 3);
    assertNotEquals(train.view(0)[0], train.view(1)[0]);
    const gone = { ...set, segments: () => Promise.reject(new Error("again")) };
    const loaded = await prepareClips(gone, settings, { cacheFolder });
    assertEquals(checksum(loaded), checksum(made));
    const key = clipsFingerprint(set, settings);
    assertEquals(listFiles(cacheFolder), [`${key}/clips.bin`, `${key}/lock`]);
    const other = clipsFingerprint(set, { ...settings, seed: 2 });
    assertNotEquals(other, key);
  });
});

Deno.test("prepareClips() notices a changed cache and cuts again", async () => {
  await withFolder(async (cacheFolder) => {
    const set = greySet(counts);
    const made = await prepareClips(set, settings, { cacheFolder });
    const path = `${cacheFolder}/${made.fingerprint}/clips.bin`;
    const good = await Deno.readFile(path);
    for (const at of [0, good.length - 20]) {
      const damaged = good.slice();
      damaged[at]! ^= 1;
      await Deno.writeFile(path, damaged);
      const again = await prepareClips(set, settings, { cacheFolder });
      assertEquals(checksum(again), checksum(made));
      assertEquals(await Deno.readFile(path), good);
    }
  });
});

Deno.test("prepareClips() is whole after a process was killed in the middle", async () => {
  await withFolder(async (cacheFolder) => {
    const set = await openClips("sprites");
    await killAtFirstLine(`
      import { openClips, prepareClips } from "@/datasets/mod.ts";
      let printed = false;
      await prepareClips(await openClips("sprites"), ${
      JSON.stringify(settings)
    }, { cacheFolder: ${JSON.stringify(cacheFolder)}, onProgress({ done }) {
        if (done < 100 || printed) return;
        printed = true;
        Deno.stdout.writeSync(new TextEncoder().encode("half\\n"));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      } });
    `);
    const key = clipsFingerprint(set, settings);
    assertEquals(listFiles(cacheFolder).length, 2);
    const { train, test } = await prepareClips(set, settings, { cacheFolder });
    assertEquals([train.count, test.count], [800, 40]);
    assertEquals(listFiles(cacheFolder), [`${key}/clips.bin`, `${key}/lock`]);
  });
});

Deno.test("prepareClips() stops with its signal and leaves nothing unfinished", async () => {
  await withFolder(async (cacheFolder) => {
    const set = greySet(counts);
    const controller = new AbortController();
    await assertRejects(
      () =>
        prepareClips(set, settings, {
          cacheFolder,
          signal: controller.signal,
          onProgress: ({ done }) =>
            done === 3 && controller.abort(new Error("Enough.")),
        }),
      Error,
      "Enough.",
    );
    assertEquals(listFiles(cacheFolder).map((name) => name.slice(17)), [
      "lock",
    ]);
  });
});

Deno.test({
  name: "prepareClips() says that the disk is full and leaves nothing torn",
  ignore: !mountable,
  fn: () =>
    withSmallDisk(1 << 16, async (cacheFolder) => {
      const large = { ...settings, side: 64 };
      await assertRejects(
        () => prepareClips(greySet(counts), large, { cacheFolder }),
        DatasetError,
        "the disk is full, and the file needs 0.4 MB",
      );
      assert(!listFiles(cacheFolder).some((name) => /tmp|bin/.test(name)));
    }),
});

Deno.test("prepareClips() says which split is empty", async () => {
  await withFolder(async (cacheFolder) => {
    await assertRejects(
      () =>
        prepareClips(greySet({ ...counts, test: 0 }), settings, {
          cacheFolder,
        }),
      DatasetError,
      'Clip set "grey" has no usable clip for test.',
    );
    await assertRejects(
      () =>
        prepareClips(greySet(counts), { ...settings, frames: 0 }, {
          cacheFolder,
        }),
      RangeError,
      "frames must be a whole number from 1 to 1000, got 0.",
    );
  });
});

Deno.test("the made set cuts camera motions over each starter photo", async () => {
  const set = await openClips("made");
  assertEquals(set.photos.length, 115);
  const plan = { frames: 2, most: 4, random: () => 0.5 };
  const segments = await set.segments(set.photos[0]!, 8, plan);
  assertEquals(segments.map(({ length }) => length), Array(4).fill(2 * 192));
});

Deno.test({
  name: "a folder's clips are read by ffmpeg, and broken ones are skipped",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const clips = `${folder}/clips`;
      await Deno.mkdir(`${clips}/more`, { recursive: true });
      for (const [i, name] of ["a.mp4", "more/b.webm", "c.mkv"].entries()) {
        await writeClip(
          `${clips}/${name}`,
          `testsrc2=size=${64 + 16 * i}x48:rate=25`,
          8,
        );
      }
      await writeClip(`${clips}/short.mp4`, "testsrc=size=64x48:rate=25", 2);
      await Deno.writeTextFile(`${clips}/text.mp4`, "no clip");
      await Deno.copyFile(`${clips}/a.mp4`, `${clips}/twin.mp4`);
      const whole = await Deno.readFile(`${clips}/a.mp4`);
      await Deno.writeFile(`${clips}/torn.mp4`, whole.subarray(0, 900));
      await Deno.writeTextFile(`${clips}/notes.txt`, "ignored");
      const set = await openClips(clips);
      assertEquals(set.skipped.map(({ file }) => file), [
        "text.mp4",
        "torn.mp4",
        "twin.mp4",
      ]);
      assertEquals(
        set.skipped[2]!.reason,
        'it has the same bytes as "a.mp4"',
      );
      for (const { reason } of set.skipped) assert(!reason.includes("\n"));
      assertEquals(set.photos.map(({ name }) => name), [
        "a.mp4",
        "c.mkv",
        "more/b.webm",
        "short.mp4",
      ]);
      // The order of the bytes decides, so each split has one.
      assertEquals(
        new Set(set.photos.map(({ split }) => split)),
        new Set(["train", "valid", "test"]),
      );
      const plan = { frames: 3, most: 9, random: () => 0 };
      const segments = await set.segments(set.photos[0]!, 16, plan);
      assertEquals(segments.map(({ length }) => length), [2304, 2304]);
      assertNotEquals(segments[0], segments[1]);

      await Deno.writeTextFile(`${clips}/a.mp4`, "changed");
      await assertRejects(
        () => set.segments(set.photos[0]!, 16, plan),
        DatasetError,
        `Clip "${clips}/a.mp4" does not match its checksum`,
      );
    }),
});

Deno.test({
  name: "folders named by splits decide, and a clip without segments is named",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      for (const [i, split] of ["train", "valid", "test"].entries()) {
        await Deno.mkdir(`${folder}/clips/${split}`, { recursive: true });
        await writeClip(
          `${folder}/clips/${split}/x.mkv`,
          `testsrc=size=${64 + 16 * i}x48:rate=25`,
          6,
        );
      }
      await writeClip(
        `${folder}/clips/train/short.mkv`,
        "testsrc=size=32x32:rate=25",
        2,
      );
      const set = await openClips(`${folder}/clips`);
      const cacheFolder = `${folder}/cache`;
      const made = await prepareClips(set, settings, { cacheFolder });
      assertEquals(made.train.names, ["train/x.mkv", "train/x.mkv"]);
      assertEquals(made.test.names, ["test/x.mkv"]);
      assertEquals(made.skipped, [
        { file: "train/short.mkv", reason: "it has no 3 frames without a cut" },
      ]);
      const again = await prepareClips(set, settings, { cacheFolder });
      assertEquals(checksum(again), checksum(made));
    }),
});

Deno.test("a folder without clips, or without ffmpeg, is one clear sentence", async () => {
  await withFolder(async (folder) => {
    await assertRejects(
      () => openClips(folder),
      DatasetError,
      `Folder "${folder}" holds no clip, such as an MP4 or WebM file.`,
    );
    await assertRejects(
      () => openClips(`${folder}/none`),
      DatasetError,
      `Folder "${folder}/none" could not be listed: it does not exist.`,
    );
  });
});

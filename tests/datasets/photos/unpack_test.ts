import { DatasetError, unpackPhotos } from "@/datasets/mod.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import {
  canMountDisk,
  listFiles,
  noisePhoto,
  withSmallDisk,
} from "../_photos.ts";
import { makeZip, type ZipEntry } from "../_zip.ts";

const mountable = await canMountDisk();
const one = noisePhoto(100, 50, "one").data;
const two = new Uint8Array(300_000).fill(9);
const entries: readonly ZipEntry[] = [
  { name: "set/", data: new Uint8Array() },
  { name: "set/1.png", data: one },
  { name: "set/deep/2.PNG", data: two, deflate: true },
  { name: "set/readme.txt", data: one },
];

async function withZip(
  zip: Uint8Array,
  work: (archive: string, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.zip`, zip);
    await Deno.mkdir(`${folder}/in/out`, { recursive: true });
    await work(`${folder}/a.zip`, `${folder}/in/out`);
  });
}

Deno.test("unpackPhotos() unpacks stored and compressed photos and nothing else", async () => {
  await withZip(makeZip(entries), async (archive, folder) => {
    const seen: number[] = [];
    const files = await unpackPhotos(archive, folder, {
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    assertEquals(files, [
      { file: "set/1.png", bytes: one.length, sha256: sha256Hex(one) },
      { file: "set/deep/2.PNG", bytes: two.length, sha256: sha256Hex(two) },
    ]);
    assertEquals(listFiles(folder), ["set/1.png", "set/deep/2.PNG"]);
    assertEquals(await Deno.readFile(`${folder}/set/1.png`), one);
    assertEquals(await Deno.readFile(`${folder}/set/deep/2.PNG`), two);
    assertEquals(seen, [0, 0.25, 0.5, 0.75, 1]);
  });
});

Deno.test("unpackPhotos() keeps complete photos and replaces damaged ones", async () => {
  await withZip(makeZip(entries), async (archive, folder) => {
    const first = await unpackPhotos(archive, folder);
    const long = new Date(2001, 1, 1);
    await Deno.utime(`${folder}/set/1.png`, long, long);
    const damaged = two.slice();
    damaged[123] = 0;
    await Deno.writeFile(`${folder}/set/deep/2.PNG`, damaged);
    await Deno.writeFile(`${folder}/set/deep/.1f3a9c.4194305.tmp`, one);
    assertEquals(await unpackPhotos(archive, folder), first);
    assertEquals((await Deno.stat(`${folder}/set/1.png`)).mtime, long);
    assertEquals(await Deno.readFile(`${folder}/set/deep/2.PNG`), two);
    assertEquals(listFiles(folder), ["set/1.png", "set/deep/2.PNG"]);
  });
});

Deno.test("unpackPhotos() refuses paths that lead out of the folder", async () => {
  for (
    const name of ["../evil.png", "a/../../../evil.png", "..\\evil.png"]
  ) {
    await withZip(makeZip([{ name, data: one }]), async (archive, folder) => {
      await assertRejects(
        () => unpackPhotos(archive, folder),
        DatasetError,
        `holds the path "${name}", which leads out of its folder`,
      );
      assertEquals(listFiles(`${folder}/../..`), ["a.zip"]);
    });
  }
  const name = `${await Deno.makeTempDir()}/evil.png`;
  await withZip(makeZip([{ name, data: one }]), async (archive, folder) => {
    await assertRejects(
      () => unpackPhotos(archive, folder),
      DatasetError,
      name,
    );
  });
  await assertRejects(() => Deno.stat(name), Deno.errors.NotFound);
  await Deno.remove(name.replace("/evil.png", ""));
});

Deno.test("unpackPhotos() says that an archive is damaged", async () => {
  const good = makeZip(entries);
  const flipped = good.slice();
  flipped[100]! ^= 1; // in the stored photo
  const broken = [
    flipped,
    good.subarray(0, good.length - 40),
    new TextEncoder().encode("<html>no zip</html>"),
    makeZip([{ name: "a.png", data: one, checksum: 1 }]),
    new Uint8Array(),
  ];
  for (const zip of broken) {
    await withZip(zip, async (archive, folder) => {
      await assertRejects(
        () => unpackPhotos(archive, folder),
        DatasetError,
        `Archive "${archive}" is damaged: `,
      );
      assertEquals(listFiles(folder), [], "no damaged photo is left");
    });
  }
});

Deno.test("unpackPhotos() stops with its signal", async () => {
  await withZip(makeZip(entries), async (archive, folder) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const error = await assertRejects(() =>
      unpackPhotos(archive, folder, {
        signal: controller.signal,
        onProgress: ({ done }) => done === 2 && controller.abort(reason),
      })
    );
    assertEquals(error, reason);
    assertEquals(listFiles(folder), ["set/1.png"]);
  });
});

Deno.test({
  name: "unpackPhotos() says that the disk is full and leaves nothing torn" +
    (mountable ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !mountable,
  fn: async () => {
    await withZip(makeZip(entries), async (archive) => {
      await withSmallDisk(128 << 10, async (disk) => {
        const error = await assertRejects(
          () => unpackPhotos(archive, disk),
          DatasetError,
        );
        assertEquals(
          error.message,
          `Could not write "${disk}/set/deep/2.PNG": the disk is full, and the ` +
            `file needs 0.3 MB.`,
        );
        assertEquals(listFiles(disk), ["set/1.png"]);
        assert(
          (await Deno.readFile(`${disk}/set/1.png`)).length === one.length,
        );
      });
    });
  },
});

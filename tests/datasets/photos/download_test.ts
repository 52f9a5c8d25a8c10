import {
  DatasetError,
  type Download,
  downloadFile,
  type DownloadOptions,
} from "@/datasets/mod.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import {
  canMountDisk,
  killAtFirstLine,
  listFiles,
  noisePhoto,
  withSmallDisk,
} from "../_photos.ts";
import { type Fault, serveFiles, tagOf, type TestServer } from "../_server.ts";

const file = noisePhoto(200, 100, "download").data; // 60 000 bytes
const sha256 = sha256Hex(file);
const quick: DownloadOptions = { tries: 3, waitMs: 1 };
const mountable = await canMountDisk();

interface Setting {
  readonly server: TestServer;
  readonly folder: string;
  readonly path: string;
  readonly download: Download;
}

/** A server with the file, a folder, and what to download. */
async function setting(
  faults: readonly Fault[],
  work: (setting: Setting) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await using server = serveFiles({ "a.zip": file }, faults);
    const path = `${folder}/a.zip`;
    const url = `${server.url}a.zip`;
    const download = { url, path, bytes: file.length, sha256 };
    await work({ server, folder, path, download });
  });
}

async function assertWhole({ folder, path }: Setting): Promise<void> {
  assertEquals(sha256Hex(await Deno.readFile(path)), sha256);
  assertEquals(listFiles(folder), ["a.zip"]);
}

Deno.test("downloadFile() brings a file, and only once", async () => {
  await setting([], async (all) => {
    await downloadFile(all.download, quick);
    await assertWhole(all);
    await downloadFile(all.download, quick);
    assertEquals(all.server.requests, ["/a.zip"]);
  });
});

Deno.test("downloadFile() reports its progress in megabytes", async () => {
  await withFolder(async (folder) => {
    const large = new Uint8Array(5_200_000);
    await using server = serveFiles({ large });
    const seen: string[] = [];
    const download = { url: `${server.url}large`, path: `${folder}/large` };
    await downloadFile(download, {
      onProgress: ({ phase, done, total }) =>
        seen.push(`${phase}: ${done} of ${total}`),
    });
    assertEquals(seen[0], "Downloading large (MB): 0 of 5");
    assertEquals(seen.at(-1), "Downloading large (MB): 5 of 5");
  });
});

Deno.test("downloadFile() resumes where the connection dropped", async () => {
  const faults = [{ dropAfter: 20_000 }, { dropAfter: 8_000 }, { status: 503 }];
  await setting(faults, async (all) => {
    await downloadFile(all.download, quick);
    await assertWhole(all);
    const [first, ...others] = all.server.requests;
    assertEquals([first, others.length], ["/a.zip", 3]);
    const starts = others.map((request) => {
      assert(request.endsWith(` ${tagOf(file)}`), request);
      return Number(/ bytes=(\d+)- /.exec(request)?.[1]);
    });
    assert(starts[0]! > 0 && starts[0]! <= 20_000, starts.join());
    assert(starts[1]! > starts[0]! && starts[1] === starts[2], starts.join());
  });
});

Deno.test("downloadFile() starts over if the server ignores ranges", async () => {
  const faults = [{ dropAfter: 20_000 }, { ignoreRange: true }];
  await setting(faults, async (all) => {
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assertEquals(all.server.requests.length, 2);
  });
});

Deno.test("downloadFile() starts over if the file has changed meanwhile", async () => {
  const old = new Uint8Array(file.length).fill(7);
  await setting([{ dropAfter: 20_000, other: old }], async (all) => {
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assert(all.server.requests[1]?.endsWith(` ${tagOf(old)}`));
  });
});

Deno.test("downloadFile() drops a part that belongs to another file", async () => {
  await setting([], async (all) => {
    await Deno.writeFile(`${all.path}.part`, new Uint8Array(1000));
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assertEquals(all.server.requests, ["/a.zip bytes=1000-", "/a.zip"]);
  });
  await setting([], async (all) => {
    await Deno.writeFile(`${all.path}.part`, new Uint8Array(70_000));
    await downloadFile(all.download, quick);
    await assertWhole(all);
  });
  await setting([], async (all) => {
    // Longer than the file, where its length is not known beforehand.
    await Deno.writeFile(`${all.path}.part`, new Uint8Array(70_000));
    const { url, path } = all.download;
    await downloadFile({ url, path, sha256 }, quick);
    await assertWhole(all);
  });
});

Deno.test("downloadFile() uses a part that only has to be verified", async () => {
  await setting([], async (all) => {
    await Deno.writeFile(`${all.path}.part`, file);
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assertEquals(all.server.requests, []);
  });
});

Deno.test("downloadFile() removes wrong bytes and says so", async () => {
  const wrong = file.slice();
  wrong[40_000]! ^= 1;
  await setting([{ other: wrong }], async (all) => {
    const error = await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
    );
    assertEquals(
      error.message,
      `File from ${all.download.url} has the SHA-256 checksum ` +
        `${
          sha256Hex(wrong)
        }, not the expected ${sha256}. The file was removed.`,
    );
    assertEquals(listFiles(all.folder), []);
    assertEquals(all.server.requests.length, 1);
    await downloadFile(all.download, quick);
    await assertWhole(all);
  });
});

Deno.test("downloadFile() removes a wrong file that was there before", async () => {
  await setting([], async (all) => {
    await Deno.writeFile(all.path, file.subarray(1));
    await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
      "has 59999 bytes, not the expected 60000. The file was removed.",
    );
    assertEquals(listFiles(all.folder), []);
  });
});

Deno.test("downloadFile() refuses a file of another length before it comes", async () => {
  await setting([{ other: file.subarray(5) }], async (all) => {
    await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
      "has 59995 bytes, not the expected 60000",
    );
    assertEquals(listFiles(all.folder), []);
  });
});

Deno.test("downloadFile() stops a file that turns out too long", async () => {
  const long = new Uint8Array(80_000);
  await setting([{ other: long, noLength: true }], async (all) => {
    await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
      "more than the expected 60000 bytes arrived.",
    );
    assertEquals(listFiles(all.folder), []);
  });
});

Deno.test("downloadFile() asks again where a file of no length ends too soon", async () => {
  const short = file.subarray(0, 30_000);
  await setting([{ other: short, noLength: true }], async (all) => {
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assertEquals(all.server.requests.length, 2);
  });
});

Deno.test("downloadFile() gives up at once or after some tries, by the status", async () => {
  await setting([{ status: 403 }], async (all) => {
    await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
      `Download of ${all.download.url} failed: the server answered 403`,
    );
    assertEquals(all.server.requests.length, 1);
  });
  await setting(new Array(3).fill({ status: 503 }), async (all) => {
    await assertRejects(
      () => downloadFile(all.download, quick),
      DatasetError,
      "failed 3 times in a row: the server answered 503",
    );
    assertEquals(listFiles(all.folder), []);
    await downloadFile(all.download, quick);
    await assertWhole(all);
  });
});

Deno.test("downloadFile() says that nobody is there", async () => {
  await withFolder(async (folder) => {
    const { url, ...server } = serveFiles({});
    await server[Symbol.asyncDispose]();
    const error = await assertRejects(
      () => downloadFile({ url: `${url}a`, path: `${folder}/a` }, quick),
      DatasetError,
      `Download of ${url}a failed 3 times in a row`,
    );
    assert(/refused/i.test(error.message), error.message);
  });
});

Deno.test("downloadFile() does not wait for a server that has fallen silent", async () => {
  await setting([{ silentAfter: 20_000 }], async (all) => {
    await downloadFile(all.download, { ...quick, silenceMs: 600 });
    await assertWhole(all);
    assert(/bytes=20000-/.test(all.server.requests[1] ?? ""));
  });
});

Deno.test("downloadFile() stops with its signal, and resumes later", async () => {
  await setting([{ silentAfter: 20_000 }], async (all) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const stopped = downloadFile(all.download, {
      ...quick,
      signal: controller.signal,
    });
    const error = assertRejects(() => stopped);
    while (
      (await Deno.stat(`${all.path}.part`).catch(() => undefined))?.size !==
        20_000
    ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    controller.abort(reason);
    assertEquals(await error, reason);
    await downloadFile(all.download, quick);
    await assertWhole(all);
    assert(/bytes=20000-/.test(all.server.requests[1] ?? ""));
  });
});

Deno.test("downloadFile() resumes after its process was killed", async () => {
  await withFolder(async (folder) => {
    const large = new Uint8Array(4_000_000).map((_, i) => i % 251);
    await using server = serveFiles({ large }, [{ silentAfter: 2_600_000 }]);
    const download: Download = {
      url: `${server.url}large`,
      path: `${folder}/large`,
      bytes: large.length,
      sha256: sha256Hex(large),
    };
    await killAtFirstLine(`
      import { downloadFile } from "@/datasets/mod.ts";
      await downloadFile(${JSON.stringify(download)}, {
        onProgress: ({ done }) => done >= 2 && console.log("half"),
      });
    `);
    await downloadFile(download, quick);
    assertEquals(await Deno.readFile(download.path), large);
    assertEquals(listFiles(folder), ["large"]);
    const [, from] = /bytes=(\d+)-/.exec(server.requests[1] ?? "") ?? [];
    assert(Number(from) >= 1_500_000, `resumed from ${from}`);
  });
});

Deno.test({
  name: "downloadFile() says that the disk is full, before and while it is" +
    (mountable ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !mountable,
  fn: async () => {
    await setting([{}, { noLength: true }], async ({ download, server }) => {
      await withSmallDisk(32 << 10, async (disk) => {
        const path = `${disk}/a.zip`;
        await assertRejects(
          () => downloadFile({ ...download, path }, quick),
          DatasetError,
          `Could not write "${path}.part": the disk is full. 0.1 MB more are needed`,
        );
        assertEquals(listFiles(disk), []);
        await assertRejects(
          () => downloadFile({ url: download.url, path }, quick),
          DatasetError,
          `Could not write "${path}": the disk is full.`,
        );
        assertEquals(server.requests.length, 2);
        assertEquals(listFiles(disk).includes("a.zip"), false);
        const part = await Deno.readFile(`${path}.part`);
        assertEquals(part, file.slice(0, part.length), "a good beginning");
      });
    });
  },
});

import { UserError } from "@/errors/user_error.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { canMountDisk, withSmallDisk } from "../datasets/_photos.ts";
import { withFolder } from "../_folder.ts";

const canMount = await canMountDisk();

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("atomicWrite writes text and bytes, into folders that it makes", async () => {
  await withFolder(async (folder) => {
    await atomicWrite(`${folder}/a/b/text.txt`, "é\n");
    assertEquals(await Deno.readTextFile(`${folder}/a/b/text.txt`), "é\n");
    const bytes = new Uint8Array(300_000).map((_, i) => i);
    await atomicWrite(`${folder}/bytes`, bytes);
    assertEquals(await Deno.readFile(`${folder}/bytes`), bytes);
    await atomicWrite(`${folder}/bytes`, new Uint8Array(0));
    assertEquals((await Deno.stat(`${folder}/bytes`)).size, 0);
    assertEquals(names(folder), ["a", "bytes"]);
  });
});

Deno.test("a reader never sees half of what atomicWrite writes", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/file`;
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    await atomicWrite(path, texts[0]!);
    let writing = true;
    const reader = (async () => {
      const seen = new Set<string>();
      while (writing) seen.add(await Deno.readTextFile(path));
      return seen;
    })();
    for (let i = 1; i < 8; i++) await atomicWrite(path, texts[i % 2]!);
    writing = false;
    for (const text of await reader) {
      assertEquals(texts.includes(text), true);
    }
  });
});

Deno.test("a folder that cannot be made is named in one sentence", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const path = `${folder}/file/x/result.json`;
    const error = await assertRejects(() => atomicWrite(path, "{}"), Error);
    assertStringIncludes(error.message, `Could not write "${path}": `);
    assertEquals(error.message.split("\n").length, 1);
  });
});

Deno.test("atomicWrite keeps the mode of a file", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/secret`;
    for (const mode of [0o600, 0o755, 0o400]) {
      await Deno.writeTextFile(path, "before");
      await Deno.chmod(path, mode);
      await atomicWrite(path, "after");
      assertEquals((await Deno.stat(path)).mode! & 0o7777, mode);
      assertEquals(await Deno.readTextFile(path), "after");
      await Deno.remove(path);
    }
  });
});

Deno.test("atomicWrite writes through symbolic links, even to new files", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/real`);
    await Deno.writeTextFile(`${folder}/real/old`, "before");
    await Deno.symlink("real/old", `${folder}/link`);
    await Deno.symlink("link", `${folder}/link to link`);
    await Deno.symlink(`${folder}/real/new`, `${folder}/dangling`);
    await atomicWrite(`${folder}/link to link`, "after");
    await atomicWrite(`${folder}/dangling`, "new");
    assertEquals(await Deno.readTextFile(`${folder}/real/old`), "after");
    assertEquals(await Deno.readTextFile(`${folder}/real/new`), "new");
    assertEquals((await Deno.lstat(`${folder}/link`)).isSymlink, true);
    assertEquals((await Deno.lstat(`${folder}/dangling`)).isSymlink, true);
    assertEquals(names(`${folder}/real`), ["new", "old"]);
    await Deno.symlink("b", `${folder}/a`);
    await Deno.symlink("a", `${folder}/b`);
    await assertRejects(
      () => atomicWrite(`${folder}/a`, ""),
      UserError,
      `Could not write "${folder}/a": its links lead in a circle.`,
    );
  });
});

Deno.test("atomicWrite takes every legal name, and explains an illegal one", async () => {
  await withFolder(async (folder) => {
    for (const name of ["x".repeat(255), "é".repeat(127), " ", "-", "a\nb"]) {
      await atomicWrite(`${folder}/${name}`, name);
      assertEquals(names(folder), [name]);
      await Deno.remove(`${folder}/${name}`);
    }
    const path = `${folder}/${"x".repeat(256)}`;
    await assertRejects(
      () => atomicWrite(path, ""),
      UserError,
      `Could not write "${path}": its name is too long.`,
    );
    await Deno.mkdir(`${folder}/folder`);
    await assertRejects(
      () => atomicWrite(`${folder}/folder`, ""),
      UserError,
      `Could not write "${folder}/folder": it is a folder.`,
    );
    assertEquals(names(folder), ["folder"]);
  });
});

Deno.test("atomicWrite does not replace a device", async () => {
  await atomicWrite("/dev/null", "text");
  assertEquals((await Deno.stat("/dev/null")).isCharDevice, true);
});

Deno.test({
  name: "on a full disk the old file is unharmed and nothing is left behind" +
    (canMount ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !canMount,
  fn: () =>
    withSmallDisk(256 << 10, async (folder) => {
      const path = `${folder}/file`;
      await atomicWrite(path, "as before");
      await assertRejects(
        () => atomicWrite(path, new Uint8Array(1 << 20)),
        Error,
        `Could not write "${path}": the disk is full.`,
      );
      assertEquals(await Deno.readTextFile(path), "as before");
      assertEquals(names(folder), ["file"]);
    }),
});

Deno.test("an exit in the middle of a write leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    const url = new URL("../../lib/files/atomic_write.ts", import.meta.url);
    const script = `
      const { replaceFile } = await import("${url}");
      await replaceFile("${folder}/file", async (temporary) => {
        await Deno.writeTextFile(temporary, "half");
        Deno.exit(3);
      });`;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", `--config=${PROJECT_ROOT}/deno.json`, script],
    }).output();
    assertEquals([code, names(folder)], [3, []]);
  });
});

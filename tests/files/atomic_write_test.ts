import { atomicWrite } from "@/files/atomic_write.ts";
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

Deno.test({
  name: "on a full disk the old file is unharmed and nothing is left behind",
  ignore: !canMount, // needs the right to mount a small disk
  fn: () =>
    withSmallDisk(256 << 10, async (folder) => {
      const path = `${folder}/file`;
      await atomicWrite(path, "as before");
      await assertRejects(
        () => atomicWrite(path, new Uint8Array(1 << 20)),
        Error,
        `Could not write "${path}": No space left on device.`,
      );
      assertEquals(await Deno.readTextFile(path), "as before");
      assertEquals(names(folder), ["file"]);
    }),
});

import { removeLeftovers } from "@/files/remove_leftovers.ts";
import { assertEquals } from "@std/assert";
import { withFolder } from "../_folder.ts";

Deno.test("removeLeftovers takes what ended processes have not finished", async () => {
  await withFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "0"],
    }).spawn();
    await child.status;
    await Deno.mkdir(`${folder}/figures`);
    const kept = ["result.json", "notes.tmp", `a.${Deno.pid}.tmp`];
    const gone = [`a.${child.pid}.tmp`, `figures/b.svg.${child.pid}.tmp`];
    for (const name of [...kept, ...gone]) {
      await Deno.writeTextFile(`${folder}/${name}`, name);
    }
    assertEquals(await removeLeftovers(folder), 2);
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(left.sort(), [...kept, "figures"].sort());
    assertEquals([...Deno.readDirSync(`${folder}/figures`)], []);
    assertEquals(await removeLeftovers(folder), 0);
  });
});

Deno.test("removeLeftovers has nothing to do where there is no folder", async () => {
  assertEquals(await removeLeftovers("/nowhere/at/all"), 0);
});

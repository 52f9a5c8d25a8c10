import { assertEquals } from "@std/assert";
import {
  damagedPackages,
  findSitePackages,
} from "@/tasks/setup/site_packages.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

Deno.test("site-packages are found once they exist", async () => {
  const root = await Deno.makeTempDir();
  const workspace = workspaceAt(root);
  try {
    assertEquals(findSitePackages(workspace), undefined);
    const folder = `${root}/.venv/lib/python3.12/site-packages`;
    await Deno.mkdir(folder, { recursive: true });
    assertEquals(findSitePackages(workspace), folder);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

async function withPackages(
  run: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["whole", "cut", "bare"]) {
      await Deno.mkdir(`${folder}/${name}-1.0.dist-info`);
      await Deno.writeTextFile(`${folder}/${name}.py`, "pass\n");
      const record = `${name}.py,sha256=x,5\n__pycache__/${name}.pyc,,\n` +
        `"${name}-1.0.dist-info/RECORD",,\n`;
      await Deno.writeTextFile(
        `${folder}/${name}-1.0.dist-info/RECORD`,
        record,
      );
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("damagedPackages finds nothing in a whole environment", () =>
  withPackages((folder) => {
    assertEquals(damagedPackages(folder), []);
  }));

Deno.test("damagedPackages finds missing lists and files that are cut short", () =>
  withPackages(async (folder) => {
    await Deno.writeTextFile(`${folder}/cut.py`, "pa");
    await Deno.remove(`${folder}/bare-1.0.dist-info/RECORD`);
    assertEquals(damagedPackages(folder), [
      { requirement: "bare==1.0", metadata: `${folder}/bare-1.0.dist-info` },
      { requirement: "cut==1.0", metadata: `${folder}/cut-1.0.dist-info` },
    ]);
    await Deno.remove(`${folder}/whole.py`);
    assertEquals(damagedPackages(folder).length, 3);
  }));

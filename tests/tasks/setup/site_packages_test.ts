import { assertEquals, assertThrows } from "@std/assert";
import {
  damagedPackages,
  findSitePackages,
  findTensorflowLibrary,
  installedVersion,
} from "@/tasks/setup/site_packages.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

Deno.test("the library and versions are found in site-packages", async () => {
  const root = await Deno.makeTempDir();
  const workspace = workspaceAt(root);
  try {
    assertEquals(findSitePackages(workspace), undefined);
    assertThrows(() => findTensorflowLibrary(workspace), UserError, root);
    const folder = `${root}/.venv/lib/python3.12/site-packages`;
    await Deno.mkdir(`${folder}/tensorflow`, { recursive: true });
    await Deno.mkdir(`${folder}/tensorflow_cpu-2.21.0.dist-info`);
    await Deno.mkdir(`${folder}/Markdown-3.11.3.dist-info`);
    assertEquals(findSitePackages(workspace), folder);
    assertEquals(installedVersion(folder, "tensorflow-cpu"), "2.21.0");
    assertEquals(installedVersion(folder, "markdown"), "3.11.3");
    assertEquals(installedVersion(folder, "tensorflow"), undefined);
    await Deno.writeTextFile(`${folder}/tensorflow/libtensorflow_cc.so.2`, "");
    assertThrows(() => findTensorflowLibrary(workspace), UserError, folder);
    await Deno.writeTextFile(
      `${folder}/tensorflow/libtensorflow_framework.so.2`,
      "",
    );
    assertEquals(
      findTensorflowLibrary(workspace),
      "lib/python3.12/site-packages/tensorflow",
    );
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

import { assertEquals, assertThrows } from "@std/assert";
import {
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

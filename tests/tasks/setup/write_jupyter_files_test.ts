import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { writeJupyterFiles } from "@/tasks/setup/write_jupyter_files.ts";

Deno.test("writeJupyterFiles describes a kernel that moves with the checkout", async () => {
  const root = await Deno.makeTempDir();
  const workspace = workspaceAt(root);
  try {
    await writeJupyterFiles(workspace);
    await writeJupyterFiles(workspace);
    const folder = `${root}/.venv/share/jupyter/kernels/deno`;
    const kernel = JSON.parse(await Deno.readTextFile(`${folder}/kernel.json`));
    const program = kernel.argv[0].replace("{resource_dir}", folder);
    assertEquals(resolve(program), workspace.kernelDeno);
    assertEquals(kernel.argv.at(-1), "{connection_file}");
    assertEquals(kernel.env, { NO_COLOR: "1" });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

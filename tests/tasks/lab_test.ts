import { checkCellFormat } from "@/tasks/gate/check_cell_format.ts";
import { checkCells } from "@/tasks/gate/check_cells.ts";
import { cleanNotebooks } from "@/tasks/clean_notebooks.ts";
import { labArguments } from "@/tasks/lab.ts";
import { joinText, readNotebook } from "@/tasks/notebooks/notebook_file.ts";
import { jupyterEnvironment, workspaceAt } from "@/tasks/setup/workspace.ts";
import { assert, assertEquals } from "@std/assert";
import { notebookOf, withFolder } from "./_notebook.ts";
import { needsPython } from "../_notebooks.ts";

const workspace = workspaceAt("/srv/project");

Deno.test("labArguments binds to this machine and shows the checkout", () => {
  const options = { folder: workspace.root, port: 9000 };
  const args = labArguments({ ...options, browser: false, isRoot: false });
  assert(args.includes("--ip=127.0.0.1"));
  assert(args.includes("--ServerApp.root_dir=/srv/project"));
  assert(args.includes("--no-browser"));
  const page = "/lab/tree/notebooks/0_overview.ipynb";
  assert(args.includes(`--LabApp.default_url=${page}`));
  assertEquals(args.includes("--allow-root"), false);
  assert(args.every((arg) => !/token|password/i.test(arg)));
  const others = labArguments({ ...options, browser: true, isRoot: true });
  assertEquals(others.includes("--no-browser"), false);
  assert(others.includes("--allow-root"));
});

Deno.test("jupyterEnvironment keeps Jupyter's files in .venv", () => {
  const folders = Object.entries(jupyterEnvironment(workspace))
    .filter(([name]) => name.endsWith("_DIR"));
  assertEquals(folders.length, 3);
  for (const [, path] of folders) {
    assert(path.startsWith("/srv/project/.venv/"));
  }
});

const settings =
  new URL("../../lib/tasks/notebooks/lab", import.meta.url).pathname;
const template = `${settings}/new_notebook.ipynb`;

Deno.test(
  "a new notebook has the imports in its first cell, others are left alone",
  needsPython,
  async () => {
    await withFolder(async (folder) => {
      const script = new URL("./_new_notebook.py", import.meta.url).pathname;
      const { success, stderr } = await new Deno.Command(workspaceAt().python, {
        args: [script, settings, folder],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const made = await readNotebook(`${folder}/Untitled.ipynb`);
      const { cells, metadata } = await readNotebook(template);
      assertEquals(made.cells.map(({ source }) => joinText(source)), [
        joinText(cells[0]!.source),
      ]);
      assertEquals(made.metadata["kernelspec"], metadata["kernelspec"]);
      const own = await readNotebook(`${folder}/own.ipynb`);
      assertEquals(own.cells.map(({ source }) => joinText(source)), ["1 + 1"]);
      const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      assertEquals(names.filter((name) => !name.startsWith(".")).sort(), [
        "Untitled Folder",
        "Untitled.ipynb",
        "own.ipynb",
        "untitled.txt",
      ]);
    });
  },
);

Deno.test("the notebook that new ones begin with is clean, and its imports exist", async () => {
  const { root } = workspaceAt();
  assertEquals(await cleanNotebooks([template], true), []);
  assertEquals(await checkCellFormat([template], root), "");
  const source = joinText((await readNotebook(template)).cells[0]!.source);
  const names = [...source.matchAll(/import \{([^}]*)\}/g)]
    .flatMap(([, names]) => names!.split(",").map((name) => name.trim()))
    .filter((name) => name !== "" && name !== "stopSignal");
  assert(names.includes("tf") && names.includes("show"), `${names}`);
  // Used once each, else they would be found to be useless.
  const uses = `console.log(${names.join(", ")});`;
  await withFolder(async (folder) => {
    const path = `${folder}/sample.ipynb`;
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(source, uses)));
    assertEquals(await checkCells([path], root), "");
  }, `${root}/tests/tasks`);
});

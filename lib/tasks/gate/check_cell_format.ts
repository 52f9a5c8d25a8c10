/**
 * Checks the format of notebooks cell by cell: `deno fmt --check` reports every
 * cell without a line break at its end, and Jupyter writes none. `deno fmt`
 * itself formats notebooks well.
 *
 * @module
 */
import { join, relative, sep } from "node:path";
import { joinText, readNotebook } from "@/tasks/notebooks/notebook_file.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import { denoFaults } from "./run_deno.ts";

const endings: Readonly<Record<string, string>> = {
  code: "ts",
  markdown: "md",
};

/**
 * Checks the format of notebooks.
 *
 * @param paths Their files.
 * @param root The folder whose `deno.json` applies.
 * @returns The cells that are not formatted, a line each, with the command
 * that formats them; empty where all is well.
 */
export async function checkCellFormat(
  paths: readonly string[],
  root: string,
): Promise<string> {
  using temporary = temporaryFolder("cells");
  const folder = temporary.path;
  const places = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const { cells } = await readNotebook(path);
    await Deno.mkdir(join(folder, `${index}`));
    for (const [at, { cell_type, source }] of cells.entries()) {
      const ending = endings[cell_type];
      const text = joinText(source);
      if (ending === undefined || text === "") continue;
      const name = join(`${index}`, `${at + 1}.${ending}`);
      await Deno.writeTextFile(join(folder, name), `${text}\n`);
      places.set(name, `${relative(root, path)}, cell ${at + 1}`);
    }
  }
  if (places.size === 0) return "";
  const wrong = (await unformatted(folder, root))
    .map((name) => `${places.get(name) ?? name} is not formatted.`);
  return wrong.length === 0
    ? ""
    : [...wrong, 'Run "deno fmt notebooks/*.ipynb".'].join("\n");
}

/** The files below `folder` that `deno fmt` would change. */
async function unformatted(folder: string, root: string): Promise<string[]> {
  const config = `--config=${join(root, "deno.json")}`;
  const output = await denoFaults(["fmt", "--check", config, folder], root);
  if (output === "") return [];
  const names = [...output.matchAll(/^from (.*):$/gm)]
    .map(([, path]) => path?.split(sep).slice(-2).join(sep) ?? "");
  return names.length > 0 ? names.sort() : [output];
}

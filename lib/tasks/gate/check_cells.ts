/**
 * Type-checks and lints the code of notebooks, which Deno's own commands pass
 * over, and the kernel too: each notebook's code cells stand together as a
 * module in its folder while `deno check` and `deno lint` look at it.
 *
 * @module
 */
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { codeCells, readNotebook } from "@/tasks/notebooks/notebook_file.ts";

/** The code of a notebook as one module. */
export interface CellModule {
  /** The module's text. */
  readonly text: string;
  /** For each line, counted from 0: the code cell and the line in it. */
  readonly places: readonly { readonly cell: number; readonly line: number }[];
}

const suffix = ".cells.ts";

/**
 * Joins the code cells `sources` to one module.
 *
 * Names are shared between the cells, as in the kernel; declaring one twice,
 * which the kernel allows, is an error here.
 */
export function joinCells(
  cells: readonly { readonly number: number; readonly source: string }[],
): CellModule {
  const lines: string[] = [];
  const places: { cell: number; line: number }[] = [];
  for (const { number, source } of cells) {
    source.split("\n").forEach((text, index) => {
      lines.push(text);
      places.push({ cell: number, line: index + 1 });
    });
  }
  const last = places.at(-1) ?? { cell: 0, line: 1 };
  lines.push("export {};", "");
  return { text: lines.join("\n"), places: [...places, last, last] };
}

/** Puts the notebook's name, cell and line in place of the module's. */
export function placeInCells(
  output: string,
  modules: ReadonlyMap<string, { name: string; places: CellModule["places"] }>,
): string {
  const path = /(?:file:\/\/)?([^\s"'()]*\.cells\.ts)(?::(\d+):(\d+))?/g;
  return output.replace(path, (whole, file, line, column) => {
    const module = modules.get(basename(file));
    if (module === undefined) return whole;
    const place = module.places[Number(line) - 1];
    if (place === undefined) return module.name;
    return `${module.name}, code cell ${place.cell}, line ${place.line}` +
      `:${column}`;
  });
}

async function deno(args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
  }).output();
  if (success) return "";
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

/** Removes what a killed check has left in `folder`. */
function removeRemains(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(suffix)) rmSync(join(folder, name));
  }
}

/**
 * Checks the notebooks `paths`.
 *
 * @param root The folder whose `deno.json` applies.
 * @returns What `deno check` and `deno lint` report, with the notebook, the
 * number of the code cell and the line in it; empty where all is well.
 */
export async function checkCells(
  paths: readonly string[],
  root: string,
): Promise<string> {
  const modules = new Map<
    string,
    { name: string; places: CellModule["places"] }
  >();
  const files: string[] = [];
  for (const folder of new Set(paths.map((path) => dirname(resolve(path))))) {
    removeRemains(folder);
  }
  try {
    for (const path of paths) {
      const { text, places } = joinCells(codeCells(await readNotebook(path)));
      const file = resolve(path).replace(/\.ipynb$/, suffix);
      modules.set(basename(file), { name: relative(root, path), places });
      files.push(file);
      await Deno.writeTextFile(file, text);
    }
    if (files.length === 0) return "";
    const outputs = await Promise.all([
      deno(["check", "--quiet", ...files], root),
      deno(["lint", "--quiet", ...files], root),
    ]);
    return placeInCells(outputs.join(""), modules).trim();
  } finally {
    for (const file of files) {
      await Deno.remove(file).catch(() => {});
    }
  }
}

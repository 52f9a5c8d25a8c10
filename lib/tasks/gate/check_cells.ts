/**
 * Type-checks and lints the code of notebooks, which neither Deno's own
 * commands nor the kernel do: each notebook's code cells are written as one
 * module to its folder while `deno check` and `deno lint` run. Also limits the
 * length of cells.
 *
 * @module
 */
import { globSync, rmSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import {
  codeCells,
  type Notebook,
  readNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { denoFaults } from "./run_deno.ts";

/** The code of a notebook as one module. */
export interface CellModule {
  /** The module's text. */
  readonly text: string;
  /** For each line, counted from 0: the code cell and the line in it. */
  readonly places: readonly { readonly cell: number; readonly line: number }[];
}

const suffix = ".cells.ts";

/**
 * Joins code cells to one module. Cells share their names, as in the kernel;
 * declaring one twice, which the kernel allows, is an error here.
 *
 * @param cells Their numbers, counted from 1, and their code.
 * @returns The module.
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

/**
 * Puts the notebook's name, cell and line in place of the module's.
 *
 * @param output What a command printed.
 * @param modules The notebooks by the name of their module's file.
 * @returns The output with the places in notebooks.
 */
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

/** Lines that a code cell may have. */
const longestCell = 10;

/**
 * Finds code cells that are too long to be read beside their text. The cell of
 * the settings, which declares `const settings` or has the id `settings`, may
 * have any length.
 *
 * @param notebook A notebook.
 * @param name What it is called in the sentences.
 * @returns A sentence for each other cell of over 10 lines; blank lines,
 * imports and comments count.
 */
export function longCells(notebook: Notebook, name: string): string[] {
  return codeCells(notebook).flatMap(({ number, cell, source }) => {
    const lines = source.trimEnd().split("\n").length;
    const isSettings = cell.id === "settings" ||
      /^const settings\b/m.test(source);
    if (lines <= longestCell || isSettings) return [];
    return [
      `${name}, code cell ${number}, has ${lines} lines; at most ` +
      `${longestCell} are allowed, except for settings.`,
    ];
  });
}

/**
 * Type-checks and lints notebooks.
 *
 * @param paths Their files.
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
    // A check that was killed leaves its modules behind.
    for (const file of globSync(`${folder}/*${suffix}`)) rmSync(file);
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
      denoFaults(["check", "--quiet", ...files], root),
      denoFaults(["lint", "--quiet", ...files], root),
    ]);
    return placeInCells(outputs.join("\n"), modules).trim();
  } finally {
    for (const file of files) {
      await Deno.remove(file).catch(() => {});
    }
  }
}

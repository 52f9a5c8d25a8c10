/**
 * Notebooks as files: the parts of the format that the tasks work on.
 *
 * @see {@link https://nbformat.readthedocs.io/en/latest/format_description.html}
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** Text of a notebook: whole, or split into lines. */
export type MultilineText = string | string[];

/** One output of a code cell. */
export interface CellOutput {
  /** `stream`, `display_data`, `execute_result` or `error`. */
  output_type: string;
  /** `stdout` or `stderr` of a stream. */
  name?: string;
  /** The text of a stream. */
  text?: MultilineText;
  /** Representations by MIME type. */
  data?: Record<string, unknown>;
  /** The number of the execution that gave it. */
  execution_count?: number | null;
  /** Anything else of the format. */
  [key: string]: unknown;
}

/** One cell. */
export interface Cell {
  /** `code`, `markdown` or `raw`. */
  cell_type: string;
  /** Its text. */
  source: MultilineText;
  /** Settings of the cell, such as tags. */
  metadata: Record<string, unknown>;
  /** Identifies the cell within its notebook. */
  id?: string;
  /** Outputs of a code cell. */
  outputs?: CellOutput[];
  /** The number of its last execution. */
  execution_count?: number | null;
  /** Anything else of the format. */
  [key: string]: unknown;
}

/** A notebook, format 4. */
export interface Notebook {
  /** The cells in order. */
  cells: Cell[];
  /** Settings of the notebook, such as its kernel. */
  metadata: Record<string, unknown>;
  /** Always 4. */
  nbformat: number;
  /** At least 5, where cells have ids. */
  nbformat_minor: number;
}

/**
 * Joins the lines of a text.
 *
 * @param text The text, whole or split.
 * @returns The whole text.
 */
export function joinText(text: MultilineText): string {
  return typeof text === "string" ? text : text.join("");
}

/**
 * Reads a notebook.
 *
 * @param path Its file.
 * @returns The notebook.
 * @throws {UserError} If the file does not exist or is no notebook.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  return parseNotebook(await readNotebookText(path, path), path);
}

/**
 * Reads the text of a notebook.
 *
 * @param path Its file.
 * @param name What it is called in errors.
 * @returns The text.
 * @throws {UserError} If the file does not exist.
 */
export async function readNotebookText(
  path: string,
  name: string,
): Promise<string> {
  const text = await readTextIfPresent(path);
  if (text !== undefined) return text;
  throw new UserError(`There is no notebook "${name}".`);
}

/**
 * Parses a notebook.
 *
 * @param text The text of its file.
 * @param path What it is called in errors.
 * @returns The notebook.
 * @throws {UserError} If the text is no notebook of format 4.
 */
export function parseNotebook(text: string, path: string): Notebook {
  let value: Partial<Notebook> | null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(
      `The file "${path}" is not a notebook: it is not JSON.`,
    );
  }
  if (
    value === null || value.nbformat !== 4 || !Array.isArray(value.cells)
  ) {
    throw new UserError(`The file "${path}" is not a notebook of format 4.`);
  }
  return { nbformat_minor: 5, metadata: {}, ...value } as Notebook;
}

/**
 * Lists the code cells of a notebook.
 *
 * @param notebook The notebook.
 * @returns The cells with their numbers, counted from 1, and their code.
 */
export function codeCells(
  notebook: Notebook,
): { number: number; cell: Cell; source: string }[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code")
    .map((cell, index) => ({
      number: index + 1,
      cell,
      source: joinText(cell.source),
    }));
}

/**
 * Lists the files of notebooks.
 *
 * @param words The notebooks of a command line; none means all of `notebooks/`.
 * @param root The folder that holds `notebooks/`.
 * @returns Their paths, by the number at the start of their names.
 * @throws {UserError} If a word is no `.ipynb` file.
 */
export function notebookPaths(
  words: readonly string[],
  root: string = PROJECT_ROOT,
): string[] {
  if (words.length > 0) {
    const other = words.find((word) => !word.endsWith(".ipynb"));
    if (other !== undefined) {
      throw new UserError(`The file "${other}" is not a notebook (.ipynb).`);
    }
    return [...words];
  }
  const folder = join(root, "notebooks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".ipynb"))
    .sort(new Intl.Collator("en", { numeric: true }).compare)
    .map((name) => join(folder, name));
}

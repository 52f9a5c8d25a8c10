/**
 * The form in which notebooks are committed: running one again changes only its
 * outputs.
 *
 * @see {@link https://nbdev.fast.ai/api/clean.html} for the same idea.
 * @module
 */
import type {
  Cell,
  CellOutput,
  MultilineText,
  Notebook,
} from "./notebook_file.ts";
import { joinText } from "./notebook_file.ts";

/** The maximum size of a committed notebook, in bytes. */
export const largestNotebook = 1_000_000;

const notebookMetadata = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

/** Metadata of a cell that people write, in contrast to traces of a run. */
const keptCellMetadata = ["tags", "jupyter", "editable", "deletable"];

function splitLines(text: MultilineText): string[] {
  return joinText(text).replaceAll("\r\n", "\n").match(/[^\n]*\n|[^\n]+$/g) ??
    [];
}

function mergeStreams(outputs: readonly CellOutput[]): CellOutput[] {
  const merged: CellOutput[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" &&
      last.name === output.name
    ) {
      last.text = joinText(last.text ?? "") + joinText(output.text ?? "");
    } else {
      merged.push({ ...output });
    }
  }
  return merged;
}

function isText(mime: string): boolean {
  return !mime.endsWith("json") &&
    (mime.startsWith("text/") || mime === "image/svg+xml");
}

/** A chart that is drawn live, and what JupyterLab adds when it draws it. */
const liveChart = "application/vnd.vegalite.v5+json";
const drawnChart = "image/png";

function cleanOutput(output: CellOutput, count: number): CellOutput {
  const { transient: _, ...kept } = output;
  if (kept.text !== undefined) kept.text = splitLines(kept.text);
  if (kept.data !== undefined) {
    kept.data = Object.fromEntries(
      Object.entries(kept.data).filter(([mime]) =>
        mime !== drawnChart || kept.data?.[liveChart] === undefined
      ).map(([mime, value]) => {
        const text = typeof value === "string" || Array.isArray(value);
        return [
          mime,
          text && isText(mime) ? splitLines(value as MultilineText) : value,
        ];
      }),
    );
    // The place of a live output is of one run.
    const { onecode: _, ...metadata } = (kept["metadata"] ?? {}) as Record<
      string,
      unknown
    >;
    kept["metadata"] = metadata;
  }
  if (kept.output_type === "execute_result") kept.execution_count = count;
  return kept;
}

function cleanCell(cell: Cell, index: number, count: number): Cell {
  const metadata = Object.fromEntries(
    Object.entries(cell.metadata ?? {})
      .filter(([key]) => keptCellMetadata.includes(key)),
  );
  const id = cell.id ?? `cell-${index + 1}`;
  const { attachments } = cell;
  const common = {
    cell_type: cell.cell_type,
    id,
    metadata,
    source: splitLines(cell.source),
    ...(attachments === undefined ? {} : { attachments }),
  };
  if (cell.cell_type !== "code") return common;
  const outputs = mergeStreams(cell.outputs ?? []);
  const executed = outputs.length > 0 ||
    typeof cell.execution_count === "number";
  return {
    ...common,
    execution_count: executed ? count : null,
    outputs: outputs.map((output) => cleanOutput(output, count)),
  };
}

/**
 * Brings a notebook to the form in which it is committed: executions are
 * numbered from the top, the pieces of a stream are merged, and traces of a run
 * and of a machine (times, versions, the view) are removed.
 *
 * @param notebook The notebook.
 * @returns A clean copy.
 */
export function cleanNotebook(notebook: Notebook): Notebook {
  let count = 0;
  return {
    cells: notebook.cells.map((cell, index) => {
      const runs = cell.cell_type === "code" &&
        joinText(cell.source).trim() !== "";
      if (runs) count++;
      return cleanCell(cell, index, count);
    }),
    metadata: notebookMetadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

/**
 * Formats a notebook as Jupyter does.
 *
 * @param notebook The notebook.
 * @returns The text of its file.
 */
export function notebookText(notebook: Notebook): string {
  return JSON.stringify(sortKeys(notebook), null, 1) + "\n";
}

/** Strings of a value, except for images other than SVG. */
function* stringsOf(value: unknown, key = ""): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    yield value.join("");
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const binary = /^(image|audio|video|application\/pdf)/.test(name) &&
      name !== "image/svg+xml";
    if (!binary) yield* stringsOf(item, name || key);
  }
}

const machinePath =
  /(?:file:\/\/|(?<![\w./:-]))(?:\/(?:home|Users|root|tmp|private|var\/folders)\/|[A-Za-z]:\\Users\\)[^\s"'`<>)]*/;

/**
 * Finds reasons not to commit a notebook.
 *
 * @param notebook The notebook.
 * @param folders Folders of this machine that must not appear in it, such as
 * the checkout and the home folder.
 * @returns Predicates, such as `holds an error in cell 3: run it again`.
 */
export function notebookProblems(
  notebook: Notebook,
  folders: readonly string[],
): string[] {
  const problems: string[] = [];
  const bytes = new TextEncoder().encode(notebookText(notebook)).length;
  if (bytes > largestNotebook) {
    problems.push(
      `has ${bytes} bytes, more than ${largestNotebook}: show smaller figures`,
    );
  }
  notebook.cells.forEach((cell, index) => {
    const place = `cell ${index + 1}`;
    for (
      const text of stringsOf({ source: cell.source, outputs: cell.outputs })
    ) {
      const path = folders.find((folder) => text.includes(folder)) ??
        machinePath.exec(text)?.[0];
      if (path !== undefined) {
        problems.push(`holds the path "${path}" of a machine in ${place}`);
        break;
      }
    }
    if (cell.outputs?.some((output) => output.output_type === "error")) {
      problems.push(`holds an error in ${place}: run it again`);
    }
  });
  return problems;
}

import type { Cell, Notebook } from "@/tasks/notebooks/notebook_file.ts";

/** A notebook of one Markdown cell and code cells with these sources. */
export function notebookOf(...sources: string[]): Notebook {
  const title: Cell = {
    cell_type: "markdown",
    id: "title",
    metadata: {},
    source: ["# A title\n", "and a line"],
  };
  const cells = sources.map((source, index): Cell => ({
    cell_type: "code",
    id: `code-${index + 1}`,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  return {
    cells: [title, ...cells],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Runs `run` in a folder of its own below `parent`. */
export async function withFolder(
  run: (folder: string) => Promise<void>,
  parent?: string,
): Promise<void> {
  const folder = await Deno.makeTempDir(
    parent === undefined ? {} : { dir: parent },
  );
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import { checkCellFormat } from "@/tasks/gate/check_cell_format.ts";
import { notebookText } from "@/tasks/notebooks/clean_notebook.ts";

const root = resolve(import.meta.dirname ?? ".", "../../..");

async function check(
  ...cells: readonly (readonly [string, string])[]
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.ipynb`;
    await Deno.writeTextFile(
      path,
      notebookText({
        cells: cells.map(([cell_type, source]) => ({
          cell_type,
          source,
          metadata: {},
        })),
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      }),
    );
    return (await checkCellFormat([path], root)).replaceAll(/\S*\/a/g, "a");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("checkCellFormat accepts cells without a last line break", async () => {
  assertEquals(
    await check(["markdown", "# Title"], ["code", "const a = 1;"], [
      "code",
      "",
    ]),
    "",
  );
});

Deno.test("checkCellFormat names the cells that deno fmt would change", async () => {
  assertEquals(
    await check(["markdown", "Fine."], ["code", "const a=1"]),
    "a.ipynb, cell 2 is not formatted.\n" +
      'Run "deno fmt notebooks/*.ipynb".',
  );
});

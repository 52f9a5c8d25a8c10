import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  checkCells,
  joinCells,
  longCells,
  placeInCells,
} from "@/tasks/gate/check_cells.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { notebookOf, withFolder } from "../_notebook.ts";

const { root } = workspaceAt();

async function check(...sources: string[]): Promise<string> {
  let output = "";
  await withFolder(async (folder) => {
    const path = `${folder}/sample.ipynb`;
    await Deno.writeTextFile(path, JSON.stringify(notebookOf(...sources)));
    output = await checkCells([path], root);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names, ["sample.ipynb"]);
  }, `${root}/tests/tasks`);
  return output;
}

Deno.test("joinCells keeps the place of each line", () => {
  const { text, places } = joinCells([
    { number: 1, source: "a\nb" },
    { number: 3, source: "c" },
  ]);
  assertEquals(text, "a\nb\nc\nexport {};\n");
  assertEquals(places.slice(0, 3), [
    { cell: 1, line: 1 },
    { cell: 1, line: 2 },
    { cell: 3, line: 1 },
  ]);
});

Deno.test("placeInCells leaves other files alone", () => {
  const modules = new Map([
    ["a.cells.ts", { name: "a.ipynb", places: [{ cell: 4, line: 1 }] }],
  ]);
  assertEquals(
    placeInCells("at file:///x/a.cells.ts:1:5 and (b.cells.ts:1:2)", modules),
    "at a.ipynb, code cell 4, line 1:5 and (b.cells.ts:1:2)",
  );
});

Deno.test("checkCells passes cells that share names and await", async () => {
  const output = await check(
    'import { joinText } from "@/tasks/notebooks/notebook_file.ts";\n' +
      'const text = await Promise.resolve(["a", "b"]);',
    "joinText(text)",
  );
  assertEquals(output, "");
});

Deno.test("checkCells finds wrong types and lint, and names the cell", async () => {
  const output = await check(
    "const size = 3;",
    "console.log(size);\nconst name: string = size;",
  );
  assertStringIncludes(output, "Type 'number' is not assignable");
  assertStringIncludes(output, "sample.ipynb, code cell 2, line 2:7");
  assertStringIncludes(output, "`name` is never used");
});

Deno.test("checkCells tells a syntax error", async () => {
  const output = await check("const size = ;");
  assertStringIncludes(output, "sample.ipynb, code cell 1, line 1:14");
});

Deno.test("longCells allows ten lines, and any number for settings", () => {
  const lines = (count: number, first = "1;") =>
    [first, ...Array(count - 1).fill("2;")].join("\n");
  const notebook = notebookOf(
    lines(30),
    lines(30, "const settings = {"),
    `${lines(10)}\n`,
    lines(11),
  );
  notebook.cells[1]!.id = "settings";
  assertEquals(longCells(notebook, "n.ipynb"), [
    "n.ipynb, code cell 4, has 11 lines; at most 10 are allowed, except for " +
    "settings.",
  ]);
});

import { assertEquals, assertThrows } from "@std/assert";
import {
  codeCells,
  joinText,
  notebookPaths,
} from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { notebookOf, withFolder } from "../_notebook.ts";

Deno.test("codeCells counts code cells from 1", () => {
  assertEquals(
    codeCells(notebookOf("a", "b")).map((
      { number, source },
    ) => [number, source]),
    [[1, "a"], [2, "b"]],
  );
});

Deno.test("joinText takes both forms of text", () => {
  assertEquals(joinText(["a\n", "b"]), joinText("a\nb"));
});

Deno.test("notebookPaths takes the folder's notebooks in order", () =>
  withFolder(async (root) => {
    assertEquals(notebookPaths([], root), []);
    await Deno.mkdir(`${root}/notebooks`);
    for (const name of ["2_b.ipynb", "10_c.ipynb", "1_a.ipynb", "note.md"]) {
      await Deno.writeTextFile(`${root}/notebooks/${name}`, "");
    }
    assertEquals(notebookPaths([], root), [
      `${root}/notebooks/1_a.ipynb`,
      `${root}/notebooks/2_b.ipynb`,
      `${root}/notebooks/10_c.ipynb`,
    ]);
    assertEquals(notebookPaths(["x.ipynb"], root), ["x.ipynb"]);
    assertThrows(
      () => notebookPaths(["x.ts"], root),
      UserError,
      'The file "x.ts" is not a notebook (.ipynb).',
    );
  }));

import { assertThrows } from "@std/assert";
import type { CellOutput } from "@/tasks/notebooks/notebook_file.ts";
import { checkOutputs } from "@/tasks/site/notebook_page.ts";
import { UserError } from "@/errors/user_error.ts";
import { notebookOf } from "../_notebook.ts";
import { tinyNotebook } from "./_site.ts";

/** Checks a notebook whose second code cell is as given. */
function check(source: string, count: number | null, outputs: CellOutput[]) {
  const notebook = notebookOf("const a = 1;", source);
  const [, first, second] = notebook.cells;
  first!.execution_count = 1;
  Object.assign(second!, { execution_count: count, outputs });
  checkOutputs(notebook, "notebooks/x.ipynb");
}

Deno.test("checkOutputs accepts a notebook that was run", async () => {
  checkOutputs(await tinyNotebook(), "1_tiny.ipynb");
  check("if (watch) await watchRun();", 2, []);
  check("", null, []);
});

const error = { output_type: "error" };
const chart = {
  output_type: "display_data",
  data: { "application/vnd.vegalite.v5+json": {} },
};

const cases: [string, string, number | null, CellOutput[]][] = [
  ["was not run", "let a;", null, []],
  ["has no output", "await show(figure('a'));", 2, []],
  ["holds an error", "await run();", 2, [error]],
  ["has no picture (image/svg+xml) of its chart", "await show(a);", 2, [chart]],
];

for (const [wrong, source, count, outputs] of cases) {
  Deno.test(`checkOutputs names a cell that ${wrong}`, () => {
    assertThrows(
      () => check(source, count, outputs),
      UserError,
      `Code cell 2 ("${source}") of the notebook "notebooks/x.ipynb" ` +
        `${wrong}: run "deno task notebooks notebooks/x.ipynb".`,
    );
  });
}

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import {
  type Notebook,
  readNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { frontChart } from "@/tasks/site/front_page.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";
import { notebookOf } from "../_notebook.ts";
import { chartOutput } from "./_site.ts";

/** A notebook that shows charts of these titles. */
async function notebookWith(...titles: string[]): Promise<Notebook> {
  const notebook = notebookOf("await show();");
  notebook.cells[1]!.outputs = await Promise.all(titles.map(chartOutput));
  return notebook;
}

/** The title of the chart that the front page shows. */
async function chosen(titles: Record<string, string[]>): Promise<string> {
  const notebooks = await Promise.all(
    Object.entries(titles).map(async ([name, charts]) => ({
      path: `notebooks/${name}.ipynb`,
      notebook: await notebookWith(...charts),
    })),
  );
  return /aria-label="([\w ]+)\./.exec(frontChart(notebooks))?.[1] ?? "";
}

Deno.test("the front page shows what is stored, or the first chart of the overview", async () => {
  const codec = { "8_codec": ["rates", "Bytes stored", "Bytes sent"] };
  assertEquals(await chosen({ "0_overview": ["a"], ...codec }), "Bytes stored");
  const others = { "1_data": ["data"], "4_feature_capture": ["capture"] };
  assertEquals(await chosen({ "0_overview": ["a", "b"], ...others }), "a");
  assertEquals(await chosen({ "0_overview": [], ...others }), "capture");
  assertEquals(await chosen({ "1_data": [], "2_more": ["more"] }), "more");
});

Deno.test("the notebook on the codec has the chart of what is stored", async () => {
  const path = join(workspaceAt().root, "notebooks", "8_codec.ipynb");
  const front = frontChart([{ path, notebook: await readNotebook(path) }]);
  assertStringIncludes(front, 'aria-label="Bytes stored, at equal PSNR');
});

Deno.test("the front page needs a chart", () => {
  assertThrows(
    () => frontChart([{ path: "1.ipynb", notebook: notebookOf() }]),
    UserError,
    "needs a chart",
  );
});

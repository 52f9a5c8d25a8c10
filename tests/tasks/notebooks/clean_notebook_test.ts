import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  cleanNotebook,
  notebookProblems,
  notebookText,
} from "@/tasks/notebooks/clean_notebook.ts";
import type {
  Cell,
  CellOutput,
  Notebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { parseNotebook } from "@/tasks/notebooks/notebook_file.ts";
import { notebookOf } from "../_notebook.ts";

function withOutputs(...outputs: CellOutput[]): Notebook {
  const notebook = notebookOf("a;");
  const cell = notebook.cells[1] as Cell;
  cell.outputs = outputs;
  cell.execution_count = 17;
  return notebook;
}

function outputsOf(notebook: Notebook): CellOutput[] | undefined {
  return cleanNotebook(notebook).cells[1]?.outputs;
}

Deno.test("cleanNotebook numbers executions from the top", () => {
  const notebook = notebookOf("a;", "", "b;", "c;");
  notebook.cells[1]!.execution_count = 12;
  notebook.cells[3]!.outputs = [{
    output_type: "execute_result",
    data: { "text/plain": "3" },
    metadata: {},
    execution_count: 40,
  }];
  const { cells } = cleanNotebook(notebook);
  assertEquals(
    cells.slice(1).map((cell) => cell.execution_count),
    [1, null, 2, null],
  );
  assertEquals(cells[3]?.outputs?.[0]?.execution_count, 2);
});

Deno.test("cleanNotebook merges the pieces of a stream", () => {
  const piece = (name: string, text: string | string[]) => ({
    output_type: "stream",
    name,
    text,
  });
  const outputs = outputsOf(withOutputs(
    piece("stdout", "a\n"),
    piece("stdout", ["b", "c\n", "d"]),
    piece("stderr", "e\n"),
    piece("stdout", "f\n"),
  ));
  assertEquals(outputs, [
    piece("stdout", ["a\n", "bc\n", "d"]),
    piece("stderr", ["e\n"]),
    piece("stdout", ["f\n"]),
  ]);
});

Deno.test("cleanNotebook leaves out traces of a run and of a machine", () => {
  const notebook = withOutputs({
    output_type: "display_data",
    data: { "image/png": "aGk=\n", "application/json": ["a", "b"] },
    metadata: { "image/png": { width: 3 } },
    transient: { display_id: "x" },
  });
  notebook.metadata = {
    kernelspec: { name: "deno2", display_name: "Deno 2" },
    language_info: { name: "typescript", version: "6.0.3" },
    widgets: {},
  };
  notebook.cells[1]!.metadata = {
    execution: { "iopub.status.busy": "2026" },
    collapsed: false,
    tags: ["settings"],
    jupyter: { source_hidden: true },
  };
  const clean = cleanNotebook(notebook);
  assertEquals(clean.cells[1]?.metadata, {
    tags: ["settings"],
    jupyter: { source_hidden: true },
  });
  assertEquals(clean.cells[1]?.outputs, [{
    output_type: "display_data",
    data: { "image/png": "aGk=\n", "application/json": ["a", "b"] },
    metadata: { "image/png": { width: 3 } },
  }]);
  assertEquals(Object.keys(clean.metadata), ["kernelspec", "language_info"]);
  assertEquals(notebookText(clean).includes("version"), false);
});

Deno.test("cleanNotebook drops the picture that JupyterLab adds to a live chart", () => {
  const chart = "application/vnd.vegalite.v5+json";
  const outputOf = (data: Record<string, unknown>): Notebook => {
    const notebook = notebookOf("await show();");
    const output = { output_type: "display_data", metadata: {}, data } as const;
    notebook.cells[1]!.outputs = [output];
    return cleanNotebook(notebook);
  };
  const kept = { [chart]: {}, "image/svg+xml": ["<svg/>"] };
  assertEquals(outputOf({ ...kept, "image/png": "iVBOR" }), outputOf(kept));
  const photo = outputOf({ "image/png": "iVBOR" }).cells[1]!.outputs![0]!;
  assertEquals(photo.data, { "image/png": "iVBOR" });
});

Deno.test("cleanNotebook changes a clean notebook no more", () => {
  const notebook = withOutputs(
    { output_type: "stream", name: "stdout", text: "a\nb" },
    { output_type: "display_data", data: { "text/html": "<p>\n</p>" } },
  );
  delete notebook.cells[0]!.id;
  const text = notebookText(cleanNotebook(notebook));
  const again = notebookText(cleanNotebook(parseNotebook(text, "again")));
  assertEquals(again, text);
  assertStringIncludes(text, '"id": "cell-1"');
});

Deno.test("notebookProblems refuses paths of this and of other machines", () => {
  const folders = ["/srv/project/"];
  for (
    const [text, path] of [
      ["read /srv/project/data/a.png", "/srv/project/"],
      ["at file:///home/ada/x.ts:3:1", "file:///home/ada/x.ts:3:1"],
      ["open('/Users/ada/x')", "/Users/ada/x"],
      ["C:\\Users\\ada\\x", "C:\\Users\\ada\\x"],
      ["in /tmp/abc", "/tmp/abc"],
    ] as const
  ) {
    assertEquals(notebookProblems(notebookOf(text), folders), [
      `holds the path "${path}" of a machine in cell 2`,
    ]);
    const printed = withOutputs({
      output_type: "stream",
      name: "stdout",
      text: ["fine\n", text],
    });
    assertEquals(notebookProblems(printed, folders).length, 1);
  }
});

Deno.test("notebookProblems allows relative paths, addresses and pictures", () => {
  const notebook = withOutputs({
    output_type: "display_data",
    data: {
      "image/png": "aGk/home/tmp/Zm9v",
      "text/plain": "https://example.org/home/x data/home/x ./tmp/x",
    },
  });
  assertEquals(notebookProblems(notebook, ["/srv/project/"]), []);
});

Deno.test("notebookProblems refuses errors and more than 1 MB", () => {
  const failed = withOutputs({
    output_type: "error",
    ename: "Error",
    evalue: "Why.",
    traceback: [],
  });
  assertEquals(notebookProblems(failed, []), [
    "holds an error in cell 2: run it again",
  ]);
  const large = withOutputs({
    output_type: "display_data",
    data: { "image/png": "a".repeat(1_000_000) },
  });
  assertStringIncludes(
    notebookProblems(large, [])[0] ?? "",
    "more than 1000000",
  );
});

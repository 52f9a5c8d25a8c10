import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { cleanNotebooks } from "@/tasks/clean_notebooks.ts";
import { UserError } from "@/errors/user_error.ts";
import { notebookOf, withFolder } from "./_notebook.ts";

Deno.test("cleanNotebooks changes files, or only tells with check", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.ipynb`;
    const text = JSON.stringify(notebookOf("1 + 1"));
    await Deno.writeTextFile(path, text);
    const [wrong, ...others] = await cleanNotebooks([path], true);
    assertStringIncludes(wrong ?? "", 'a.ipynb" is not clean: run');
    assertEquals(others, []);
    assertEquals(await Deno.readTextFile(path), text);
    const cleaned: string[] = [];
    const note = (name: string) => cleaned.push(name);
    assertEquals(await cleanNotebooks([path], false, note), []);
    assertEquals(await cleanNotebooks([path], false, note), []);
    assertEquals(cleaned.length, 1);
    assertEquals(await cleanNotebooks([path], true), []);
  }));

Deno.test("cleanNotebooks refuses what is absent and what is no notebook", () =>
  withFolder(async (folder) => {
    const cases: [string, string | undefined, string][] = [
      ["absent.ipynb", undefined, "There is no notebook"],
      ["text.ipynb", "hello", "it is not JSON"],
      [
        "old.ipynb",
        '{"nbformat":3,"worksheets":[]}',
        "is not a notebook of format 4",
      ],
    ];
    for (const [name, text, message] of cases) {
      const path = `${folder}/${name}`;
      if (text !== undefined) await Deno.writeTextFile(path, text);
      const error = await assertRejects(
        () => cleanNotebooks([path], true),
        UserError,
        message,
      );
      assertStringIncludes(error.message, name);
    }
  }));

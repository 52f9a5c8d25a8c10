import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { siteFaults } from "@/tasks/site/check_site.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { isFresh, listFiles } from "@/tasks/site/site_folder.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";
import { withFolder } from "../../_folder.ts";
import { notebookOf } from "../_notebook.ts";
import { tinyNotebook, writeRoot } from "./_site.ts";
import { needsPython } from "../../_notebooks.ts";

const workspace = workspaceAt();

Deno.test(
  "publishSite builds a site that needs nothing else",
  needsPython,
  async (t) => {
    await withFolder(async (root) => {
      await writeRoot(root, await tinyNotebook());
      const source = { workspace, root };
      const out = join(root, "site");
      const code = "https://example.org/code";
      await publishSite(source, out, undefined, { code });
      const page = await Deno.readTextFile(join(out, "1_tiny.html"));
      const front = await Deno.readTextFile(join(out, "index.html"));

      await t.step("without a fault", async () => {
        assertEquals(await siteFaults(out), []);
      });
      await t.step("a chart is a picture, a table and a specification", () => {
        assertStringIncludes(page, '<svg role="img" aria-label="Bars. dB:');
        assertStringIncludes(
          page,
          '<th scope="row" style="text-align:left;white-space:nowrap">a &lt; b</th>',
        );
        assertStringIncludes(page, '"field":"text"');
        assertEquals(page.match(/src="_static\/charts.js"/g)?.length, 1);
        assert(
          !/<script type="application\/json">[^<]*</.exec(page)![0].includes(
            "a <",
          ),
        );
      });
      await t.step("a photo is a file with alt text", async () => {
        assertStringIncludes(page, 'alt="A &quot;grey&quot; square"');
        const photo = await Deno.readFile(join(out, "photos", "1_tiny_3.png"));
        assertEquals(photo.subarray(1, 4), new TextEncoder().encode("PNG"));
      });
      await t.step("prose, tables and code are there", () => {
        assertStringIncludes(page, 'aria-label="Table: Sizes"');
        assert(/<a [^>]*href="1_tiny.html">the tiny one<\/a>/.test(page));
        assert(/<span class="k\w*">const<\/span>/.test(page));
      });
      await t.step("the front page repeats the README", () => {
        assertStringIncludes(front, "The <em>idea</em>, with a licence and");
        assertStringIncludes(front, 'alt="Two grey squares"');
        assertStringIncludes(front, "A title</a>: shows a chart");
        assertStringIncludes(front, '<meta name="description" content="The');
        assertStringIncludes(front, "how to cite it");
        assertStringIncludes(front, `href="${code}"`);
      });
      await t.step(
        "a glossary and a page for wrong addresses are there",
        () => {
          const names = listFiles(out).map(({ path }) => path);
          assert(names.includes("404.html") && names.includes("glossary.html"));
        },
      );
      await t.step("it is fresh until a notebook changes", async () => {
        assert(isFresh(source, out));
        await writeRoot(root, notebookOf());
        assertEquals(isFresh(source, out), false);
      });
      await t.step("a build that fails leaves the site as it was", async () => {
        const files = listFiles(out);
        await writeRoot(root, notebookOf("await show(table);"));
        await assertRejects(
          () => publishSite(source, out),
          UserError,
          'Code cell 1 ("await show(table);") of the notebook ' +
            '"notebooks/1_tiny.ipynb" was not run',
        );
        assertEquals(listFiles(out), files);
      });
    });
  },
);

Deno.test("publishSite keeps away from folders that are no site", async () => {
  await withFolder(async (root) => {
    await writeRoot(root, await tinyNotebook());
    await assertRejects(
      () => publishSite({ workspace, root }, root),
      UserError,
      "holds something other than a site",
    );
  });
});

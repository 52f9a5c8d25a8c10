import { otherPages } from "@/tasks/site/other_pages.ts";
import { finishPage } from "@/tasks/site/publish_site.ts";
import { readStorage } from "@/evaluation/results.ts";
import { storedPercent } from "@/evaluation/tables.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withFolder } from "../../_folder.ts";

Deno.test("the page for engineers compares the mean bytes that it shows", async () => {
  const storage = await readStorage(`${PROJECT_ROOT}/results/codec`);
  const pages = await otherPages(PROJECT_ROOT, [], storage);
  assertEquals([...pages.keys()], ["engineers", "format", "glossary"]);
  const page = pages.get("engineers")!;
  const { rows } = storage;
  const avif = rows.find(({ codec, way }) =>
    codec === "avif" && way === "two files"
  )!;
  const percent = storedPercent(rows[0]!, avif)!;
  const words = `${Math.abs(percent).toFixed(0)} % ${
    percent < 0 ? "less" : "more"
  }`;
  assert(page.includes(`Against two AVIF files, ours stores ${words}`), words);
  assertStringIncludes(
    page,
    `| ${Math.round(avif.storedBytes!).toLocaleString("en")} | ${words} |`,
  );
});

Deno.test("a checkout without measurements has a glossary only", async () => {
  await withFolder(async (folder) => {
    assertEquals([...(await otherPages(folder, [])).keys()], ["glossary"]);
  });
});

Deno.test("a page says of itself what its first sentences say", () => {
  const html = "<html><head><title>A & B</title></head><body><article>" +
    '<h1>A</h1><p>Of "things" and <em>more</em>\nof them.</p><p>No.</p>' +
    "</article></body></html>";
  const page = finishPage(html.replace(" & ", " &amp; "));
  assertStringIncludes(
    page,
    '<meta name="description" content="Of &quot;things&quot; and more of them.">',
  );
  assertStringIncludes(page, '<meta property="og:title" content="A &amp; B">');
  assert(!page.includes("og:image"));
  assertStringIncludes(
    finishPage(html, "https://a.org/b.jpg"),
    '<meta property="og:image" content="https://a.org/b.jpg">',
  );
});

import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { siteFaults } from "@/tasks/site/check_site.ts";
import { withFolder } from "../../_folder.ts";

/** The faults of a site of these files. */
async function faultsOf(files: Record<string, string>): Promise<string[]> {
  let faults: string[] = [];
  await withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    faults = await siteFaults(folder);
  });
  return faults;
}

Deno.test("siteFaults accepts links that lead somewhere", async () => {
  const page = '<h1 id="top">A</h1><a href="b.html?x=1#end">b</a>' +
    '<a href="#top">top</a><a href="https://deno.com/">Deno</a>' +
    '<img src="c.png" alt="c">';
  const files = { "a.html": page, "b.html": '<p id="end">', "c.png": "" };
  assertEquals(await faultsOf(files), []);
});

Deno.test("siteFaults names links that lead nowhere", async () => {
  const links = ["none.html", "b.html#none", "/b.html", "1_data.ipynb"];
  const page = links.map((link) => `<a href="${link}">x</a>`).join("");
  assertEquals(
    await faultsOf({ "a.html": page, "b.html": "" }),
    links.map((link) => `"a.html" links to "${link}", which does not exist.`),
  );
});

const foreign: Record<string, [name: string, text: string]> = {
  "a script": ["a.html", '<script src="https://cdn.example/x.js"></script>'],
  "a style": ["a.html", '<link rel="stylesheet" href="//cdn.example/x.js">'],
  "a font": ["a.css", "@font-face { src: url(https://cdn.example/x.js) }"],
  "an import of a style": ["a.css", '@import "https://cdn.example/x.js";'],
  "data": [
    "a.html",
    '<script type="application/json">{"url":"https://cdn.example/x.js"}</script>',
  ],
  "an import": ["a.js", 'import("https://cdn.example/x.js")'],
  "a request without scheme": ["a.js", 'fetch("//cdn.example/x.js")'],
};

for (const [what, [name, text]] of Object.entries(foreign)) {
  Deno.test(`siteFaults finds ${what} from elsewhere`, async () => {
    const [fault, ...more] = await faultsOf({ [name]: text });
    assertEquals(more, []);
    const address = /"[^"]*cdn.example\/x\.js"/;
    assertEquals(address.test(fault!.replace(/["'(]\/\//, '"//')), true, fault);
  });
}

Deno.test("siteFaults asks for alt text, pictures and tables", async () => {
  const chart = '<figure class="chart"><details></details></figure>';
  assertEquals(await faultsOf({ "a.html": `${chart}<img src="a.html">` }), [
    '"a.html" has a chart without a picture.',
    '"a.html" has a chart without a table of its numbers.',
    '"a.html" has a picture without alt text.',
  ]);
});

Deno.test("siteFaults counts a page with what it loads", async () => {
  const page = '<script src="a.js"></script><img src="b.png" alt="b">';
  const heavy = " ".repeat(3_000_000);
  const files = { "a.html": page, "a.js": heavy, "b.png": heavy };
  assertEquals(await faultsOf(files), [
    `"a.html" loads ${3_000_000 + page.length} bytes, more than 3000000.`,
  ]);
});

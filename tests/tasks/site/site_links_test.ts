import { assertEquals } from "@std/assert";
import { siteLinks } from "@/tasks/site/site_links.ts";

const pages = ["1_data.ipynb", "7_ablation_32x32.ipynb"];
const cases: Record<string, [markdown: string, expected: string]> = {
  "to a notebook beside": [
    "see [it](7_ablation_32x32.ipynb)",
    "see [it](7_ablation_32x32.html)",
  ],
  "to a part of a notebook": [
    "[a **b**](../notebooks/1_data.ipynb#the-pairs)",
    "[a **b**](1_data.html#the-pairs)",
  ],
  "to a notebook without a page": ["[it](8_codec.ipynb)", "it"],
  "to a file of the repository": ["[MIT](../LICENSE)!", "MIT!"],
  "to elsewhere": ["[D](https://deno.com)", "[D](https://deno.com)"],
  "within the page": ["[up](#top)", "[up](#top)"],
};

for (const [what, [markdown, expected]] of Object.entries(cases)) {
  Deno.test(`siteLinks: a link ${what}`, () => {
    assertEquals(siteLinks(markdown, pages), expected);
  });
}

Deno.test("siteLinks leaves pictures and brackets alone", () => {
  for (const markdown of ["![a](b.png)", "a[0](1)".slice(0, 4), "f(x)[1]"]) {
    assertEquals(siteLinks(markdown, pages), markdown);
  }
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { photosPage } from "@/tasks/site/photos_page.ts";
import { sources } from "./_site.ts";

Deno.test("photosPage names author, licence and origin of each photo", () => {
  const page = photosPage(sources);
  const [first, second] = page.match(/<tr><th scope="row".*<\/tr>/g) ?? [];
  for (const text of ["a", "Ann, &lt;Ed.&gt;", "CC-BY-4.0", "here"]) {
    assertStringIncludes(first!, `>${text}</t`);
  }
  for (const text of ["b", "Bo", "Public domain", "there"]) {
    assertStringIncludes(second!, `>${text}</t`);
  }
  assertEquals(page.match(/^- .*$/gm), [
    "- [CC-BY-4.0](https://spdx.org/licenses/CC-BY-4.0.html)",
  ]);
});

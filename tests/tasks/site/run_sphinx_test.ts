import { assertEquals } from "@std/assert";
import { firstFault } from "@/tasks/site/run_sphinx.ts";

Deno.test("firstFault finds the first complaint and drops the folder", () => {
  assertEquals(
    firstFault(
      "building\n/srv/x/source/a.ipynb:40002: WARNING: no title [toc]\n" +
        "/srv/x/source/b.ipynb:1: WARNING: more\n",
    ),
    "a.ipynb:40002: WARNING: no title [toc]",
  );
  assertEquals(firstFault("\n"), "no message");
});

import { assertEquals, assertThrows } from "@std/assert";
import { readmeParts } from "@/tasks/site/readme_parts.ts";
import { UserError } from "@/errors/user_error.ts";
import { readme } from "./_site.ts";

Deno.test("readmeParts takes a README apart", () => {
  const parts = readmeParts(readme);
  assertEquals(parts.title, "tiny: a small thing");
  assertEquals(parts.idea.startsWith("The *idea*, with"), true);
  assertEquals(parts.picture, {
    alt: "Two grey squares",
    path: "results/tiny/figures/squares.png",
  });
  assertEquals(parts.caption, "What the picture shows.");
  assertEquals(parts.firstPhoto, "Begin `here`.");
  assertEquals(parts.firstPicture.alt, "The same squares");
  assertEquals(parts.commands, "```sh\none\n```");
  assertEquals([...parts.sections], [["1_tiny.ipynb", "shows a chart"]]);
});

Deno.test("readmeParts reads the README of the project", () => {
  const url = new URL("../../../README.md", import.meta.url);
  const { sections, commands } = readmeParts(Deno.readTextFileSync(url));
  assertEquals(sections.has("1_data.ipynb"), true);
  assertEquals(sections.get("9_super_resolution.ipynb")?.includes("; "), true);
  assertEquals(commands.includes("task reproduce"), true);
});

Deno.test("readmeParts names the part that is missing", () => {
  const cases = [
    [readme.replace("# tiny", "tiny"), "a title"],
    [readme.replace("![", "["), "a picture"],
    [readme.replace("One photo", "Photo"), 'a section "One photo first"'],
    [readme.replace("![The same", "[The same"), "a picture in the section"],
    [readme.replace("Two commands", "Commands"), 'a section "Two commands"'],
  ] as const;
  for (const [text, part] of cases) {
    const message = `The front page needs ${part}`;
    assertThrows(() => readmeParts(text), UserError, message);
  }
});

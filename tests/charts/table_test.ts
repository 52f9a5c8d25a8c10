import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Table, tableHtml, tableMarkdown } from "@/charts/mod.ts";
import { assertExpected } from "../expected.ts";

const table: Table = {
  caption: "Quality & size",
  columns: [
    { title: "Model" },
    { title: "PSNR (dB)", digits: 2 },
    { title: "Note" },
  ],
  rows: [
    ["<medium>", 31.256, "a|b"],
    ["high", -0.5, null],
    ["lossless", Infinity, "*"],
  ],
};

Deno.test("tableHtml looks as expected", async () => {
  await assertExpected("charts/table.html", `${tableHtml(table)}\n`);
});

Deno.test("tableHtml escapes every value", () => {
  const html = tableHtml(table);
  assertStringIncludes(html, ">Quality &amp; size</caption>");
  assertEquals(html.includes("<medium>"), false);
});

Deno.test("tableMarkdown looks as expected", async () => {
  await assertExpected("charts/table.md.txt", tableMarkdown(table));
});

Deno.test("tables refuse rows of the wrong length", () => {
  const wrong = { ...table, rows: [["medium", 1]] };
  const message = 'The row ["medium",1] of "Quality & size" has 2 cells for 3';
  assertThrows(() => tableHtml(wrong), RangeError, message);
  assertThrows(() => tableMarkdown(wrong), RangeError, message);
});

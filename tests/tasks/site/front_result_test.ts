import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readRates, readStorage } from "@/evaluation/results.ts";
import { storedPercent } from "@/evaluation/tables.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  comparedWays,
  frontAnswer,
  moreOrLess,
  readMeasured,
  storedBars,
} from "@/tasks/site/front_result.ts";
import { withFolder } from "../../_folder.ts";

const folder = `${PROJECT_ROOT}/results/codec`;
const storage = await readStorage(folder);
const kodak = await readRates(folder, "kodak");

Deno.test("the front page compares what one file stores with two of others", () => {
  const [ours, two] = comparedWays(storage);
  assertEquals([ours!.row.codec, two!.name], ["ours", "two AVIF files"]);
  const difference = moreOrLess(storedPercent(ours!.row, two!.row));
  assertStringIncludes(
    frontAnswer(storage, kodak),
    `stores ${difference} than two AVIF files`,
  );
});

Deno.test("the front page says where AVIF wins, and only there", () => {
  const withRate = (avif: number) =>
    frontAnswer(storage, { ...kodak, bdRate: { avif } });
  assertStringIncludes(withRate(12), "our file takes 12 % more bits at equal");
  assert(!withRate(-12).includes("Kodak"));
});

Deno.test("the bars on the front page mark ours", async () => {
  const html = await storedBars(storage);
  const [blue, grey] = ["#0072b2", "#555555"].map((color) =>
    html.match(new RegExp(`<path[^>]*fill="${color}"`, "g"))?.length
  );
  assertEquals([blue, grey], [1, comparedWays(storage).length - 1]);
  assertStringIncludes(html, "One file of ours");
});

Deno.test("what was not measured is missing", async () => {
  await withFolder(async (folder) => {
    assertEquals(await readMeasured(folder), {});
  });
});

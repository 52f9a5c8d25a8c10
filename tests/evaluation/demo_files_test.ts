import { readCredits } from "@/evaluation/demo_files.ts";
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("starter photos are credited, by their files or their names", async () => {
  const credit = await readCredits(`${root}/data/starter/SOURCES.csv`);
  const life = "Photo: Aitzol Berasategi, CC-BY-4.0.";
  assertEquals([credit("life.webp"), credit("life")], [life, life]);
  assertEquals(credit("someone else's.jpg"), "");
});

Deno.test("every photo of the published demo is credited", async () => {
  const list = JSON.parse(
    await Deno.readTextFile(`${root}/results/codec/demo/photos.json`),
  ) as { photos: { credit: string }[] };
  for (const { credit } of list.photos) {
    assertEquals(/^Photo: .+, .+\.$/.test(credit), true, credit);
  }
});

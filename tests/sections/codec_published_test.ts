/** What is published of the codec belongs to the weights that are published. */
import { readWeights } from "@/codec/mod.ts";
import { checkTable } from "@/charts/table.ts";
import { openCodec, publishedFolder } from "@/notebook/mod.ts";
import {
  deltaRateTable,
  speedTable,
  storageTable,
} from "@/sections/codec_tables.ts";
import { chartSvg } from "@/charts/mod.ts";
import { assert, assertEquals, assertLess } from "@std/assert";

const folder = `${publishedFolder}/codec`;

Deno.test("all that was measured of the codec is of the published weights", async () => {
  const weights = await Deno.readFile(`${folder}/weights.safetensors`);
  const id = readWeights(weights).id.toHex();
  const { kodak, starter, storage, speed, views, ...rest } = await openCodec();
  const results = { kodak, starter, storage, speed, views };
  for (const [name, { model }] of Object.entries(results)) {
    assertEquals(model, id, name);
  }
  const demo = await Deno.readTextFile(`${folder}/demo/photos.json`);
  assertEquals(JSON.parse(demo).model, id);
  const start = await Deno.stat(`${folder}/start.safetensors`);
  assertLess(weights.length + start.size, 8_000_000);

  for (
    const table of [
      deltaRateTable({ Kodak: kodak, starter }),
      storageTable(storage),
      speedTable(speed),
    ]
  ) {
    checkTable(table);
    assert(table.rows.length > 3);
  }
  for (const figure of rest.figures) {
    const start = `${folder}/figures/${figure.name}`;
    if ("photos" in figure) {
      assert((await Deno.stat(`${start}.jpg`)).size > 10_000);
      continue;
    }
    const file = await Deno.readTextFile(`${start}.svg`);
    assertEquals(file, await chartSvg(figure.chart), figure.name);
  }
});

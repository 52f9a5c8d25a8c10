/** The figures in `results/` are those that its result files give. */
import { decodePixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { writeFigures } from "@/experiment/results.ts";
import type { SectionName } from "@/experiment/types.ts";
import { sections } from "@/sections/mod.ts";
import { readPublished } from "@/sections/published.ts";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { withFolder } from "../_folder.ts";

for (const { name } of sections) {
  const results = new URL(`../../results/${name}`, import.meta.url);
  const folder = fileURLToPath(results);
  Deno.test({
    name: `the published figures of ${name} come from its result`,
    // A section may be older than its first result.
    ignore: !existsSync(folder),
    fn: () => checkFigures(name, folder),
  });
}

/** Draws the figures again, and compares them with those that are there. */
async function checkFigures(name: SectionName, folder: string): Promise<void> {
  const { result, figures } = await readPublished(name, folder);
  assertEquals(result.section, name);
  await withFolder(async (again) => {
    const files = await writeFigures(again, figures);
    assertGreater(files.length, 0);
    for (const { path } of files) {
      const published = path.replace(again, folder);
      if (path.endsWith(".svg")) {
        const [drawn, there] = [path, published].map((file) =>
          Deno.readTextFileSync(file)
        );
        assertEquals(drawn, there, published);
        continue;
      }
      const [drawn, there] = await Promise.all(
        [path, published].map(async (file) =>
          await decodePixels(await Deno.readFile(file))
        ),
      );
      assert(psnr(drawn!.data, there!.data) > 40, published);
    }
  });
}

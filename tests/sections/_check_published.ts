/** What holds of every section's files once it is done. */
import { writeFigures } from "@/experiment/results.ts";
import type { SectionName, SectionResult } from "@/experiment/types.ts";
import { readPublished, type SectionResults } from "@/sections/published.ts";
import { assertEquals, assertGreater } from "@std/assert";
import type { Workplace } from "../experiment/_photos.ts";

/**
 * Checks that a section's result and figures come from its files alone: the
 * runs are removed.
 *
 * @param result What was written.
 * @param names The figures' files, in their order.
 * @returns The result as it was read.
 */
export async function checkPublished<Name extends SectionName>(
  name: Name,
  { out }: Workplace,
  result: SectionResult,
  names: readonly string[],
): Promise<SectionResults[Name]> {
  const folder = `${out}/${name}`;
  await Deno.remove(`${out}/runs`, { recursive: true });
  const published = await readPublished(name, folder);
  assertEquals<unknown>(published.result, JSON.parse(JSON.stringify(result)));
  const files = await writeFigures(folder, published.figures);
  assertEquals(files.map(({ path }) => path.split("/").at(-1)), [...names]);
  for (const { alt } of files) assertGreater(alt.length, 20);
  return published.result;
}

/**
 * The pages that are neither notebooks nor the demo: for engineers, the file
 * format, the glossary, and what a wrong address shows.
 *
 * @module
 */
import { join } from "node:path";
import { tableMarkdown } from "@/charts/mod.ts";
import { sentPercent, storedPercent } from "@/evaluation/tables.ts";
import type { CodecStorage, StorageRow } from "@/evaluation/types.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { drawDiagrams } from "./diagrams.ts";
import { comparedWays, moreOrLess } from "./front_result.ts";
import { siteLinks } from "./site_links.ts";

/** A page by its name, and its text in MyST Markdown. */
export type NamedPages = ReadonlyMap<string, string>;

const texts = new URL("pages/", import.meta.url);

/**
 * Writes the pages. What the checkout lacks, such as measurements of the codec,
 * has no page.
 *
 * @param root The checkout.
 * @param notebooks The names of the notebooks that have a page.
 * @param storage What the codec's ways of storing take, if it was measured.
 * @returns The pages, in the order of the navigation.
 */
export async function otherPages(
  root: string,
  notebooks: readonly string[],
  storage?: CodecStorage,
): Promise<NamedPages> {
  const pages = new Map<string, string>();
  if (storage !== undefined) pages.set("engineers", engineersPage(storage));
  const format = await readTextIfPresent(join(root, "lib/codec/FORMAT.md"));
  if (format !== undefined) {
    pages.set("format", drawDiagrams(siteLinks(format, notebooks)));
  }
  const glossary = await Deno.readTextFile(new URL("glossary.md", texts));
  return pages.set("glossary", glossary);
}

/**
 * Reads what a wrong address shows.
 *
 * @returns MyST Markdown.
 */
export async function missingPage(): Promise<string> {
  return await Deno.readTextFile(new URL("404.md", texts));
}

/** What an engineer of a content delivery network asks first. */
function engineersPage(storage: CodecStorage): string {
  const { rows, sharedPairs, dataset } = storage;
  const [ours] = rows;
  const find = (way: string) =>
    rows.find((row) => row.codec === "avif" && row.way === way);
  const table = tableMarkdown({
    caption: "",
    columns: [
      { title: "What is kept" },
      { title: "Stored", digits: 0 },
      { title: "Ours against it" },
      { title: "Medium request", digits: 0 },
      { title: "High request", digits: 0 },
      { title: "Server, medium (ms)", digits: 0 },
    ],
    rows: comparedWays(storage).map(({ name, row }) => [
      name,
      row.storedBytes,
      row === ours ? "" : moreOrLess(storedPercent(ours!, row)),
      row.mediumBytes,
      row.highBytes,
      row.serverCpuMs?.medium ?? null,
    ]),
  }).trim();
  return `# For engineers: try it on your photos

A content delivery network that keeps a photo at two sizes either stores two
files, or stores one and computes the other when it is asked for. The third way
is one file whose beginning is the smaller photo. A server needs no software for
it: the medium image is a range request for the first bytes.

## What it costs

Bytes and milliseconds, means over ${sharedPairs} pairs of a photo and a target
quality (${dataset.photos} photos of "${dataset.name}"), at equal PSNR at both sizes:

${table}

${answer(ours!, find("two files"), find("high only"))}

These are means over photos whose qualities are matched one by one. BD-rates, as
of [the codec](8_codec.html), compare files of the high image alone, on Kodak's
photos and over a range of qualities, so their percentages differ.

## Try it

\`\`\`sh
npx -y deno@2.9.6 task encode photos --out coded
npx -y deno@2.9.6 task decode coded --medium --out medium
npx -y deno@2.9.6 task decode coded --out high
npx -y deno@2.9.6 task inspect coded
\`\`\`

In a checkout of the code, with Node.js and nothing else. \`inspect\` prints how
many bytes belong to the medium image. With 5,000, a request for them looks like
this:

\`\`\`sh
curl --range 0-4999 https://example.org/photo.onecode
\`\`\`

A page decodes the file with the script that the [demo](demo.html) uses. What
the bytes mean is in the [file format](format.html); what the words mean is in
the [glossary](glossary.html).
`;
}

/** Answers in sentences what a medium request costs and what is saved. */
function answer(
  ours: StorageRow,
  two: StorageRow | undefined,
  one: StorageRow | undefined,
): string {
  if (!two?.mediumBytes || !one || !ours.mediumBytes) return "";
  const sent = sentPercent(ours, two);
  return `Against two AVIF files, ours stores ${
    moreOrLess(storedPercent(ours, two))
  }
and sends ${
    moreOrLess(sent)
  } for a medium request. Against one AVIF file that is
scaled down at the edge, it stores ${
    moreOrLess(storedPercent(ours, one))
  }, and saves
the ${
    Math.round(one.serverCpuMs?.medium ?? 0).toLocaleString("en-US")
  } ms of work that each medium image
costs there. AVIF alone is ahead where only one size is needed.`;
}

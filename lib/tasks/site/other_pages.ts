/**
 * The pages that are neither notebooks nor the demo: for engineers, the file
 * format, the glossary, and what a wrong address shows.
 *
 * @module
 */
import { join } from "node:path";
import { tableMarkdown } from "@/charts/mod.ts";
import { readStorage } from "@/evaluation/results.ts";
import { storedPercent } from "@/evaluation/tables.ts";
import type { CodecStorage, StorageRow } from "@/evaluation/types.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
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
 * @returns The pages, in the order of the navigation.
 */
export async function otherPages(
  root: string,
  notebooks: readonly string[],
): Promise<NamedPages> {
  const pages = new Map<string, string>();
  const storage = await storageIn(join(root, "results", "codec"));
  if (storage !== undefined) pages.set("engineers", engineersPage(storage));
  const format = await readTextIfPresent(join(root, "lib/codec/FORMAT.md"));
  if (format !== undefined) pages.set("format", siteLinks(format, notebooks));
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

async function storageIn(folder: string): Promise<CodecStorage | undefined> {
  const there = await readTextIfPresent(join(folder, "storage.json"));
  return there === undefined ? undefined : await readStorage(folder);
}

/** What an engineer of a content delivery network asks first. */
function engineersPage({ rows, sharedPairs, dataset }: CodecStorage): string {
  const [ours] = rows;
  const find = (codec: string, way: string) =>
    rows.find((row) => row.codec === codec && row.way === way);
  const shown: [name: string, row: StorageRow | undefined][] = [
    ["one file of ours, the medium image by a range request", ours],
    ["two AVIF files", find("avif", "two files")],
    ["one AVIF file, scaled down at the edge", find("avif", "high only")],
    ["two WebP files", find("webp", "two files")],
  ];
  const known = shown.flatMap(([name, row]) => row ? [{ name, row }] : []);
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
    rows: known.map(({ name, row }) => [
      name,
      row.storedBytes,
      row === ours ? "" : signed(storedPercent(ours!, row)),
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
quality (${dataset.photos} photos of the starter set, at most 768 pixels wide and
high), at equal PSNR at both sizes:

${table}

${answer(ours!, find("avif", "two files"), find("avif", "high only"))}

These are means over photos whose qualities are matched one by one. The front
page compares files of the high image alone, on Kodak's photos and over a range
of qualities (the BD-rate); so its percentages are others.

## Try it

\`\`\`sh
npx -y deno@2.9.6 task encode photos --out coded
npx -y deno@2.9.6 task decode coded --medium --out medium
npx -y deno@2.9.6 task decode coded --out high
npx -y deno@2.9.6 task inspect coded
\`\`\`

In a checkout of the code, with Node.js and nothing else. \`inspect\` prints how
many bytes belong to the medium image. A request for them looks like this:

\`\`\`sh
curl --range 0-4501 https://example.org/photo.onecode
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
  const sent = 100 * (ours.mediumBytes / two.mediumBytes - 1);
  return `Against two AVIF files, ours stores ${
    signed(storedPercent(ours, two))
  }
and sends ${signed(sent)} for a medium request. Against one AVIF file that is
scaled down at the edge, it stores ${
    signed(storedPercent(ours, one))
  }, and saves
the ${
    Math.round(one.serverCpuMs?.medium ?? 0)
  } ms of work that each medium image
costs there. AVIF alone is ahead where only one size is needed.`;
}

/** "12 % more" or "4 % less". */
function signed(percent: number | null): string {
  if (percent === null) return "–";
  const side = percent < 0 ? "less" : "more";
  return `${Math.abs(percent).toFixed(0)} % ${side}`;
}

/**
 * The part of `deno task measure` that is to be looked at: photos side by side,
 * and the files of the site's demo.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import { join } from "node:path";
import type { LoadedModel } from "@/codec/mod.ts";
import { others, ours } from "./contestants.ts";
import { writeDemo } from "./demo_files.ts";
import type { CodecMeasurement } from "./rates.ts";
import type { CodecViews } from "./results.ts";
import { viewPhotos } from "./views.ts";

/** Codecs that photos are shown of, beside ours. */
const SHOWN = ["jpeg", "webp", "avif"];

/** Qualities of ours in the demo. */
const DEMO_QUALITIES = [20, 40, 60];

/**
 * Writes photos by all codecs, and the demo's files.
 *
 * @param folder Such as `results/codec`.
 * @param measurement The photos; not Kodak's, which may not be passed on.
 * @param loaded Our model.
 * @param root The checkout: its list of sources names the authors.
 */
export async function showPhotos(
  folder: string,
  measurement: CodecMeasurement,
  loaded: LoadedModel,
  root: string,
): Promise<CodecViews> {
  const shown = others.filter(({ id }) => SHOWN.includes(id));
  const own = ours(loaded);
  const views = await viewPhotos(folder, measurement, own, shown, {
    count: 4,
    quality: 30,
    side: 256,
  });
  await writeDemo(join(folder, "demo"), measurement, own, shown, {
    count: 3,
    qualities: DEMO_QUALITIES,
    credit: await creditsOf(root),
  });
  return views;
}

/**
 * Who made a starter photo, and its licence; of other photos nothing.
 *
 * @param root The checkout.
 * @returns A sentence for the name of a photo, with its file's ending or not.
 */
export async function creditsOf(
  root: string,
): Promise<(file: string) => string> {
  const path = join(root, "data", "starter", "SOURCES.csv");
  const sources = parse(await Deno.readTextFile(path), {
    columns: true,
  }) as { file: string; author: string; licence: string }[];
  const stem = (file: string) => file.replace(/\.\w+$/, "");
  return (file) => {
    const found = sources.find((source) => stem(source.file) === stem(file));
    return found === undefined
      ? ""
      : `Photo: ${found.author}, ${found.licence}.`;
  };
}

/**
 * The photos that ship with the project; see `data/starter/README.md`.
 *
 * @module
 */
import { parse } from "csv-parse/sync";

import { dataPath } from "@/files/data_path.ts";
import { systemReason } from "@/files/system_error.ts";
import { DatasetError } from "./dataset_error.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  splits,
} from "./photo_set.ts";

/**
 * Opens the starter photos: 91 train, 12 valid, 12 test.
 *
 * The list comes with checksums, which are verified when a photo is decoded.
 *
 * @param folder The folder of `SOURCES.csv` and the photos.
 * @returns The set.
 * @throws {DatasetError} If the list or a listed photo is missing or the list
 * is damaged.
 * @example
 * ```ts
 * import { openStarter } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await openStarter()).photos.length, 115);
 * ```
 */
export async function openStarter(
  folder: string = dataPath("starter"),
): Promise<PhotoSet> {
  const path = `${folder}/SOURCES.csv`;
  const photos = (await readRows(path)).map((row) => {
    const { file = "", split: word, sha256 = "" } = row;
    const split = splits.find((known) => known === word);
    const wrong = split === undefined
      ? `the split "${word}"`
      : !/^[^/\\]+$/.test(file)
      ? `the file "${file}"`
      : !/^[0-9a-f]{64}$/.test(sha256)
      ? `the checksum "${sha256}"`
      : undefined;
    if (split === undefined || wrong !== undefined) {
      throw new DatasetError(`"${path}" is damaged: it holds ${wrong}.`);
    }
    const name = file.replace(/\.[^.]+$/, "");
    return { name, path: `${folder}/${file}`, split, sha256 };
  });
  await Promise.all(photos.map(requireFile));
  return makePhotoSet("starter", photos);
}

async function readRows(path: string): Promise<Record<string, string>[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new DatasetError(
      `Photo list "${path}" could not be read: ${systemReason(error)}.`,
    );
  }
  try {
    return parse(text, { columns: true, skip_empty_lines: true });
  } catch (error) {
    throw new DatasetError(
      `"${path}" is damaged: ${systemReason(error)}.`,
    );
  }
}

async function requireFile({ path }: Photo): Promise<void> {
  try {
    await Deno.stat(path);
  } catch {
    throw new DatasetError(
      `Photo "${path}" is listed in SOURCES.csv but missing.`,
    );
  }
}

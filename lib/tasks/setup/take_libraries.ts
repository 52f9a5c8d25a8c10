/**
 * Takes TensorFlow's shared libraries out of its wheel, which is a zip file.
 * They are all that the engine needs of it.
 *
 * @module
 */
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createWriteStream } from "node:fs";

// @ts-types="@types/yauzl"
import { openPromise } from "yauzl";

const LIBRARY = /^tensorflow\/lib[^/]+\.(so|dylib)[^/]*$/;

/**
 * Unpacks the libraries at the top of the package `tensorflow`.
 *
 * @param wheel The path of the wheel.
 * @param folder An existing folder, which receives them.
 * @param signal Stops the work.
 * @returns Their names; none if the file is another package.
 * @throws {Error} If the file is no zip archive, or damaged.
 */
export async function takeLibraries(
  wheel: string,
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const zip = await openPromise(wheel);
  const names: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (!LIBRARY.test(entry.fileName)) continue;
      const name = basename(entry.fileName);
      const stream = await zip.openReadStreamPromise(entry);
      await pipeline(stream, createWriteStream(join(folder, name)), { signal });
      names.push(name);
    }
  } finally {
    zip.close();
  }
  return names;
}

/**
 * Takes TensorFlow's shared libraries out of its wheel, which is a zip file.
 * They are all that the engine needs of it.
 *
 *     deno run -A lib/tasks/setup/take_libraries.ts WHEEL FOLDER
 *
 * Set-up runs it as a program, because it begins before there are npm packages.
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
 * @returns Their names; none if the file is another package.
 * @throws {Error} If the file is no zip archive, or damaged.
 */
export async function takeLibraries(
  wheel: string,
  folder: string,
): Promise<string[]> {
  const zip = await openPromise(wheel);
  const names: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (!LIBRARY.test(entry.fileName)) continue;
      const name = basename(entry.fileName);
      const stream = await zip.openReadStreamPromise(entry);
      await pipeline(stream, createWriteStream(join(folder, name)));
      names.push(name);
    }
  } finally {
    zip.close();
  }
  return names;
}

if (import.meta.main) {
  const [wheel = "", folder = ""] = Deno.args;
  const names = await takeLibraries(wheel, folder);
  if (names.length === 0) {
    console.error(`error: "${wheel}" holds no library of TensorFlow.`);
    Deno.exit(1);
  }
}

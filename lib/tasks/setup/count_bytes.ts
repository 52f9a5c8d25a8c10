/**
 * Counts what a program has written so far, as pip says nothing until a file of
 * some hundred megabytes is there.
 *
 * @module
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Adds up the files in a folder. Files that come and go meanwhile may be missed.
 *
 * @param folder The folder; one that is missing is empty.
 * @returns Bytes.
 */
export function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
      .reduce((sum, found) => sum + (found?.isFile() ? found.size : 0), 0);
  } catch {
    return 0;
  }
}

/**
 * Writes a number of bytes for people.
 *
 * @param bytes The number.
 * @param total Of how many, if that is known.
 * @returns Such as `"12 MB"` or `"12 of 274 MB"`.
 */
export function inMegabytes(bytes: number, total?: number): string {
  const text = (bytes / 1e6).toFixed(0);
  return total === undefined
    ? `${text} MB`
    : `${text} of ${(total / 1e6).toFixed(0)} MB`;
}

/**
 * Calls a function each second until it is disposed of.
 *
 * @param tick The function.
 * @returns What ends it.
 */
export function eachSecond(tick: () => void): Disposable {
  const timer = setInterval(tick, 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/**
 * `result.json` of a section, written whole or not at all.
 *
 * @module
 */

import { atomicWrite } from "@/training/atomic_write.ts";
import type { SectionResult } from "./section.ts";

/** Name of the file in a section's folder. */
export const RESULT_FILE = "result.json";

/** Thrown when a result is missing or is none. */
export class ResultError extends Error {
  override name = "ResultError";
}

/**
 * Writes a result into its folder.
 *
 * @param folder Such as `results/medium_training`.
 * @throws {Error} When the disk is full; an older result is then unharmed.
 */
export async function writeResult(
  folder: string,
  result: SectionResult,
): Promise<void> {
  await atomicWrite(`${folder}/${RESULT_FILE}`, `${toJson(result)}\n`);
}

/** Indented, but with a history's record and a list of numbers on one line. */
function toJson({ history, ...rest }: SectionResult): string {
  const flat = (text: string) =>
    text.replace(/\[[\s\d.,eE+-]*\]/g, (list) => list.replace(/\s+/g, " "));
  const text = flat(JSON.stringify({ ...rest, history: [] }, null, 2));
  const records = history.map((record) => `    ${JSON.stringify(record)}`);
  if (records.length === 0) return text;
  return text.replace(
    /"history": \[\s*\]/,
    () => `"history": [\n${records.join(",\n")}\n  ]`,
  );
}

/**
 * Reads a section's result.
 *
 * @param folder Such as `results/medium_training`.
 * @throws {ResultError} When there is none, with the command that makes it.
 */
export async function readResult(folder: string): Promise<SectionResult> {
  const path = `${folder}/${RESULT_FILE}`;
  const section = folder.split("/").at(-1);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ResultError(
      `There is no "${path}": run \`deno task reproduce ${section}\`.`,
    );
  }
  try {
    return JSON.parse(text) as SectionResult;
  } catch {
    throw new ResultError(
      `"${path}" is not JSON: run \`deno task reproduce ${section}\` again.`,
    );
  }
}

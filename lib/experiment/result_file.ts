/**
 * `result.json` of a section, written whole or not at all.
 *
 * @module
 */

import { atomicWrite } from "@/files/atomic_write.ts";
import type { SectionResult } from "./section.ts";

/** Name of the file in a section's folder. */
export const RESULT_FILE = "result.json";

/** Thrown when a result is missing or is none. */
export class ResultError extends Error {
  /** The class, for stack traces. */
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

/**
 * Indented, but with a history's record and a list of numbers on one line.
 *
 * @param value Anything that JSON can hold.
 * @param indent What its lines start with.
 */
function toJson(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null || isFlat(value)) {
    return JSON.stringify(value) ?? "null";
  }
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => toJson(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined).map(
      ([name, item]) => `${JSON.stringify(name)}: ${toJson(item, inner)}`,
    );
  const [open, close] = isList ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  const body = items.map((item) => `${inner}${item}`).join(",\n");
  return `${open}\n${body}\n${indent}${close}`;
}

function isFlat(value: object): boolean {
  return Array.isArray(value)
    ? value.every((item) => typeof item === "number")
    : "run" in value && "kind" in value;
}

/**
 * Reads a section's result.
 *
 * @param folder Such as `results/medium_training`.
 * @throws {ResultError} When there is none or it is broken, with the command
 * that makes it.
 */
export async function readResult(folder: string): Promise<SectionResult> {
  const path = `${folder}/${RESULT_FILE}`;
  const section = folder.split("/").filter(Boolean).at(-1);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ResultError(
      `There is no "${path}": run \`deno task reproduce ${section}\`.`,
    );
  }
  const result = parse(text);
  if (result?.section === section && result?.metrics !== undefined) {
    return result as SectionResult;
  }
  throw new ResultError(
    `"${path}" is no result of ${section}: run ` +
      `\`deno task reproduce ${section}\` again.`,
  );
}

function parse(text: string): Partial<SectionResult> | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

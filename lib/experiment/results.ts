/**
 * A section's `result.json`, written in full or not at all, and the figures next
 * to it that are drawn from it.
 *
 * @module
 */

import { chartSvg } from "@/charts/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { drawFigures } from "./figures.ts";
import type { Figures, SectionResult } from "./types.ts";

/** Name of the file in a section's folder. */
export const RESULT_FILE = "result.json";

/** Thrown when a result is missing or invalid. */
export class ResultError extends Error {
  /** The class, for stack traces. */
  override name = "ResultError";
}

/**
 * Writes a result into its folder.
 *
 * @param folder Such as `results/medium_training`.
 * @param result What the section found.
 * @throws {UserError} When the disk is full; an older result is then unchanged.
 */
export async function writeResult(
  folder: string,
  result: SectionResult,
): Promise<void> {
  await atomicWrite(`${folder}/${RESULT_FILE}`, `${toJson(result)}\n`);
}

/** Indented, but with a history's record or a list of numbers on one line. */
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
 * @returns What the section found.
 * @throws {ResultError} If it is missing or invalid; the message says
 * which command makes it.
 */
export async function readResult(folder: string): Promise<SectionResult> {
  const path = `${folder}/${RESULT_FILE}`;
  const section = folder.split("/").filter(Boolean).at(-1);
  const text = await readTextIfPresent(path);
  if (text === undefined) {
    throw new ResultError(
      `There is no "${path}": run \`deno task reproduce ${section}\`.`,
    );
  }
  const result = parse(text);
  if (result?.section === section && result?.metrics !== undefined) {
    return result as SectionResult;
  }
  throw new ResultError(
    `"${path}" is not a result of ${section}: run ` +
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

/** A figure that was written. */
export interface FigureFile {
  /** Its path. */
  readonly path: string;
  /** What it shows, in words. */
  readonly alt: string;
}

/**
 * Writes figures into `<folder>/figures/`: charts as SVG, photos as JPEG or
 * PNG.
 *
 * @param folder Such as `results/medium_training`.
 * @param figures The figures by name; each is drawn and written in turn.
 * @returns The files in the order of the figures.
 * @throws {UserError} When the disk is full.
 */
export async function writeFigures(
  folder: string,
  figures: Figures,
): Promise<FigureFile[]> {
  const files: FigureFile[] = [];
  for await (const figure of drawFigures(figures)) {
    const start = `${folder}/figures/${figure.name}`;
    if ("chart" in figure) {
      const path = `${start}.svg`;
      await atomicWrite(path, await chartSvg(figure.chart));
      files.push({ path, alt: figure.chart.description });
    } else {
      const png = figure.photos[0] === 0x89;
      const path = `${start}.${png ? "png" : "jpg"}`;
      await atomicWrite(path, figure.photos);
      files.push({ path, alt: figure.alt });
    }
  }
  return files;
}

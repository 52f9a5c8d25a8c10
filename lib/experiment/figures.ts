/**
 * Figures that are drawn from a result, one at a time.
 *
 * @module
 */

import { photoGrid } from "@/charts/mod.ts";
import { capitalized } from "./number_words.ts";
import { readStrip } from "./photo_strip.ts";
import type { Drawing, Figure, Figures } from "./types.ts";

/** What {@linkcode drawStrips} shows. */
export interface StripGrid {
  /** The photos in words. */
  readonly alt: string;
  /** Above the photos. */
  readonly title?: string;
  /** Headings over the columns. */
  readonly columns?: readonly string[];
  /** A row's label, and the strips in the folder that its photos are in. */
  readonly rows: readonly (readonly [label: string, ...files: string[]])[];
  /** Pixels of the figure per pixel of a photo; 1 by default. */
  readonly scale?: number;
  /** Shows every nth photo and heading only; all by default. */
  readonly every?: number;
  /** The file's format; JPEG by default. */
  readonly format?: "png" | "jpeg";
}

/**
 * Draws rows of photos that a section has kept beside its result.
 *
 * @param folder The section's folder, such as `results/vae`.
 * @param grid Which photos, and how they are shown.
 * @returns The figure, for {@linkcode Figures}.
 * @throws {ImageError} When a strip is missing or broken.
 */
export async function drawStrips(
  folder: string,
  { alt, columns, rows, every = 1, format = "jpeg", ...options }: StripGrid,
): Promise<Drawing> {
  const shown = <Item>(items: readonly Item[]) =>
    items.filter((_, i) => i % every === 0);
  const photos = await photoGrid({
    ...options,
    format,
    ...columns === undefined ? {} : { columns: shown(columns) },
    rows: await Promise.all(rows.map(async ([label, ...files]) => {
      const strips = files.map((file) => readStrip(`${folder}/${file}`));
      const photos = shown((await Promise.all(strips)).flat());
      return { label: capitalized(label), photos };
    })),
  });
  return { alt, photos };
}

/**
 * Draws one figure.
 *
 * @param figures From a section.
 * @param name Its name.
 * @returns The figure.
 * @throws {RangeError} If there is no figure of that name.
 */
export async function drawFigure(
  figures: Figures,
  name: string,
): Promise<Figure> {
  const draw = Object.hasOwn(figures, name) ? figures[name] : undefined;
  if (draw !== undefined) return { name, ...await draw() };
  const names = Object.keys(figures).join(", ");
  throw new RangeError(
    `There is no figure "${name}"; the figures are ${names || "none"}.`,
  );
}

/**
 * Draws all figures, one after the other.
 *
 * @param figures From a section.
 * @returns Each figure with its name, in order.
 */
export async function* drawFigures(figures: Figures): AsyncGenerator<Figure> {
  for (const name of Object.keys(figures)) {
    yield await drawFigure(figures, name);
  }
}

/**
 * A section's figure below the running cell.
 *
 * @module
 */
import type { Figure } from "@/experiment/types.ts";
import { type Display, jupyterDisplay } from "./display.ts";
import { show, showPhotos } from "./show.ts";

/**
 * Show one of a section's figures.
 *
 * @param figures All of them.
 * @param name Which one.
 * @param display Where to show it.
 * @throws {RangeError} When there is none of that name.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { showFigure } from "./mod.ts";
 *
 * await assertRejects(() => showFigure([], "loss"), RangeError, '"loss"');
 * ```
 */
export async function showFigure(
  figures: readonly Figure[],
  name: string,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  const figure = figures.find((figure) => figure.name === name);
  if (figure === undefined) {
    const names = figures.map((figure) => figure.name).join(", ");
    throw new RangeError(
      `There is no figure "${name}"; the figures are ${names || "none"}.`,
    );
  }
  if ("chart" in figure) await show(figure.chart, display);
  else await showPhotos(figure.photos, figure.alt, display);
}

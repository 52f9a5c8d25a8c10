/**
 * Text widths that depend on the project's font alone. Vega otherwise measures
 * with whatever canvas and fonts the machine has, and the layout of a chart
 * would move with them.
 *
 * @module
 */
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { fontFamily, loadFonts } from "./fonts.ts";

/** Large enough that hinting does not show, in pixels. */
const measuredSize = 200;
let context: SKRSContext2D | undefined;

/**
 * Width of one line of text in DejaVu Sans.
 *
 * @param text One line.
 * @param fontSize In pixels.
 * @param bold Whether to measure the bold face.
 * @returns Width in pixels, to a hundredth.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { textWidth } from "./mod.ts";
 *
 * assert(textWidth("wide", 12) > textWidth("ill", 12));
 * ```
 */
export function textWidth(
  text: string,
  fontSize: number,
  bold = false,
): number {
  if (context === undefined) {
    loadFonts();
    context = createCanvas(1, 1).getContext("2d");
  }
  const weight = bold ? "bold" : "normal";
  context.font = `${weight} ${measuredSize}px "${fontFamily}"`;
  const width = context.measureText(text).width * fontSize / measuredSize;
  return Math.round(width * 100) / 100;
}

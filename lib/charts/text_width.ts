/**
 * The font of the figures and the width of text in it. DejaVu Sans comes from
 * npm with the project, so that the layout of a figure does not depend on the
 * fonts of the machine that draws it.
 *
 * @module
 */
import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import { fileURLToPath } from "node:url";

/** Family name under which {@link loadFonts} registers the project's font. */
export const fontFamily = "figure sans";

const files = [
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
];

/**
 * Registers the regular and the bold face with the canvas, once.
 *
 * @throws {Error} If a font file is missing or cannot be read.
 */
export function loadFonts(): void {
  if (GlobalFonts.has(fontFamily)) return;
  for (const file of files) {
    const path = fileURLToPath(import.meta.resolve(file));
    if (GlobalFonts.registerFromPath(path, fontFamily) === null) {
      throw new Error(`The font "${path}" cannot be loaded.`);
    }
  }
}

/** Large enough that hinting does not show, in pixels. */
const measuredSize = 200;
let context: SKRSContext2D | undefined;

/**
 * Measures one line of text in DejaVu Sans.
 *
 * @param text One line.
 * @param fontSize In pixels.
 * @param bold Whether to measure the bold face.
 * @returns Width in pixels, to a hundredth.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { textWidth } from "@/charts/text_width.ts";
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

/**
 * The font of the figures. DejaVu Sans comes from npm with the project and is
 * registered under names of its own, so that a machine's fonts play no part.
 *
 * @module
 */
import { GlobalFonts } from "@napi-rs/canvas";
import { fileURLToPath } from "node:url";

/** Family name under which {@link loadFonts} registers the project's font. */
export const fontFamily = "figure sans";

const files = [
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
];

/**
 * Register the regular and the bold face with the canvas, once.
 *
 * @throws {Error} When a font file is missing or cannot be read.
 */
export function loadFonts(): void {
  if (GlobalFonts.has(fontFamily)) return;
  for (const file of files) {
    const path = fileURLToPath(import.meta.resolve(file));
    if (GlobalFonts.registerFromPath(path, fontFamily) === null) {
      throw new Error(`Cannot load the font ${JSON.stringify(path)}`);
    }
  }
}

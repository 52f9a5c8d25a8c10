/**
 * Which image of a file a layout needs.
 *
 * @module
 */
import { type Prefixes, type Stage, STAGES } from "./fetch_stage.ts";

/** A size in pixels. */
export interface PixelSize {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/**
 * Chooses the smallest image that is not scaled up, but at least the medium one,
 * as browsers do for `srcset`.
 *
 * @param box What the layout gives the image, in CSS pixels.
 * @param ratio Pixels of the screen per CSS pixel.
 * @param photo Size of the high image.
 * @returns `"medium"` or `"high"`.
 * @example
 * ```ts
 * import { neededStage } from "./needed_stage.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const photo = { width: 768, height: 512 };
 * assertEquals(neededStage({ width: 384, height: 256 }, 1, photo), "medium");
 * assertEquals(neededStage({ width: 384, height: 256 }, 2, photo), "high");
 * ```
 */
export function neededStage(
  box: PixelSize,
  ratio: number,
  photo: PixelSize,
): "medium" | "high" {
  // Layouts round to fractions of a pixel.
  const fits = (["width", "height"] as const).every((side) =>
    box[side] * ratio <= Math.ceil(photo[side] / 2) + 0.5
  );
  return fits ? "medium" : "high";
}

/**
 * Tells whether an image is larger than another.
 *
 * @param stage The image.
 * @param other The other one; `undefined` for none.
 * @returns Whether it is; false for none.
 */
export function isLarger(
  stage: Stage | undefined,
  other: Stage | undefined,
): boolean {
  const rank = (one: Stage | undefined) =>
    one === undefined ? -1 : STAGES.indexOf(one);
  return rank(stage) > rank(other);
}

/**
 * Reads where the images of a file end, as `encode --html` prints it.
 *
 * @param text Two rising numbers of bytes; null if there are none.
 * @returns The numbers; `undefined` if they are missing or no such numbers.
 */
export function readPrefixes(text: string | null): Prefixes | undefined {
  const found = /^\s*(\d{1,9})\s+(\d{1,9})\s*$/.exec(text ?? "");
  const [thumbnail, medium] = [Number(found?.[1]), Number(found?.[2])];
  return thumbnail > 0 && medium > thumbnail ? [thumbnail, medium] : undefined;
}

/**
 * One place below a cell whose content changes.
 *
 * @module
 */
import type { Bundle, Display } from "./display.ts";

/** Puts a bundle in the place, with the alt text of its picture. */
export type OutputSlot = (bundle: Bundle, alt?: string) => Promise<void>;

/**
 * Make a place that appears with its first bundle and keeps the latest.
 *
 * @param display Where; without it nothing is shown.
 * @returns A function that fills the place.
 */
export function outputSlot(display: Display | undefined): OutputSlot {
  const id = crypto.randomUUID();
  let update = false;
  return async (bundle, alt) => {
    const options = { id, update, ...(alt === undefined ? {} : { alt }) };
    update = true;
    await display?.(bundle, options);
  };
}

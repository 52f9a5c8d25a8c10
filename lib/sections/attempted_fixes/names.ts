/**
 * The write-up's fixes by name; this file needs no TensorFlow.
 *
 * @module
 */

/** No fix, and the write-up's five, the first of which is two. */
export type FixName =
  | "none"
  | "standardised"
  | "normalised"
  | "capacity"
  | "dense"
  | "alternate"
  | "from start";

const titles: { readonly [Name in FixName]: string } = {
  none: "no fix",
  standardised: "1 standardised",
  normalised: "1 normalised",
  capacity: "2 more capacity",
  dense: "3 fully connected",
  alternate: "4 alternate training",
  "from start": "5 high codes from the start",
};

/** A fix in words, for tables, charts and folders. */
export function fixTitle(fix: FixName): string {
  return titles[fix];
}

/** File in the section's folder with a fix's medium images from high codes. */
export function fixStrip(fix: FixName): string {
  return `fix_${fix.replaceAll(" ", "_")}.webp`;
}

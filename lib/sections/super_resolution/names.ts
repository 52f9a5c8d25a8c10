/**
 * The ways from what is stored to the high image by name; this file needs no
 * TensorFlow.
 *
 * @module
 */

/**
 * Interpolations of the medium image, the high network's decoder, and ours:
 * from the medium image, from the high network's code, from both.
 */
export type EnlargingName =
  | "bicubic"
  | "Lanczos"
  | "libvips"
  | "high network"
  | "from medium"
  | "from medium, sharper"
  | "from code"
  | "from both";

/** The ways in the order of tables. */
export const ENLARGING_WAYS: readonly EnlargingName[] = [
  "libvips",
  "bicubic",
  "Lanczos",
  "from medium",
  "from medium, sharper",
  "high network",
  "from code",
  "from both",
];

const titles: { readonly [Name in EnlargingName]: string } = {
  bicubic: "bicubic interpolation",
  Lanczos: "Lanczos interpolation",
  libvips: "libvips, its Lanczos",
  "high network": "high network's decoder",
  "from medium": "ours, from medium",
  "from medium, sharper": "ours, from medium, sharper",
  "from code": "ours, from the code",
  "from both": "ours, from both",
};

/** A way in words, for tables, charts and figures. */
export function enlargingTitle(way: EnlargingName): string {
  return titles[way];
}

/** What a way has at hand. */
export function wayNeeds(way: EnlargingName): "medium image" | "code" | "both" {
  if (way === "from both") return "both";
  const code = way === "high network" || way === "from code";
  return code ? "code" : "medium image";
}

/**
 * The photos that are shown whole, out of all that are shown in part.
 *
 * @param shown Photos or their names.
 */
export function wholeOnes<Item>(shown: readonly Item[]): Item[] {
  return shown.filter((_, i) => i % 2 === 0);
}

/**
 * Files in the section's folder with a way's high images.
 *
 * @param way The way, or the original.
 * @param part Whole photos, or squares of them.
 */
export function wayStrip(
  way: EnlargingName | "original",
  part: "photos" | "details",
): string {
  const slug = way.toLowerCase().replace(/[^a-z]+/g, "_");
  return `${slug}_${part}.webp`;
}

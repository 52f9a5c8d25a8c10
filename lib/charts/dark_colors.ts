/**
 * The colours of charts on a dark page. Charts have the colours of a light
 * page as attributes, and style rules override them on a dark page.
 *
 * @module
 */
import { ink, palette } from "./palette.ts";

/** For each colour of {@link palette}, one of its hue for dark pages. */
const darkSeries = [
  "#4aa3df", // blue
  "#f0803c", // vermilion
  "#2dbf93", // bluish green
  "#dd9cc0", // reddish purple
  "#e0c14a", // yellow
  "#8fd0f5", // sky blue
  "#b4b4b4", // grey
  "#a98fe0", // violet
  "#d08770", // brown
];

/** Colours of everything that is not data, for dark pages. */
export const darkInk: Readonly<Record<keyof typeof ink, string>> = Object
  .freeze({
    paper: "#131416",
    text: "#e6e9ed",
    faint: "#9aa4af",
    line: "#363b42",
  });

/**
 * Lists the colours of charts and what replaces each on a dark page.
 *
 * @returns Pairs of CSS hex colours, light and dark.
 */
export function darkColors(): [light: string, dark: string][] {
  const keys = Object.keys(ink) as (keyof typeof ink)[];
  return [
    ...keys.map((key): [string, string] => [ink[key], darkInk[key]]),
    ...palette.map((light, index): [string, string] => [
      light,
      darkSeries[index] ?? light,
    ]),
  ];
}

/**
 * Writes style rules that give charts their dark colours.
 *
 * @param selector Of an element that holds the charts, such as
 * `"body.dark .chart"`.
 * @returns CSS.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { darkRules } from "./mod.ts";
 *
 * const css = darkRules(".dark");
 * assert(css.includes('.dark [fill="#0072b2"] { fill: #4aa3df; }'));
 * ```
 */
export function darkRules(selector: string): string {
  return darkColors().flatMap(([light, dark]) =>
    ["fill", "stroke"].map((property) =>
      `${selector} [${property}="${light}"] { ${property}: ${dark}; }`
    )
  ).join("\n");
}
